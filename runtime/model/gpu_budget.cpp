#include "runtime/model/gpu_budget.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace greenroom::runtime {

io::Result<std::uint64_t> gpu_expert_budget(const GpuRoom& room,
                                            const GpuExperts& experts,
                                            const std::string& gpu) {
    const std::uint64_t taken = room.reserve + room.dense + room.guesses;
    const std::uint64_t left = room.free - std::min(room.free, taken);
    const std::uint64_t wanted = experts.asked > 0 ? experts.asked : experts.least;
    if (wanted > left || taken > room.free) {
        return io::Error{fmt::format(
            "{}: {} bytes for experts are wanted beside {} for dense weights, keys and values, {} "
            "for guesses and a reserve of {}; {} are free",
            gpu,
            wanted,
            room.dense,
            room.guesses,
            room.reserve,
            room.free)};
    }
    return experts.asked > 0 ? experts.asked : std::min(left, experts.all);
}

}  // namespace greenroom::runtime
