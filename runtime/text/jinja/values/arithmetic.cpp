#include "runtime/text/jinja/values/arithmetic.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "runtime/text/jinja/values/compare.hpp"
#include "runtime/text/jinja/values/percent_format.hpp"
#include "runtime/text/jinja/values/text_operations.hpp"

namespace greenroom::runtime::jinja {
namespace {

constexpr const char* kTooLarge = "makes an integer of more than 64 bits";

Value unsupported(Rendering& run, std::string_view op, const Value& a, const Value& b) {
    for (const Value* each : {&a, &b}) {
        if (each->is(Kind::undefined)) return run.fail_undefined(*each);
    }
    return run.fail(fmt::format(
        "unsupported operand types for {}: '{}' and '{}'", op, type_name(a), type_name(b)));
}

bool integral(const Value& a, const Value& b) {
    return a.is_integral() && b.is_integral();
}
bool numbers(const Value& a, const Value& b) {
    return a.is_number() && b.is_number();
}
Origin origin(const Value& a, const Value& b) {
    return either(a.origin(), b.origin());
}

// Towards negative infinity, as Python rounds.
Integer floored(Integer a, Integer b) {
    const Integer quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

double real_remainder(double a, double b) {
    const double rest = std::fmod(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

Value concatenate(Rendering& run, const List& a, const List& b) {
    if (!run.meter.spend(a.items.size() + b.items.size())) return {};
    std::vector<Value> items = a.items;
    items.insert(items.end(), b.items.begin(), b.items.end());
    return run.list(std::move(items), a.flavor);
}

// As jinja2: next to markup, plain text is escaped.
Value join(Rendering& run, const Value& a, const Value& b) {
    const bool markup = a.is_markup() || b.is_markup();
    TextBuilder out(run.meter);
    for (const Value* each : {&a, &b}) {
        out.append(markup && !each->is_markup() ? html_escaped(run, each->text()) : each->text());
    }
    return markup ? run.markup(out.take()) : run.string(out.take());
}

Value repeat_text(Rendering& run, const Text& unit, std::uint64_t times) {
    TextBuilder out(run.meter);
    if (!run.meter.fits(unit.size() * times)) return {};
    for (; times > 0; --times) out.append(unit);
    return run.string(out.take());
}

Value repeat_list(Rendering& run, const List& unit, std::uint64_t times) {
    if (!run.meter.spend(unit.items.size() * times)) return {};
    std::vector<Value> items;
    for (; times > 0; --times) items.insert(items.end(), unit.items.begin(), unit.items.end());
    return run.list(std::move(items), unit.flavor);
}

Value repeat(Rendering& run, const Value& unit, Integer times) {
    constexpr Integer kPastEveryLimit = Integer{1} << 40;
    const Integer capped = std::clamp(times, Integer{0}, kPastEveryLimit);
    const auto count = is_true(unit) ? static_cast<std::uint64_t>(capped) : 0;
    if (unit.is(Kind::string)) return repeat_text(run, unit.text(), count);
    return repeat_list(run, unit.list(), count);
}

bool repeats(const Value& unit, const Value& times) {
    const bool sequence = unit.is(Kind::string) || is_flavor(unit, List::Flavor::list) ||
                          is_flavor(unit, List::Flavor::tuple);
    return sequence && times.is_integral();
}

Value integer_power(Rendering& run, Integer base, Integer exponent, Origin origin) {
    if (base == 0 || base == 1 || base == -1) {
        return Value::integer(exponent == 0 || (base < 0 && exponent % 2 == 0) ? 1 : base, origin);
    }
    Integer out = 1;
    for (; exponent > 0 && Value::is_in_range(out); --exponent) {
        if (__builtin_mul_overflow(out, base, &out)) return run.fail(kTooLarge);
    }
    return run.integer(out, origin);
}

}  // namespace

Value add(Rendering& run, const Value& a, const Value& b) {
    if (integral(a, b)) return run.integer(a.as_integer() + b.as_integer(), origin(a, b));
    if (numbers(a, b)) return Value::real(a.as_real() + b.as_real(), origin(a, b));
    if (a.is(Kind::string) && b.is(Kind::string)) {
        return join(run, a, b);
    }
    const bool lists = a.is(Kind::list) && b.is(Kind::list);
    if (lists && a.list().flavor == b.list().flavor) return concatenate(run, a.list(), b.list());
    return unsupported(run, "+", a, b);
}

Value subtract(Rendering& run, const Value& a, const Value& b) {
    if (integral(a, b)) return run.integer(a.as_integer() - b.as_integer(), origin(a, b));
    if (numbers(a, b)) return Value::real(a.as_real() - b.as_real(), origin(a, b));
    return unsupported(run, "-", a, b);
}

Value multiply(Rendering& run, const Value& a, const Value& b) {
    if (integral(a, b)) {
        Integer product = 0;
        if (__builtin_mul_overflow(a.as_integer(), b.as_integer(), &product)) {
            return run.fail(kTooLarge);
        }
        return run.integer(product, origin(a, b));
    }
    if (numbers(a, b)) return Value::real(a.as_real() * b.as_real(), origin(a, b));
    if (repeats(a, b)) return repeat(run, a, b.as_integer());
    if (repeats(b, a)) return repeat(run, b, a.as_integer());
    return unsupported(run, "*", a, b);
}

Value divide(Rendering& run, const Value& a, const Value& b) {
    if (!numbers(a, b)) return unsupported(run, "/", a, b);
    if (b.as_real() == 0) return run.fail("division by zero");
    return Value::real(a.as_real() / b.as_real(), origin(a, b));
}

Value floor_divide(Rendering& run, const Value& a, const Value& b) {
    if (!numbers(a, b)) return unsupported(run, "//", a, b);
    if (b.as_real() == 0) return run.fail("division by zero");
    if (integral(a, b)) return run.integer(floored(a.as_integer(), b.as_integer()), origin(a, b));
    return Value::real(std::floor(a.as_real() / b.as_real()), origin(a, b));
}

Value remainder(Rendering& run, const Value& a, const Value& b) {
    if (a.is(Kind::string)) return format_percent(run, a.text(), b);
    if (!numbers(a, b)) return unsupported(run, "%", a, b);
    if (b.as_real() == 0) return run.fail("division by zero");
    if (!integral(a, b)) return Value::real(real_remainder(a.as_real(), b.as_real()), origin(a, b));
    const Integer x = a.as_integer();
    const Integer y = b.as_integer();
    return run.integer(x - floored(x, y) * y, origin(a, b));
}

Value power(Rendering& run, const Value& a, const Value& b) {
    if (!numbers(a, b)) return unsupported(run, "**", a, b);
    if (integral(a, b) && b.as_integer() >= 0) {
        return integer_power(run, a.as_integer(), b.as_integer(), origin(a, b));
    }
    if (a.as_real() == 0 && b.as_real() < 0) return run.fail("division by zero");
    return Value::real(std::pow(a.as_real(), b.as_real()), origin(a, b));
}

Value negate(Rendering& run, const Value& a) {
    if (a.is_integral()) return Value::integer(-a.as_integer(), a.origin());
    if (a.is(Kind::real)) return Value::real(-a.as_real(), a.origin());
    if (a.is(Kind::undefined)) return run.fail_undefined(a);
    return run.fail(fmt::format("bad operand type for unary -: '{}'", type_name(a)));
}

}  // namespace greenroom::runtime::jinja
