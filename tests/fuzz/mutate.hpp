// Damages inputs at random the way files are damaged and forged: flipped bits, numbers at the edges
// of their types, parts cut off, moved, repeated or taken from another input. Knows no format.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace greenroom::fuzz {

using Random = std::mt19937_64;

// One of `seeds` (not empty) with one to four damages. At most a few hundred bytes longer than the
// longest seed.
std::string mutate(const std::vector<std::string>& seeds, Random& random);

}  // namespace greenroom::fuzz
