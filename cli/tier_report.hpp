// What the tiers of experts did in a stretch of time, for people and for scripts. Measures nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "io/json.hpp"
#include "runtime/generate/generate.hpp"

namespace greenroom::cli {

// The tokens that went through the model meanwhile, and the equal runs they came in.
struct Stretch {
    std::uint64_t tokens = 0;
    std::uint64_t runs = 1;
};

// A table of at most 80 columns, without an end of line behind the last.
std::string tier_table(const cache::StoreStatus& tiers, const Stretch& stretch);

// "experts: 6.00 GiB on the device, 12.0 GiB in host memory; io_uring reads them from disk
// directly": budgets and disk, before anything has been done.
std::string tier_note(const cache::StoreStatus& tiers);

// "device 79 % hit · host 95 % hit · disk 4.71 MiB a token · waiting 12 ms a token"
std::string tier_line(const cache::StoreStatus& tiers, const Stretch& stretch);

// "foreseen 71.2 % of what was used; 71.2 % of 480 predictions were right"
std::string predictions_row(std::span<const prefetch::PredictionCounters> layers);

// Recall and precision, of all layers and by layer; null where nobody predicts.
io::Json predictions_json(std::span<const prefetch::PredictionCounters> layers);

// One flat object, its fields as in docs/metrics.md; null is what was not measured or is not there,
// and without tiers all of them.
io::Json tier_json(const std::optional<cache::StoreStatus>& tiers, const Stretch& stretch);

}  // namespace greenroom::cli
