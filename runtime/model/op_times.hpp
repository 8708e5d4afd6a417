// How long each kind of step of a forward pass takes, and what it moves. Knows no model.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kernels/matrix.hpp"

namespace greenroom::runtime {

enum class Op {
    embed,
    norm,
    qkv,
    rope,
    kv_store,
    attention,
    attention_output,
    router,
    experts,
    combine,
    output,
};
constexpr std::size_t kOps = 11;
std::string_view name(Op op);

// Bytes of weights, keys and values that a step reads, and multiplications that it makes.
struct OpWork {
    std::uint64_t bytes = 0, products = 0;

    OpWork& operator+=(const OpWork& other) {
        bytes += other.bytes;
        products += other.products;
        return *this;
    }
};
OpWork work_of(const kernels::Matrix& w, std::int64_t n_tokens);

struct OpTotal {
    double seconds = 0;
    std::uint64_t calls = 0;
    OpWork work = {};
};

using OpTotals = std::array<OpTotal, kOps>;  // by Op

// Times one step while it lives; nothing where `totals` is null.
class OpTimer {
 public:
    OpTimer(OpTotals* totals, Op op, const OpWork& work = {})
        : total_(totals == nullptr ? nullptr : &(*totals)[static_cast<std::size_t>(op)]) {
        if (total_ == nullptr) return;
        total_->work += work;
        begun_ = Clock::now();
    }
    ~OpTimer() {
        if (total_ == nullptr) return;
        total_->seconds += std::chrono::duration<double>(Clock::now() - begun_).count();
        ++total_->calls;
    }
    OpTimer(const OpTimer&) = delete;
    OpTimer& operator=(const OpTimer&) = delete;

 private:
    using Clock = std::chrono::steady_clock;
    OpTotal* const total_;
    Clock::time_point begun_ = {};
};

}  // namespace greenroom::runtime
