// The words that rules make of a text, in a form that can be read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/text/pretokenize/split.hpp"

namespace greenroom::tests {

// Joined by '|'.
inline std::string words(std::string_view text, const std::vector<runtime::Rule>& rules) {
    std::string joined;
    for (const std::string_view word : runtime::split_words(text, rules)) {
        if (!joined.empty()) joined += '|';
        joined += word;
    }
    return joined;
}

}  // namespace greenroom::tests
