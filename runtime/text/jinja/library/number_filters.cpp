#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>

#include "runtime/text/jinja/library/filters.hpp"
#include "runtime/text/jinja/values/arithmetic.hpp"
#include "runtime/text/jinja/values/unicode.hpp"

namespace greenroom::runtime::jinja {
namespace {

using Args = const Arguments&;

std::optional<Integer> parse_integer(std::string_view text, int base) {
    text = trim_end(trim_start(text));
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    const bool prefixed =
        text.size() > 2 && text[0] == '0' &&
        ((base == 16 && (text[1] | 0x20) == 'x') || (base == 8 && (text[1] | 0x20) == 'o') ||
         (base == 2 && (text[1] | 0x20) == 'b'));
    if (prefixed) text.remove_prefix(2);
    std::uint64_t magnitude = 0;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, magnitude, base);
    if (error != std::errc() || end != last) return std::nullopt;
    return negative ? -static_cast<Integer>(magnitude) : static_cast<Integer>(magnitude);
}

std::optional<double> parse_real(std::string_view text) {
    text = trim_end(trim_start(text));
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc() || end != last) return std::nullopt;
    return value;
}

Value truncated(double value, const Value& otherwise, Origin origin) {
    if (!(std::abs(value) < 0x1p64)) return otherwise;
    return Value::integer(static_cast<Integer>(value), origin);
}

Value to_integer(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "int", {"default", "base"});
    const Value otherwise = given[0].is(Kind::undefined) ? Value::integer(0) : given[0];
    const Integer base = integer_or(run, given[1], 10);
    if (base < 2 || base > 36) return run.fail("int() takes a base of 2 to 36");
    if (self.is_integral()) return Value::integer(self.as_integer(), self.origin());
    if (self.is(Kind::real)) return truncated(self.as_real(), otherwise, self.origin());
    if (!self.is(Kind::string)) return otherwise;
    if (const auto value = parse_integer(self.view(), static_cast<int>(base))) {
        return Value::integer(*value, self.origin());
    }
    const auto real = parse_real(self.view());
    return real ? truncated(*real, otherwise, self.origin()) : otherwise;
}

Value to_real(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "float", {"default"});
    if (self.is_number()) return Value::real(self.as_real(), self.origin());
    const auto value = self.is(Kind::string) ? parse_real(self.view()) : std::nullopt;
    if (value) return Value::real(*value, self.origin());
    return given[0].is(Kind::undefined) ? Value::real(0) : given[0];
}

Value absolute(Rendering& run, const Value& self, Args args) {
    bind(run, args, "abs", {});
    if (!self.is_number()) return run.fail(fmt::format("abs of '{}'", type_name(self)));
    const bool negative =
        self.is(Kind::real) ? std::signbit(self.as_real()) : self.as_integer() < 0;
    return negative ? negate(run, self) : self;
}

// To the nearest, halves to even, as the digits are written and not as the double is stored.
double rounded(double value, int digits, std::string_view method) {
    const double scale = std::pow(10.0, digits);
    if (method == "ceil") return std::ceil(value * scale) / scale;
    if (method == "floor") return std::floor(value * scale) / scale;
    if (digits <= 0 || !std::isfinite(value)) return std::nearbyint(value * scale) / scale;
    const std::string text = fmt::format("{:.{}f}", value, digits);
    double out = value;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

Value round(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "round", {"precision", "method"});
    if (!self.is_number()) return run.fail(fmt::format("round of '{}'", type_name(self)));
    const Text method = text_or(run, given[1], "common");
    const Integer digits = std::clamp(integer_or(run, given[0], 0), Integer{-30}, Integer{30});
    if (self.is_integral() && method.view() == "common" && digits >= 0) return self;
    return Value::real(rounded(self.as_real(), static_cast<int>(digits), method.view()),
                       self.origin());
}

constexpr std::array kFilters = std::to_array<NamedOperation>({
    {"int", to_integer},
    {"float", to_real},
    {"abs", absolute},
    {"round", round},
});

}  // namespace

std::span<const NamedOperation> number_filters() {
    return kFilters;
}

}  // namespace greenroom::runtime::jinja
