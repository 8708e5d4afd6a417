// Where this process stands among the control groups. Knows no limit.
#pragma once

#include <istream>
#include <string>

namespace greenroom::kernels {

// This process's folder below the mount of a controller ("cpu", "memory"; "" for version 2), from
// /proc/self/cgroup; "/" where that does not say.
std::string own_cgroup(const std::string& controller);

// The same from a text of lines "N:controller,controller:/path".
std::string own_cgroup(std::istream& lines, const std::string& controller);

}  // namespace greenroom::kernels
