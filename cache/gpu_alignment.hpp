// What a GPU asks of the addresses that it reads experts from. Knows no tier.
#pragma once

#include <cstdint>
#include <optional>

#include "cache/expert_home.hpp"

namespace greenroom::cache {

// Bytes to leave out at the front of a slot's copy on a GPU, so that every matrix of the expert
// then begins where kernels read it in whole words: floats at multiples of 16 bytes, other blocks
// where whole numbers of them put it. A safetensors file may have its tensors anywhere. Empty when
// no such number serves all three.
std::optional<std::uint64_t> gpu_shift(const ExpertHome& home);

}  // namespace greenroom::cache
