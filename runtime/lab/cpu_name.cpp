#include "runtime/lab/cpu_name.hpp"

#include <fstream>

namespace greenroom::runtime {

std::string cpu_name() {
    std::ifstream in("/proc/cpuinfo");
    std::string line;
    while (std::getline(in, line)) {
        const std::size_t colon = line.find(": ");
        if (line.starts_with("model name") && colon != line.npos) return line.substr(colon + 2);
    }
    return "unknown";
}

}  // namespace greenroom::runtime
