#include "runtime/text/jinja/syntax/literals.hpp"

#include <algorithm>
#include <charconv>

#include "runtime/text/jinja/values/unicode.hpp"

namespace greenroom::runtime::jinja {
namespace {

std::string without_underscores(std::string_view text) {
    std::string out(text);
    std::erase(out, '_');
    return out;
}

std::optional<char32_t> code_of(std::string_view digits, std::size_t wanted, int base) {
    std::uint32_t value = 0;
    const char* last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, value, base);
    if (digits.size() != wanted || error != std::errc() || end != last) return std::nullopt;
    return value;
}

// \xHH, \uHHHH or \UHHHHHHHH at the start of `from`, taken off it; a pair of surrogates is one.
std::optional<char32_t> take_hexadecimal(std::string_view& from) {
    const std::size_t digits = from[1] == 'x' ? 2 : from[1] == 'u' ? 4 : 8;
    const auto code = code_of(from.substr(2, digits), digits, 16);
    if (!code) return std::nullopt;
    from.remove_prefix(2 + digits);
    const bool high = *code >= 0xD800 && *code < 0xDC00;
    if (!high || !from.starts_with("\\u")) return code;
    const auto low = code_of(from.substr(2, 4), 4, 16);
    if (!low || *low < 0xDC00 || *low > 0xDFFF) return code;
    from.remove_prefix(6);
    return 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
}

char32_t take_octal(std::string_view& from) {
    char32_t value = 0;
    std::size_t n = 1;
    for (; n < 4 && n < from.size() && from[n] >= '0' && from[n] <= '7'; ++n) {
        value = value * 8 + static_cast<char32_t>(from[n] - '0');
    }
    from.remove_prefix(n);
    return value;
}

// `from` starts with a backslash: takes the escape off it and returns what it stands for.
std::string take_escape(std::string_view& from) {
    constexpr std::string_view kLetters = "abfnrtv\\'\"";
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\'\"";
    const char c = from.size() > 1 ? from[1] : '\0';
    if (c == 'x' || c == 'u' || c == 'U') {
        if (const auto code = take_hexadecimal(from)) return utf8(*code);
    } else if (c >= '0' && c <= '7') {
        return utf8(take_octal(from));
    } else if (c == '\n') {
        from.remove_prefix(2);
        return {};
    } else if (const std::size_t at = kLetters.find(c); at != std::string_view::npos) {
        from.remove_prefix(2);
        return {kMeanings[at]};
    }
    from.remove_prefix(1);
    return "\\";
}

}  // namespace

std::optional<Value> parse_integer_literal(std::string_view text) {
    const char kind = text.size() > 2 && text[0] == '0' ? static_cast<char>(text[1] | 0x20) : ' ';
    const int base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 10;
    const std::string digits = without_underscores(base == 10 ? text : text.substr(2));
    std::uint64_t value = 0;
    const char* last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, value, base);
    if (error != std::errc() || end != last) return std::nullopt;
    return Value::integer(value);
}

std::optional<Value> parse_real_literal(std::string_view text) {
    const std::string digits = without_underscores(text);
    double value = 0;
    const char* last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, value);
    if (error != std::errc() || end != last) return std::nullopt;
    return Value::real(value);
}

std::string unescaped(std::string_view quoted) {
    std::string out;
    out.reserve(quoted.size());
    while (!quoted.empty()) {
        const std::size_t plain = std::min(quoted.find('\\'), quoted.size());
        out += quoted.substr(0, plain);
        quoted.remove_prefix(plain);
        if (!quoted.empty()) out += take_escape(quoted);
    }
    return out;
}

}  // namespace greenroom::runtime::jinja
