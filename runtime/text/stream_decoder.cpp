#include <cstdint>

#include "io/utf8.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::uint8_t byte_at(std::string_view text, std::size_t at) {
    return static_cast<std::uint8_t>(text[at]);
}

// Second bytes that may follow `lead` (Unicode 15, table 3-7).
bool may_follow(std::uint8_t lead, std::uint8_t second) {
    const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return second >= low && second <= high;
}

// For text that starts with no well-formed sequence: how many of its first bytes belong to one
// ill-formed piece, which becomes one U+FFFD.
std::size_t ill_formed_bytes(std::string_view text) {
    const std::uint8_t lead = byte_at(text, 0);
    if (lead < 0xC2 || lead > 0xF4 || text.size() == 1 || !may_follow(lead, byte_at(text, 1))) {
        return 1;
    }
    const std::size_t whole = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::size_t n = 2;
    while (n < whole && n < text.size() && (byte_at(text, n) & 0xC0) == 0x80) ++n;
    return n;
}

// True when the decision about `rest` has to wait for more bytes: it could become well-formed, or
// it is the start of a surrogate, which is judged whole (as Python's incremental decoder does).
bool must_wait(std::string_view rest) {
    const std::uint8_t lead = byte_at(rest, 0);
    if (lead < 0xC2 || lead > 0xF4) return false;
    const bool surrogate = rest.size() == 2 && lead == 0xED && (byte_at(rest, 1) & 0xE0) == 0xA0;
    return surrogate || ill_formed_bytes(rest) == rest.size();
}

// Moves the characters of `bytes` that are decided to the result; all of them with `last`.
std::string take_characters(std::string& bytes, bool last) {
    std::string_view rest = bytes;
    std::string text;
    while (!rest.empty()) {
        const auto point = io::first_code_point(rest);
        if (!point && !last && must_wait(rest)) break;
        const std::size_t taken = point ? point->bytes : ill_formed_bytes(rest);
        text.append(point ? rest.substr(0, taken) : kReplacement);
        rest.remove_prefix(taken);
    }
    bytes.erase(0, bytes.size() - rest.size());
    return text;
}

}  // namespace

std::string StreamDecoder::push(TokenId id) {
    held_ += tokenizer_.piece(id, special_);
    return take_characters(held_, false);
}

std::string StreamDecoder::flush() {
    return take_characters(held_, true);
}

}  // namespace greenroom::runtime
