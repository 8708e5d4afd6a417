// Finds the tokens that are matched literally, before any algorithm cuts the text: user-defined
// tokens always, control tokens where they are allowed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/text/vocabulary.hpp"

namespace greenroom::runtime {

// A token, or a stretch of ordinary text (never empty) that lies between tokens.
struct Fragment {
    std::optional<TokenId> token;
    std::string_view text;
};

class SpecialTokens {
 public:
    // `vocabulary` must outlive this.
    explicit SpecialTokens(const Vocabulary& vocabulary);

    // From left to right, at each place the longest token. Control tokens count with
    // `parse_control`, and not where they touch a byte of `literal` (ascending, disjoint).
    std::vector<Fragment> split(std::string_view text,
                                bool parse_control,
                                std::span<const ByteRange> literal) const;

 private:
    struct Entry {
        std::string_view text;
        TokenId id;
        bool control;
        bool strip_left, strip_right;
    };

    // The longest entry that `text` has at `at`; control tokens have to end by `control_end`.
    const Entry* match(std::string_view text, std::size_t at, std::size_t control_end) const;

    std::vector<Entry> entries_;  // by text
    std::array<std::uint32_t, 257>
        first_{};  // entries_ with first byte b: [first_[b], first_[b+1])
};

}  // namespace greenroom::runtime
