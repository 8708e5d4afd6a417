#include "cache/make_policy.hpp"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cache/policies/arc.hpp"
#include "cache/policies/belady.hpp"
#include "cache/policies/least_stale.hpp"
#include "cache/policies/lfru.hpp"
#include "cache/policies/lfu.hpp"
#include "cache/policies/lru.hpp"
#include "cache/policies/random.hpp"
#include "cache/policies/s3fifo.hpp"
#include "cache/policies/static_profile.hpp"

namespace greenroom::cache {
namespace {

constexpr std::array<std::string_view, 10> kNames = {"lru",
                                                     "lfu",
                                                     "lfu-decay",
                                                     "lfru",
                                                     "s3fifo",
                                                     "arc",
                                                     "least-stale",
                                                     "static",
                                                     "random",
                                                     "belady"};

}  // namespace

std::span<const std::string_view> policy_names() {
    return kNames;
}

io::Result<std::unique_ptr<Policy>> make_policy(std::string_view name, const PolicyInputs& inputs) {
    std::unique_ptr<Policy> made;
    if (name == "lru") made = std::make_unique<LruPolicy>();
    if (name == "lfu") made = std::make_unique<LfuPolicy>();
    if (name == "lfu-decay") made = std::make_unique<LfuPolicy>(inputs.half_life_uses);
    if (name == "lfru") made = std::make_unique<LfruPolicy>();
    if (name == "s3fifo") made = std::make_unique<S3FifoPolicy>();
    if (name == "arc") made = std::make_unique<ArcPolicy>();
    if (name == "least-stale") made = std::make_unique<LeastStalePolicy>();
    if (name == "static") made = std::make_unique<StaticProfilePolicy>(inputs.profile);
    if (name == "random") made = std::make_unique<RandomPolicy>(inputs.seed);
    if (name == "belady") made = std::make_unique<BeladyPolicy>(inputs.future);
    if (made == nullptr) {
        return io::Error{
            fmt::format("policy '{}' is not known; there are: {}", name, fmt::join(kNames, ", "))};
    }
    return made;
}

}  // namespace greenroom::cache
