// Cuts ordinary text, between special tokens, into tokens.
#pragma once

#include <string_view>
#include <vector>

#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {

// Immutable after construction: any thread may call it.
class Segmenter {
 public:
    virtual ~Segmenter() = default;
    // Adds the ids of `text` (any bytes) to `ids`. Never adds a control token, except the unknown
    // token where a model has no other way to say something.
    virtual void append(std::string_view text, std::vector<TokenId>& ids) const = 0;
};

}  // namespace greenroom::runtime
