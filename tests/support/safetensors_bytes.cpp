#include "tests/support/safetensors_bytes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/support/gguf_bytes.hpp"

namespace greenroom::tests::safetensors {

std::string describe(const Tensor& tensor) {
    return fmt::format(R"("{}":{{"dtype":{},"shape":{},"data_offsets":{}}})",
                       tensor.name,
                       tensor.dtype,
                       tensor.shape,
                       tensor.data_offsets);
}

std::string File::bytes() const {
    const std::string text =
        header.value_or(fmt::format("{{{}}}", fmt::join(members, ","))) + padding;
    return gguf::le(header_bytes.value_or(text.size())) + text + data;
}

File sample() {
    File file{.members = {R"("__metadata__":{"format":"pt"})",
                          describe({.name = "model.norm.weight"}),
                          describe({.name = "lm_head.weight",
                                    .dtype = "\"BF16\"",
                                    .shape = "[3, 4]",
                                    .data_offsets = "[32, 56]"}),
                          describe({.name = "steps",
                                    .dtype = "\"I64\"",
                                    .shape = "[3]",
                                    .data_offsets = "[56,80]"})},
              .padding = "   "};
    for (int i = 0; i < 80; ++i) file.data += static_cast<char>(i + 1);
    return file;
}

}  // namespace greenroom::tests::safetensors
