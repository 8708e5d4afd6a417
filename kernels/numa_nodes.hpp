// Memory nodes: which of them this process's processors lie on, and how memory gets onto one. Knows
// nobody's buffers.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace greenroom::kernels {

// Whether this process may run on a processor.
using IsUsable = std::function<bool(int cpu)>;
bool is_usable(int cpu);

// The nodes with a processor that is usable, in ascending order; one at most where the system does
// not say. `folder` is the system's description of them.
std::vector<int> local_nodes(const std::filesystem::path& folder = "/sys/devices/system/node",
                             const IsUsable& usable = is_usable);

// Pages of `memory` that have not been touched yet come from `node` where it has room. False when
// the system refuses.
bool prefer_node(std::span<std::byte> memory, int node);

}  // namespace greenroom::kernels
