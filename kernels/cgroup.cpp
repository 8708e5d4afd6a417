#include "kernels/cgroup.hpp"

#include <fstream>

namespace greenroom::kernels {

std::string own_cgroup(const std::string& controller) {
    std::ifstream in("/proc/self/cgroup");
    return own_cgroup(in, controller);
}

std::string own_cgroup(std::istream& lines, const std::string& controller) {
    std::string line;
    while (std::getline(lines, line)) {
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (second == std::string::npos) continue;
        const std::string list = "," + line.substr(first + 1, second - first - 1) + ",";
        if (list.find("," + controller + ",") != std::string::npos) return line.substr(second + 1);
    }
    return "/";
}

}  // namespace greenroom::kernels
