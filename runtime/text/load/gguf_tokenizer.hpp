// The tokenizer that the metadata of a GGUF file describes.
#pragma once

#include <string_view>

#include "io/metadata.hpp"
#include "io/result.hpp"
#include "runtime/text/assembled_tokenizer.hpp"

namespace greenroom::runtime {

// `pre` overrides the pre-tokenizer that the file names.
io::Result<TokenizerParts> read_gguf_tokenizer(const io::Metadata& metadata, std::string_view pre);

}  // namespace greenroom::runtime
