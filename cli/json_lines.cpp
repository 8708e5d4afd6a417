#include "cli/json_lines.hpp"

#include <fmt/format.h>
#include <limits>
#include <optional>

#include "cli/command.hpp"
#include "cli/input.hpp"
#include "cli/output.hpp"

namespace greenroom::cli {
namespace {

std::optional<std::int32_t> as_id(const io::Json& value) {
    if (!value.is_number_integer()) return std::nullopt;
    const auto id = value.get<std::int64_t>();
    if (id < 0 || id > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
    return static_cast<std::int32_t>(id);
}

}  // namespace

int answer_lines(const std::function<io::Result<io::Json>(const io::Json& request)>& answer) {
    std::uint64_t number = 0;
    while (const auto line = read_input_line()) {
        ++number;
        if (line->empty()) continue;
        const auto request = io::parse_json(*line, fmt::format("line {}", number));
        const auto reply = request ? answer(*request) : io::Result<io::Json>(request.error());
        const io::Json json = reply ? *reply : io::Json{{"error", reply.error().message}};
        // At once: whoever asks may wait for the answer before asking again.
        if (!print_json(json) || !print_now("")) break;
    }
    return kDone;
}

RequestFields::RequestFields(const io::Json& request) : request_(request) {
    if (!request.is_object()) problem_ = "expected an object";
}

const io::Json* RequestFields::find(std::string_view name) const {
    if (!request_.is_object()) return nullptr;
    const auto found = request_.find(name);
    return found == request_.end() || found->is_null() ? nullptr : &*found;
}

void RequestFields::wrong(std::string_view name, std::string_view expected) {
    if (problem_.empty()) problem_ = fmt::format("{}: expected {}", name, expected);
}

bool RequestFields::boolean(std::string_view name, bool absent) {
    const io::Json* field = find(name);
    if (field == nullptr) return absent;
    if (field->is_boolean()) return field->get<bool>();
    wrong(name, "true or false");
    return absent;
}

std::string RequestFields::text(std::string_view name) {
    const io::Json* field = find(name);
    if (field == nullptr) return {};
    if (field->is_string()) return field->get<std::string>();
    wrong(name, "a string");
    return {};
}

std::vector<std::int32_t> RequestFields::ids(std::string_view name) {
    std::vector<std::int32_t> out;
    const io::Json* field = find(name);
    bool good = field != nullptr && field->is_array();
    for (std::size_t i = 0; good && i < field->size(); ++i) {
        const auto id = as_id((*field)[i]);
        good = id.has_value();
        if (good) out.push_back(*id);
    }
    if (!good) wrong(name, "an array of token ids");
    return out;
}

io::Json RequestFields::value(std::string_view name) {
    const io::Json* field = find(name);
    return field == nullptr ? io::Json(nullptr) : *field;
}

}  // namespace greenroom::cli
