#include "runtime/generate/overlap.hpp"

#include <vector>

namespace greenroom::runtime {

// Knuth, Morris, Pratt: `border[i]` is the longest proper beginning of b that ends b[0..i].
std::size_t suffix_prefix_overlap(std::span<const TokenId> a, std::span<const TokenId> b) {
    if (a.empty() || b.empty()) return 0;
    std::vector<std::size_t> border(b.size(), 0);
    const auto grow = [&](std::size_t matched, TokenId next) {
        while (matched > 0 && (matched == b.size() || b[matched] != next)) {
            matched = border[matched - 1];
        }
        return b[matched] == next ? matched + 1 : 0;
    };
    for (std::size_t i = 1; i < b.size(); ++i) border[i] = grow(border[i - 1], b[i]);
    std::size_t matched = 0;
    for (const TokenId id : a) matched = grow(matched, id);
    return matched;
}

}  // namespace greenroom::runtime
