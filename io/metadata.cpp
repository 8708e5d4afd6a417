#include "io/metadata.hpp"

#include <fmt/format.h>
#include <limits>
#include <type_traits>
#include <utility>

#include "io/file.hpp"

namespace greenroom::io {
namespace {

template <class T>
struct ElementOf {
    using type = void;
};
template <class T>
struct ElementOf<std::vector<T>> {
    using type = T;
};

// The type a value has, as its file's author would call it, with small scalars spelled out.
std::string describe(const MetadataValue& value) {
    return std::visit(
        [](const auto& v) -> std::string {
            using T = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<T, bool>)
                return fmt::format("boolean {}", v);
            else if constexpr (std::is_integral_v<T>)
                return fmt::format("integer {}", v);
            else if constexpr (std::is_floating_point_v<T>)
                return fmt::format("float {}", v);
            else if constexpr (std::is_same_v<T, std::string>) {
                return fmt::format("string \"{}\"", printable(v));
            } else {
                using E = typename ElementOf<T>::type;
                constexpr bool text = std::is_same_v<E, std::string>;
                return fmt::format("array of {} {}",
                                   v.size(),
                                   text                          ? "strings"
                                   : std::is_floating_point_v<E> ? "floats"
                                                                 : "integers");
            }
        },
        value);
}

// Converts a numeric array; empty for other values and where one element does not fit.
template <class To>
std::optional<std::vector<To>> converted(const MetadataValue& value) {
    return std::visit(
        [](const auto& v) -> std::optional<std::vector<To>> {
            using E = typename ElementOf<std::decay_t<decltype(v)>>::type;
            if constexpr (!std::is_arithmetic_v<E>) {
                return std::nullopt;
            } else if constexpr (std::is_floating_point_v<To>) {
                return std::vector<To>(v.begin(), v.end());
            } else if constexpr (!std::is_integral_v<E>) {
                return std::nullopt;
            } else {
                for (const E element : v) {
                    if (!std::in_range<To>(element)) return std::nullopt;
                }
                return std::vector<To>(v.begin(), v.end());
            }
        },
        value);
}

}  // namespace

bool Metadata::insert(std::string key, MetadataValue value) {
    const auto [place, is_new] = values_.try_emplace(std::move(key), std::move(value));
    if (is_new) order_.push_back(place->first);
    return is_new;
}

const MetadataValue* Metadata::find(std::string_view key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : &found->second;
}

Error Metadata::wrong_type(std::string_view key, std::string_view expected) const {
    return {fmt::format(
        "{}: {} is {}; expected {}", file_, printable(key), describe(*find(key)), expected)};
}

Result<std::optional<std::uint64_t>> Metadata::unsigned_integer(std::string_view key) const {
    const MetadataValue* value = find(key);
    if (value == nullptr) return std::optional<std::uint64_t>();
    if (const auto* number = std::get_if<std::uint64_t>(value)) return std::optional(*number);
    if (const auto* number = std::get_if<std::int64_t>(value); number != nullptr && *number >= 0) {
        return std::optional(static_cast<std::uint64_t>(*number));
    }
    return wrong_type(key, "an integer of at least 0");
}

Result<std::optional<double>> Metadata::number(std::string_view key) const {
    const MetadataValue* value = find(key);
    if (value == nullptr) return std::optional<double>();
    if (const auto* n = std::get_if<double>(value)) return std::optional(*n);
    if (const auto* n = std::get_if<std::uint64_t>(value)) {
        return std::optional(static_cast<double>(*n));
    }
    if (const auto* n = std::get_if<std::int64_t>(value)) {
        return std::optional(static_cast<double>(*n));
    }
    return wrong_type(key, "a number");
}

Result<std::optional<bool>> Metadata::boolean(std::string_view key) const {
    const MetadataValue* value = find(key);
    if (value == nullptr) return std::optional<bool>();
    if (const auto* flag = std::get_if<bool>(value)) return std::optional(*flag);
    return wrong_type(key, "a boolean");
}

Result<const std::string*> Metadata::text(std::string_view key) const {
    const MetadataValue* value = find(key);
    if (value == nullptr) return static_cast<const std::string*>(nullptr);
    if (const auto* text = std::get_if<std::string>(value)) return text;
    return wrong_type(key, "a string");
}

Result<const std::vector<std::string>*> Metadata::texts(std::string_view key) const {
    const MetadataValue* value = find(key);
    if (value == nullptr) return static_cast<const std::vector<std::string>*>(nullptr);
    if (const auto* texts = std::get_if<std::vector<std::string>>(value)) return texts;
    return wrong_type(key, "an array of strings");
}

Result<std::optional<std::vector<float>>> Metadata::floats(std::string_view key) const {
    const MetadataValue* value = find(key);
    if (value == nullptr) return std::optional<std::vector<float>>();
    if (auto array = converted<float>(*value)) return array;
    return wrong_type(key, "an array of numbers");
}

Result<std::optional<std::vector<std::int64_t>>> Metadata::integers(std::string_view key) const {
    const MetadataValue* value = find(key);
    if (value == nullptr) return std::optional<std::vector<std::int64_t>>();
    if (auto array = converted<std::int64_t>(*value)) return array;
    return wrong_type(key, "an array of integers");
}

}  // namespace greenroom::io
