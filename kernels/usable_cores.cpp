#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "kernels/cgroup.hpp"
#include "kernels/thread_pool.hpp"

#if defined(__linux__)
#include <sched.h>
#endif

namespace greenroom::kernels {
namespace {

#if defined(__linux__)

// Hardware threads of one core share the line, e.g. "3,19" or "6-7".
std::string siblings(int cpu) {
    std::ifstream in("/sys/devices/system/cpu/cpu" + std::to_string(cpu) +
                     "/topology/thread_siblings_list");
    std::string line;
    if (std::getline(in, line)) return line;
    return std::to_string(cpu);
}

int allowed_cores() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        return static_cast<int>(std::thread::hardware_concurrency());
    }
    std::set<std::string> cores;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(cpu, &allowed)) cores.insert(siblings(cpu));
    }
    return static_cast<int>(cores.size());
}

std::optional<double> ratio_of(std::istream& quota_in, std::istream& period_in) {
    double quota = 0, period = 0;
    if (!(quota_in >> quota) || !(period_in >> period)) return std::nullopt;  // "max" is no number
    if (quota <= 0 || period <= 0) return std::nullopt;                       // -1: no limit
    return quota / period;
}

// How many processors' time the cgroup may use; empty without a limit.
std::optional<double> cgroup_quota() {
    std::ifstream v2("/sys/fs/cgroup" + own_cgroup("") + "/cpu.max");
    if (const auto limit = ratio_of(v2, v2)) return limit;
    const std::string v1 = "/sys/fs/cgroup/cpu" + own_cgroup("cpu");
    std::ifstream quota(v1 + "/cpu.cfs_quota_us"), period(v1 + "/cpu.cfs_period_us");
    return ratio_of(quota, period);
}

#else

int allowed_cores() {
    return static_cast<int>(std::thread::hardware_concurrency());
}
std::optional<double> cgroup_quota() {
    return std::nullopt;
}

#endif

}  // namespace

int usable_cores() {
    int cores = allowed_cores();
    // A thread above the quota makes all of them stop for the rest of each period.
    if (const auto quota = cgroup_quota()) cores = std::min(cores, static_cast<int>(*quota));
    return std::max(cores, 1);
}

}  // namespace greenroom::kernels
