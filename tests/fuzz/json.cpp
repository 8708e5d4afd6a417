#include "io/json.hpp"

#include <string_view>

#include "tests/fuzz/target.hpp"

using namespace greenroom;

namespace {

bool mentions(std::string_view message, std::string_view words) {
    return message.find(words) != std::string_view::npos;
}

// Refused although the library reads it: on purpose.
bool is_stricter(std::string_view text, std::string_view message) {
    return mentions(message, "appears twice") || mentions(message, "nested deeper") ||
           mentions(message, "a float can hold") || text.find('\0') != std::string_view::npos;
}

}  // namespace

// Any text means what the library's own parser takes it for, or is refused.
void fuzz_json(std::span<const std::byte> bytes) {
    const std::string_view text = fuzz::text_of(bytes);
    const auto json = io::parse_json(text, "input");
    const io::Json reference = io::Json::parse(text, nullptr, false);
    if (json) {
        fuzz::check(!reference.is_discarded() && *json == reference, "both read the same");
        return;
    }
    fuzz::check_message(json.error().message);
    fuzz::check(reference.is_discarded() || is_stricter(text, json.error().message),
                "the library refuses it too");
}
