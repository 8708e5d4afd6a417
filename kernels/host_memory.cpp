#include "kernels/host_memory.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "kernels/cgroup.hpp"

namespace greenroom::kernels {
namespace {

std::optional<std::uint64_t> read_number(const std::string& path) {
    std::ifstream in(path);
    std::uint64_t value = 0;
    if (in >> value) return value;
    return std::nullopt;
}

// "MemAvailable:   12345 kB" of a file such as /proc/meminfo, in bytes.
std::optional<std::uint64_t> field_in_kib(const char* path, std::string_view name) {
    std::ifstream in(path);
    std::string line;
    while (std::getline(in, line)) {
        if (!line.starts_with(name) || line.size() == name.size() || line[name.size()] != ':') {
            continue;
        }
        std::uint64_t kib = 0;
        if (std::istringstream(line.substr(name.size() + 1)) >> kib) return kib * 1024;
    }
    return std::nullopt;
}

// Page cache counts as used in a cgroup but is given back when needed.
std::uint64_t reclaimable(const std::string& stat_path, const std::string& wanted) {
    std::ifstream in(stat_path);
    std::string key;
    std::uint64_t value = 0, sum = 0;
    while (in >> key >> value) {
        if (key == wanted || key == "total_" + wanted) sum = std::max(sum, value);
    }
    return sum;
}

struct CgroupFiles {
    std::string limit, usage, stat;
};

std::optional<std::uint64_t> cgroup_available(const CgroupFiles& files) {
    const auto limit = read_number(files.limit);  // "max" does not read as a number
    const auto usage = read_number(files.usage);
    if (!limit || !usage || *limit >= (1ull << 62)) return std::nullopt;
    const std::uint64_t cache = reclaimable(files.stat, "inactive_file");
    const std::uint64_t used = *usage - std::min(*usage, cache);
    return *limit - std::min(*limit, used);
}

}  // namespace

std::optional<std::uint64_t> available_memory() {
    std::optional<std::uint64_t> least = field_in_kib("/proc/meminfo", "MemAvailable");
    const std::string v2 = "/sys/fs/cgroup" + own_cgroup("");
    const std::string v1 = "/sys/fs/cgroup/memory" + own_cgroup("memory");
    const CgroupFiles candidates[] = {
        {v2 + "/memory.max", v2 + "/memory.current", v2 + "/memory.stat"},
        {v1 + "/memory.limit_in_bytes", v1 + "/memory.usage_in_bytes", v1 + "/memory.stat"},
    };
    for (const CgroupFiles& files : candidates) {
        const auto left = cgroup_available(files);
        if (left) least = least ? std::min(*least, *left) : *left;
    }
    return least;
}

std::optional<std::uint64_t> peak_memory() {
    return field_in_kib("/proc/self/status", "VmHWM");
}

}  // namespace greenroom::kernels
