// Writes a GGUF file from front to back: the header at once, tensor bytes as they come. Knows types
// and names, not what they mean.
// Format: ggml-org/ggml, docs/gguf.md, version 3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "io/element_type.hpp"
#include "io/metadata.hpp"
#include "io/result.hpp"
#include "io/write/draft.hpp"

namespace greenroom::io {

// A tensor of a file to be written: all but its bytes.
struct TensorPlan {
    std::string name;
    std::vector<std::uint64_t> shape;  // GGUF order: shape[0] is contiguous, whole blocks
    ElementType type = ElementType::f32;

    std::uint64_t bytes() const;
};

// Move-only; one thread at a time. Nothing appears at the path before finish().
class GgufWriter {
 public:
    // Takes the disk space of the whole file and writes its header. Integers become u32 or i32
    // where they fit, as readers expect, and reals f32 where that loses nothing. The alignment is
    // the format's default; metadata that names one is an Error.
    static Result<GgufWriter> create(const std::filesystem::path& path,
                                     const Metadata& metadata,
                                     std::span<const TensorPlan> tensors);

    // The next bytes of the tensors' data, in the order of the plan. One call gives bytes of one
    // tensor.
    Result<void> write(std::span<const std::byte> bytes);
    // An Error when tensors are incomplete.
    Result<void> finish();

 private:
    GgufWriter(Draft draft, std::span<const TensorPlan> tensors);

    Draft draft_;
    std::vector<std::uint64_t> sizes_;  // of the tensors, bytes
    std::size_t tensor_ = 0;            // the one being written, and
    std::uint64_t done_ = 0;            // how much of it is there
};

}  // namespace greenroom::io
