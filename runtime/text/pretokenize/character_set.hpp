// Sets of characters written as inside the brackets of a regular expression: "A-Za-zµ".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace greenroom::runtime {

// Built at compile time from UTF-8 with at most N ranges, which may touch but not contain each
// other. A '-' between two characters makes a range.
template <std::size_t N>
class CharacterSet {
 public:
    constexpr explicit CharacterSet(std::string_view ranges) {
        while (!ranges.empty()) {
            const char32_t first = take(ranges);
            char32_t last = first;
            if (ranges.size() > 1 && ranges.front() == '-') {
                ranges.remove_prefix(1);
                last = take(ranges);
            }
            insert({first, last});
        }
    }

    constexpr bool contains(char32_t value) const {
        std::size_t low = 0;  // ranges before this start at or before value
        std::size_t high = n_;
        while (low < high) {
            const std::size_t middle = (low + high) / 2;
            if (ranges_[middle].first <= value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 && value <= ranges_[low - 1].last;
    }

 private:
    struct Range {
        char32_t first = 0, last = 0;
    };

    static constexpr char32_t take(std::string_view& text) {
        const auto lead = static_cast<std::uint8_t>(text[0]);
        const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        char32_t value = bytes == 1 ? lead : lead & (0xFFu >> (bytes + 1));
        for (std::size_t i = 1; i < bytes; ++i)
            value = value << 6 | (static_cast<std::uint8_t>(text[i]) & 0x3F);
        text.remove_prefix(bytes);
        return value;
    }

    constexpr void insert(Range range) {
        std::size_t i = n_++;
        for (; i > 0 && ranges_[i - 1].first > range.first; --i) ranges_[i] = ranges_[i - 1];
        ranges_[i] = range;
    }

    std::array<Range, N> ranges_{};  // ascending
    std::size_t n_ = 0;
};

// \p{Han}, the script (Unicode 15).
bool is_han(char32_t value);

}  // namespace greenroom::runtime
