// The sections of a settings file that say where experts live, as the model takes them.
#pragma once

#include "io/result.hpp"
#include "runtime/model/expert_tiers.hpp"
#include "runtime/settings.hpp"

namespace greenroom::runtime {

// A device of kind "auto" counts as none: whoever opens the GPU says which it is. An Error names
// the setting and what it expects: "host.expert_budget: expected a size …".
io::Result<ExpertTierSettings> expert_tier_settings(const Settings& settings);

}  // namespace greenroom::runtime
