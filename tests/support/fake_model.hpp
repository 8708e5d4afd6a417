// A model without weights: what comes next is a function of what it has read. Counts what it is
// fed.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runtime/model/model.hpp"

namespace greenroom::tests {

class FakeModel : public runtime::Model {
 public:
    using Ids = std::vector<std::int32_t>;
    // The likeliest token after `read`.
    using Next = std::function<std::int32_t(std::span<const std::int32_t> read)>;

    struct Shape {
        int vocabulary = 258;
        int context = 64;
        int batch = 8;
    };
    FakeModel(const Shape& shape, Next next) : shape_(shape), next_(std::move(next)) {}

    int vocabulary_size() const override { return shape_.vocabulary; }
    int context() const override { return shape_.context; }
    int trained_context() const override { return shape_.context; }
    int batch() const override { return shape_.batch; }
    int length() const override { return static_cast<int>(read_.size()); }
    void truncate(int length) override { read_.resize(static_cast<std::size_t>(length)); }
    void shift(int keep, int n) override {
        read_.erase(read_.begin() + keep, read_.begin() + keep + n);
        shifted.push_back({keep, n});
    }

    io::Result<std::span<const float>> forward(std::span<const std::int32_t> tokens,
                                               runtime::LogitRows) override {
        ++forwards;
        if (op_totals != nullptr) ++(*op_totals)[0].calls;
        for (const std::int32_t id : tokens) {
            if (length() == context()) return io::Error{"the context is full"};
            if (id == fails_at) return io::Error{"layer 3: not finite"};
            read_.push_back(id);
            ++fed;
        }
        if (on_forward) on_forward();
        logits_.assign(static_cast<std::size_t>(shape_.vocabulary), 0.0F);
        for (std::size_t i = 0; i < logits_.size(); ++i) {
            logits_[i] = static_cast<float>((read_.size() * 31 + i * 17) % 64) / 64;
        }
        logits_[static_cast<std::size_t>(next_(read_))] = 10;
        return std::span<const float>(logits_);
    }

    void stop_when(std::stop_token) override {}
    void observe_routing(runtime::RoutingObserver) override {}
    void time_ops(runtime::OpTotals* totals) override { op_totals = totals; }
    std::uint64_t weight_bytes() const override { return 0; }
    std::uint64_t kv_bytes() const override { return 0; }
    std::uint64_t bytes_per_token() const override { return 0; }

    const Ids& read() const { return read_; }

    int fed = 0;       // tokens
    int forwards = 0;  // calls
    std::vector<std::pair<int, int>> shifted;
    std::int32_t fails_at = -1;  // the token that it fails on
    std::function<void()> on_forward;
    runtime::OpTotals* op_totals = nullptr;

 private:
    Shape shape_;
    Next next_;
    Ids read_;
    std::vector<float> logits_;
};

}  // namespace greenroom::tests
