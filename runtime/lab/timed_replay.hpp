// A replay on a virtual clock: how long decoding would take on the machine of a profile. What it
// says is an estimate. Decides by the engine's own residency, planner and predictors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "prefetch/planner.hpp"
#include "runtime/lab/hardware_profile.hpp"
#include "runtime/lab/replay.hpp"
#include "runtime/lab/virtual_tiers.hpp"

namespace greenroom::runtime {

struct TimedSettings {
    ReplaySettings top =
        {};  // its budget: of the device, or of host memory where there is no device
    HardwareProfile hardware = {};
    // Of host memory below a device; empty: what the machine has. Where all experts fit they are
    // there from the start.
    std::optional<std::uint64_t> host_budget_bytes = {};
    std::string predictor = "none";
    prefetch::PlannerSettings planner = {};  // guesses = 0: as many as a token uses
    // Of experts that the device misses.
    cache::Inclusion inclusion = cache::Inclusion::inclusive;
    cache::MissRule miss = cache::MissRule::fetch;
    // For guesses, in each tier; empty: as many as can be under way at once.
    std::optional<std::uint64_t> guess_bytes = {};
};

struct TimedCounts {
    ReplayCounts top = {};  // as replay() counts
    std::uint64_t decode_tokens = 0;
    double decode_s = 0;
    double stall_disk_s = 0, stall_link_s = 0;  // of decode_s
    double stall_cpu_s = 0;                     // of decode_s: for the share that the CPU computes
    std::uint64_t disk_bytes = 0, link_bytes = 0;
    VirtualGuessCounters guesses = {};
    std::vector<prefetch::PredictionCounters> predictions =
        {};                                          // by layer, where somebody predicts
    prefetch::PredictionCounters predicted() const;  // of all layers
    double tokens_per_s() const {
        return decode_s > 0 ? static_cast<double>(decode_tokens) / decode_s : 0;
    }
};

// An Error names a policy or predictor that is not known, or what it lacks.
io::Result<TimedCounts> timed_replay(const ReplayInput& input, const TimedSettings& settings);

}  // namespace greenroom::runtime
