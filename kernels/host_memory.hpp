// How much memory this process may still take, and how much it took.
#pragma once

#include <cstdint>
#include <optional>

namespace greenroom::kernels {

// Bytes available without swapping: the least of the system's MemAvailable and what the cgroup
// (v1 or v2) leaves. Empty where neither can be read.
std::optional<std::uint64_t> available_memory();

// The most bytes that this process has had in memory at once (VmHWM: its pages of files count too).
// Empty where the system does not say.
std::optional<std::uint64_t> peak_memory();

}  // namespace greenroom::kernels
