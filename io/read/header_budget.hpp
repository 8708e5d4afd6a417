// How much memory the headers of one model may take. The bytes left in a file bound nothing when
// the file is sparse: 200 GiB of zeros are an array of 2^34 empty strings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "io/model_files.hpp"

namespace greenroom::io {

// The largest headers of published models, gpt-oss with 201 088 tokens and 446 189 merges, take
// 25 MiB by this count.
inline constexpr std::uint64_t kHeaderLimitBytes = 60ull << 20;

class HeaderBudget {
 public:
    explicit HeaderBudget(std::uint64_t limit_bytes = kHeaderLimitBytes) : left_(limit_bytes) {}

    std::uint64_t left_bytes() const { return left_; }

    // False when `count` things of `each_bytes` do not fit any more; nothing is taken then.
    bool take(std::uint64_t count, std::uint64_t each_bytes) {
        if (each_bytes != 0 && count > left_ / each_bytes) return false;
        left_ -= count * each_bytes;
        return true;
    }

 private:
    std::uint64_t left_;
};

// What a string takes besides sizeof(std::string): libstdc++ keeps up to 15 bytes inside, malloc
// rounds up to 16 and adds a header.
inline std::uint64_t string_heap_bytes(std::uint64_t length) {
    return length < 16 ? 0 : length + 32;
}

// What a tensor's description takes besides its name: itself, its shape's heap block, and its hash
// node in the check of names, later in the index.
inline constexpr std::uint64_t kTensorMemory = sizeof(TensorInfo) + 80 + 56;

}  // namespace greenroom::io
