#include "runtime/text/special_tokens.hpp"

#include <algorithm>

#include "io/utf8.hpp"
#include "runtime/text/characters.hpp"

namespace greenroom::runtime {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) {
    return static_cast<std::uint8_t>(text[at]);
}

std::string_view without_leading_space(std::string_view text) {
    while (!text.empty()) {
        const auto point = io::first_code_point(text);
        if (!point || !is_white_space(point->value)) break;
        text.remove_prefix(point->bytes);
    }
    return text;
}

std::string_view without_trailing_space(std::string_view text) {
    while (!text.empty()) {
        std::size_t at = text.size() - 1;
        while (at > 0 && (byte_at(text, at) & 0xC0) == 0x80) --at;
        const auto point = io::first_code_point(text.substr(at));
        if (!point || at + point->bytes != text.size() || !is_white_space(point->value)) break;
        text.remove_suffix(point->bytes);
    }
    return text;
}

// Answers, for ascending places, how far a control token may reach.
class LiteralBytes {
 public:
    LiteralBytes(bool parse_control, std::span<const ByteRange> ranges)
        : parse_control_(parse_control), ranges_(ranges) {}

    // The first literal byte from `at` on; `at` itself when no control token may be here at all.
    std::size_t next(std::size_t at) {
        if (!parse_control_) return at;
        const auto says_nothing = [&](ByteRange range) {
            return range.end <= at || range.begin >= range.end;
        };
        while (!ranges_.empty() && says_nothing(ranges_.front())) ranges_ = ranges_.subspan(1);
        return ranges_.empty() ? std::string_view::npos : std::max(at, ranges_.front().begin);
    }

 private:
    bool parse_control_;
    std::span<const ByteRange> ranges_;
};

}  // namespace

SpecialTokens::SpecialTokens(const Vocabulary& vocabulary) {
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        const Token& token = vocabulary[id];
        const bool control = is_control_type(token.type);
        if (!control && token.type != TokenType::user_defined) continue;
        if (token.text.empty() || vocabulary.find(token.text) != id) continue;
        entries_.push_back({token.text, id, control, token.strip_left, token.strip_right});
    }
    std::ranges::sort(entries_, {}, &Entry::text);
    for (const Entry& entry : entries_) ++first_[byte_at(entry.text, 0) + 1u];
    for (std::size_t b = 0; b < 256; ++b) first_[b + 1] += first_[b];
}

const SpecialTokens::Entry* SpecialTokens::match(std::string_view text,
                                                 std::size_t at,
                                                 std::size_t control_end) const {
    const std::uint8_t first = byte_at(text, at);
    auto low = entries_.begin() + first_[first];
    auto high = entries_.begin() + first_[first + 1u];
    const std::string_view rest = text.substr(at);
    const Entry* longest = nullptr;
    const auto consider = [&](const Entry& entry) {
        if (!entry.control || at + entry.text.size() <= control_end) longest = &entry;
    };
    // Entries from low to high share `length` bytes with the text; the one that ends here is first
    // among them.
    for (std::size_t length = 1; high - low > 1; ++length) {
        if (low->text.size() == length) consider(*low++);
        if (length == rest.size()) return longest;
        const std::uint8_t next = byte_at(rest, length);
        const auto byte_of = [&](const Entry& entry) { return byte_at(entry.text, length); };
        low = std::ranges::lower_bound(low, high, next, {}, byte_of);
        high = std::ranges::upper_bound(low, high, next, {}, byte_of);
    }
    if (low != high && rest.starts_with(low->text)) consider(*low);
    return longest;
}

std::vector<Fragment> SpecialTokens::split(std::string_view text,
                                           bool parse_control,
                                           std::span<const ByteRange> literal) const {
    std::vector<Fragment> fragments;
    LiteralBytes literal_bytes(parse_control, literal);
    std::size_t plain = 0;  // where the ordinary text before `at` starts
    const auto end_plain = [&](std::size_t end, bool strip) {
        std::string_view between = text.substr(plain, end - plain);
        if (strip) between = without_trailing_space(between);
        if (!between.empty()) fragments.push_back({std::nullopt, between});
    };
    std::size_t at = 0;
    while (at < text.size()) {
        const std::uint8_t first = byte_at(text, at);
        const Entry* found = nullptr;
        if (first_[first] != first_[first + 1u]) found = match(text, at, literal_bytes.next(at));
        if (found == nullptr) {
            ++at;
            continue;
        }
        end_plain(at, found->strip_left);
        fragments.push_back({found->id, {}});
        at += found->text.size();
        if (found->strip_right) at = text.size() - without_leading_space(text.substr(at)).size();
        plain = at;
    }
    end_plain(at, false);
    return fragments;
}

}  // namespace greenroom::runtime
