#include "runtime/text/characters.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utf8proc.h>

#include "io/utf8.hpp"

namespace greenroom::runtime {
namespace {

Classes category_classes(char32_t value) {
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(value))) {
        case UTF8PROC_CATEGORY_LU:
            return kUpper;
        case UTF8PROC_CATEGORY_LL:
            return kLower;
        case UTF8PROC_CATEGORY_LT:
            return kTitle;
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO:
            return kOtherLetter;
        case UTF8PROC_CATEGORY_MN:
        case UTF8PROC_CATEGORY_MC:
        case UTF8PROC_CATEGORY_ME:
            return kMark;
        case UTF8PROC_CATEGORY_ND:
        case UTF8PROC_CATEGORY_NL:
        case UTF8PROC_CATEGORY_NO:
            return kNumber;
        case UTF8PROC_CATEGORY_PC:
        case UTF8PROC_CATEGORY_PD:
        case UTF8PROC_CATEGORY_PS:
        case UTF8PROC_CATEGORY_PE:
        case UTF8PROC_CATEGORY_PI:
        case UTF8PROC_CATEGORY_PF:
        case UTF8PROC_CATEGORY_PO:
            return kPunctuation;
        case UTF8PROC_CATEGORY_SM:
        case UTF8PROC_CATEGORY_SC:
        case UTF8PROC_CATEGORY_SK:
        case UTF8PROC_CATEGORY_SO:
            return kSymbol;
        default:
            return 0;
    }
}

Classes classes_of(char32_t value) {
    Classes classes = category_classes(value);
    if (is_white_space(value)) classes |= kSpace;
    if (value == U'\r' || value == U'\n') classes |= kNewline;
    return classes;
}

bool has_endless_marks(std::string_view text) {
    int run = 0;
    for (const Character& c : characters_of(text)) {
        run = c.is(kMark) ? run + 1 : 0;
        if (run > 1000) return true;
    }
    return false;
}

}  // namespace

std::uint8_t Character::bytes() const {
    return value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
}

bool is_white_space(char32_t value) {
    if (value < 0x80) return value == U' ' || (value >= U'\t' && value <= U'\r');
    return value == 0x85 || value == 0xA0 || value == 0x1680 ||
           (value >= 0x2000 && value <= 0x200A) || value == 0x2028 || value == 0x2029 ||
           value == 0x202F || value == 0x205F || value == 0x3000;
}

std::vector<Character> characters_of(std::string_view text) {
    std::vector<Character> characters;
    characters.reserve(text.size());
    while (!text.empty()) {
        const auto point = io::first_code_point(text);
        if (!point) break;
        characters.push_back({point->value, classes_of(point->value)});
        text.remove_prefix(point->bytes);
    }
    return characters;
}

std::string replace_invalid_bytes(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        const auto point = io::first_code_point(text);
        const std::size_t taken = point ? point->bytes : 1;
        if (point) {
            valid.append(text.substr(0, taken));
        } else {
            valid.append("\xEF\xBF\xBD");
        }
        text.remove_prefix(taken);
    }
    return valid;
}

std::string composed(std::string_view text) {
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    if (std::ranges::all_of(text, is_ascii) || has_endless_marks(text)) return std::string(text);
    utf8proc_uint8_t* mapped = nullptr;
    const utf8proc_ssize_t bytes =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                     static_cast<utf8proc_ssize_t>(text.size()),
                     &mapped,
                     static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
    if (bytes < 0) return std::string(text);
    return std::string(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(bytes));
}

}  // namespace greenroom::runtime
