// Which processor this is, for whoever reports a measurement. Knows nothing of what it can do.
#pragma once

#include <string>

namespace greenroom::runtime {

// The processor's own name, as /proc/cpuinfo has it; "unknown" where that does not say.
std::string cpu_name();

}  // namespace greenroom::runtime
