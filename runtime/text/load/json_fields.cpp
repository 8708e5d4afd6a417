#include "runtime/text/load/json_fields.hpp"

#include <cstdint>
#include <fmt/format.h>

#include "io/file.hpp"

namespace greenroom::runtime {
namespace {

// What a value is, short enough for a message whatever it holds.
std::string describe(const io::Json& value) {
    if (value.is_string()) {
        return fmt::format("\"{}\"", io::printable(value.get_ref<const std::string&>()));
    }
    if (value.is_structured()) return fmt::format("an {}", value.type_name());
    return value.dump();
}

}  // namespace

const io::Json* find_field(const io::Json& json, std::string_view key) {
    if (!json.is_object()) return nullptr;
    const auto found = json.find(key);
    return found == json.end() || found->is_null() ? nullptr : &*found;
}

io::Result<std::optional<std::string_view>> text_field(const io::Json& json,
                                                       std::string_view key,
                                                       std::string_view where) {
    const io::Json* value = find_field(json, key);
    if (value == nullptr) return std::optional<std::string_view>();
    if (!value->is_string()) return wrong_field(key, *value, "a string", where);
    return std::optional<std::string_view>(value->get_ref<const std::string&>());
}

io::Result<std::optional<bool>> flag_field(const io::Json& json,
                                           std::string_view key,
                                           std::string_view where) {
    const io::Json* value = find_field(json, key);
    if (value == nullptr) return std::optional<bool>();
    if (!value->is_boolean()) return wrong_field(key, *value, "true or false", where);
    return std::optional<bool>(value->get<bool>());
}

std::optional<TokenId> as_token_id(const io::Json& json) {
    // A larger unsigned number turns negative.
    const auto id = json.is_number_integer() ? json.get<std::int64_t>() : -1;
    const bool valid = id >= 0 && id < kMaxJsonTokens;
    return valid ? std::optional(static_cast<TokenId>(id)) : std::nullopt;
}

io::Error missing_field(std::string_view key, std::string_view where) {
    return {fmt::format("{}: {} is missing", where, key)};
}

io::Error wrong_field(std::string_view key,
                      const io::Json& value,
                      std::string_view expected,
                      std::string_view where) {
    return {fmt::format("{}: {} is {}; expected {}", where, key, describe(value), expected)};
}

}  // namespace greenroom::runtime
