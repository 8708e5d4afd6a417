#include <string>
#include <vector>

#include "runtime/load_settings.hpp"
#include "tests/fuzz/target.hpp"

using namespace greenroom;

namespace {

std::vector<std::string> values(runtime::Settings& settings) {
    std::vector<std::string> out;
    for (const runtime::SettingField& field : runtime::setting_fields(settings)) {
        out.push_back(runtime::place_text(field.place));
    }
    return out;
}

}  // namespace

// Any text is settings that their own fields accept, or an error that changes nothing.
void fuzz_settings_toml(std::span<const std::byte> bytes) {
    runtime::Settings settings;
    const std::vector<std::string> before = values(settings);
    const auto read = runtime::read_settings(fuzz::text_of(bytes), "/nowhere/input.toml", settings);
    const std::vector<std::string> after = values(settings);
    if (!read) {
        fuzz::check_message(read.error().message);
        fuzz::check(before == after, "an error changes nothing");
        return;
    }
    for (const runtime::SettingField& field : runtime::setting_fields(settings)) {
        const std::string text = runtime::place_text(field.place);
        if (text.empty()) continue;
        fuzz::check(runtime::put_text(field.place, field.accepts, text).ok(), "a value fits");
    }
}
