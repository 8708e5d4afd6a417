// Policies by name, as settings and the command line call them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "cache/key_table.hpp"
#include "cache/policy.hpp"
#include "io/result.hpp"

namespace greenroom::cache {

// What some policies need besides their name.
struct PolicyInputs {
    std::uint64_t seed = 1;                // random
    double half_life_uses = 4096;          // lfu-decay
    KeyTable<std::uint64_t> profile = {};  // static: uses of each expert in a recorded trace
    KeyTable<std::vector<std::uint32_t>> future = {};  // belady: the events that use each expert
};

std::span<const std::string_view> policy_names();

// An Error names the policy asked for and those there are.
io::Result<std::unique_ptr<Policy>> make_policy(std::string_view name, const PolicyInputs& inputs);

}  // namespace greenroom::cache
