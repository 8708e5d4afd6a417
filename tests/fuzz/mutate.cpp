#include "tests/fuzz/mutate.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace greenroom::fuzz {
namespace {

// Modulo's bias does not matter here, and unlike the distributions of the standard library it
// yields the same on every machine.
std::size_t below(Random& random, std::size_t limit) {
    return limit == 0 ? 0 : random() % limit;
}

std::uint64_t edge_number(Random& random) {
    constexpr std::array<std::uint64_t, 8> kSmall = {0, 1, 2, 3, 7, 8, 31, 255};
    switch (below(random, 4)) {
        case 0:
            return kSmall[below(random, kSmall.size())];
        case 1:
            return ~kSmall[below(random, kSmall.size())];
        case 2:
            return (1ull << below(random, 64)) + below(random, 3) - 1;
        default:
            return random();
    }
}

void overwrite_number(std::string& bytes, Random& random) {
    const std::uint64_t number = edge_number(random);
    const std::size_t width = std::min<std::size_t>(1ull << below(random, 4), bytes.size());
    std::memcpy(bytes.data() + below(random, bytes.size() - width + 1), &number, width);
}

// A piece of `from`, up to 64 bytes long, mostly shorter.
std::string_view piece_of(std::string_view from, Random& random) {
    const std::size_t start = below(random, from.size());
    return from.substr(start, 1 + below(random, 1ull << below(random, 7)));
}

// What opens, closes and separates in text formats, and numbers at an edge.
std::string_view token(Random& random) {
    constexpr std::string_view kMarks = "{}[]()%,:=\"'\\\n-.0 ";
    constexpr std::array<std::string_view, 5> kWords = {
        "null", "1e999", "18446744073709551616", "{%", "{{"};
    const std::size_t chosen = below(random, kMarks.size() + kWords.size());
    return chosen < kMarks.size() ? kMarks.substr(chosen, 1) : kWords[chosen - kMarks.size()];
}

void damage(std::string& bytes, std::string_view other, Random& random) {
    const std::size_t place = below(random, bytes.size() + 1);
    switch (below(random, bytes.empty() ? 2 : 8)) {
        case 0:
            bytes.insert(place, piece_of(other, random));
            break;
        case 1:
            bytes.insert(place, token(random));
            break;
        case 2:
            bytes[below(random, bytes.size())] ^= static_cast<char>(1u << below(random, 8));
            break;
        case 3:
        case 4:
            overwrite_number(bytes, random);
            break;
        case 5:
            bytes.erase(place, piece_of(bytes, random).size());
            break;
        case 6:
            bytes.replace(place, 8, piece_of(other, random));
            break;
        default:
            bytes.resize(place);
    }
}

}  // namespace

std::string mutate(const std::vector<std::string>& seeds, Random& random) {
    std::string bytes = seeds[below(random, seeds.size())];
    for (std::size_t i = 0, count = 1 + below(random, 4); i < count; ++i) {
        damage(bytes, seeds[below(random, seeds.size())], random);
    }
    return bytes;
}

}  // namespace greenroom::fuzz
