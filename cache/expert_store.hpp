// Where the runtime gets experts from: acquire, run, release. Today every expert is resident; the
// tiers of DESIGN §2 stand behind the same call.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "io/expert_key.hpp"
#include "io/result.hpp"
#include "kernels/expert_ffn.hpp"

namespace greenroom::cache {

class ExpertStore;

// What an announced expert was found as.
enum class UseOutcome : std::uint8_t {
    hit,    // resident
    guess,  // not resident, but its bytes were there or coming, thanks to a guess
    miss,
};

// The right to read one expert's weights. Move-only: dropping it gives the expert back.
class ExpertLease {
 public:
    ExpertLease(ExpertStore& store, io::ExpertKey key, const kernels::ExpertWeights& weights)
        : store_(&store), key_(key), weights_(weights) {}
    ExpertLease(ExpertLease&& other) noexcept
        : store_(std::exchange(other.store_, nullptr)),
          key_(other.key_),
          weights_(other.weights_) {}
    ExpertLease& operator=(ExpertLease&& other) noexcept;
    ~ExpertLease();

    io::ExpertKey key() const { return key_; }
    const kernels::ExpertWeights& weights() const { return weights_; }

 private:
    ExpertStore* store_;
    io::ExpertKey key_;
    kernels::ExpertWeights weights_;
};

// The experts of one event by who computes them, each list in the order in which its experts are
// best acquired: the device's at hand, then the CPU's, then the device's others.
struct Stages {
    std::span<const io::ExpertKey> device = {};  // from a device's memory
    std::size_t n_at_hand = 0;                   // of device; the others are on their way there
    std::span<const io::ExpertKey> cpu = {};     // from host memory
    bool are_resident = false;  // no acquire waits, and all may be leased at the same time
};

// One caller at a time. Leases must not outlive the store.
class ExpertStore {
 public:
    virtual ~ExpertStore() = default;
    // The whole set that one (step, layer) routes to, in order of last use, announced before its
    // first acquire so that a store can start every load at once. Every expert is in one of the
    // stages; they are valid until the next call.
    virtual io::Result<Stages> announce(std::span<const io::ExpertKey> routed) = 0;
    virtual io::Result<ExpertLease> acquire(io::ExpertKey key) = 0;
    // Of an expert of the last announcement.
    virtual UseOutcome outcome(io::ExpertKey key) const = 0;

 private:
    friend class ExpertLease;
    virtual void release(io::ExpertKey key) = 0;
};

// Every expert in memory that somebody else owns.
class ResidentExperts final : public ExpertStore {
 public:
    // weights[layer][expert]; layers without experts are empty.
    explicit ResidentExperts(std::vector<std::vector<kernels::ExpertWeights>> weights)
        : weights_(std::move(weights)) {}

    io::Result<Stages> announce(std::span<const io::ExpertKey> routed) override {
        return Stages{.cpu = routed, .are_resident = true};
    }
    io::Result<ExpertLease> acquire(io::ExpertKey key) override;
    UseOutcome outcome(io::ExpertKey) const override { return UseOutcome::hit; }

 private:
    void release(io::ExpertKey) override {}
    std::vector<std::vector<kernels::ExpertWeights>> weights_;
};

}  // namespace greenroom::cache
