#include "kernels/numa_nodes.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>

#if defined(__linux__)
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace greenroom::kernels {
namespace {

// Whether one of the processors in a list such as "0-3,8" is usable.
bool any_usable(std::string_view list, const IsUsable& usable) {
    const char* at = list.data();
    const char* const end = at + list.size();
    while (at < end) {
        int first = 0;
        auto [after, error] = std::from_chars(at, end, first);
        if (error != std::errc()) return false;
        int last = first;
        if (after < end && *after == '-') after = std::from_chars(after + 1, end, last).ptr;
        for (int cpu = first; cpu <= last; ++cpu) {
            if (usable(cpu)) return true;
        }
        at = after + 1;  // behind the comma
    }
    return false;
}

}  // namespace

std::vector<int> local_nodes(const std::filesystem::path& folder, const IsUsable& usable) {
    std::vector<int> nodes;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        int node = 0;
        if (!name.starts_with("node")) continue;
        const auto number = std::from_chars(name.data() + 4, name.data() + name.size(), node);
        if (number.ec != std::errc() || number.ptr != name.data() + name.size()) continue;
        std::ifstream in(entry.path() / "cpulist");
        std::string list;
        if (std::getline(in, list) && any_usable(list, usable)) nodes.push_back(node);
    }
    std::ranges::sort(nodes);
    return nodes;
}

#if defined(__linux__)

bool is_usable(int cpu) {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (cpu >= CPU_SETSIZE || sched_getaffinity(0, sizeof allowed, &allowed) != 0) return false;
    return CPU_ISSET(cpu, &allowed);
}

bool prefer_node(std::span<std::byte> memory, int node) {
    constexpr long kPreferred = 1;  // MPOL_PREFERRED of <numaif.h>, which few machines have
    constexpr int kMostNodes = 64;
    if (node < 0 || node >= kMostNodes) return false;
    const unsigned long mask = 1UL << node;
    return ::syscall(
               SYS_mbind, memory.data(), memory.size(), kPreferred, &mask, kMostNodes + 1, 0) == 0;
}

#else

bool is_usable(int) {
    return true;
}
bool prefer_node(std::span<std::byte>, int) {
    return false;
}

#endif

}  // namespace greenroom::kernels
