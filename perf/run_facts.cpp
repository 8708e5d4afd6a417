#include "perf/run_facts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace greenroom::perf {
namespace {

std::string first_line_of(const std::string& command) {
    std::string line;
    std::FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return line;
    char buffer[256];
    if (std::fgets(buffer, sizeof buffer, pipe) != nullptr) line = buffer;
    pclose(pipe);
    while (!line.empty() && line.back() == '\n') line.pop_back();
    return line;
}

}  // namespace

std::string commit() {
    const std::string line =
        first_line_of("git -C '" GREENROOM_SOURCE "' describe --always --dirty 2>/dev/null");
    return line.empty() ? "unknown" : line;
}

double quantile(std::vector<double> samples, double part) {
    if (samples.empty()) return 0;
    const double rank = std::ceil(part * static_cast<double>(samples.size()));
    const auto at = std::clamp<std::size_t>(static_cast<std::size_t>(rank), 1, samples.size()) - 1;
    std::nth_element(
        samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(at), samples.end());
    return samples[at];
}

}  // namespace greenroom::perf
