#include "io/json.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "io/file.hpp"

namespace greenroom::io {
namespace {

// The library prefixes its messages with "[json.exception.…] ".
std::string_view without_prefix(std::string_view what) {
    const std::size_t end = what.find("] ");
    return what.starts_with('[') && end != std::string_view::npos ? what.substr(end + 2) : what;
}

// Builds the tree from the parser's events. The library's own builder looks every key up among the
// earlier ones, which is quadratic in the vocabularies of tokenizer.json; here keys are appended
// and compared once, sorted, when their object ends.
class TreeBuilder {
 public:
    explicit TreeBuilder(int depth_limit) : depth_limit_(depth_limit) {}

    bool null() { return add(Json(nullptr)); }
    bool boolean(bool value) { return add(Json(value)); }
    bool number_integer(Json::number_integer_t value) { return add(Json(value)); }
    bool number_unsigned(Json::number_unsigned_t value) { return add(Json(value)); }
    bool number_float(Json::number_float_t value, const std::string&) { return add(Json(value)); }
    bool string(std::string& value) { return add(Json(std::move(value))); }
    bool binary(Json::binary_t&) { return fail("binary value"); }
    bool start_object(std::size_t) { return open(Json::object()); }
    bool start_array(std::size_t) { return open(Json::array()); }
    bool key(std::string& name) {
        key_ = std::move(name);
        return true;
    }
    bool end_object() {
        if (const auto twice = repeated_key()) {
            return fail(fmt::format("key \"{}\" appears twice in one object", printable(*twice)));
        }
        open_.pop_back();
        return true;
    }
    bool end_array() {
        open_.pop_back();
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) {
        return fail(printable(without_prefix(error.what()), 200));
    }

    Json take_tree() { return std::move(tree_); }
    const std::string& problem() const { return problem_; }

 private:
    bool fail(std::string problem) {
        problem_ = std::move(problem);
        return false;
    }

    Json* place(Json value) {
        if (open_.empty()) {
            tree_ = std::move(value);
            return &tree_;
        }
        Json& parent = *open_.back();
        if (parent.is_array()) {
            auto& items = parent.get_ref<Json::array_t&>();
            items.push_back(std::move(value));
            return &items.back();
        }
        auto& members = parent.get_ref<Json::object_t&>();
        members.emplace_back(std::move(key_), std::move(value));
        return &members.back().second;
    }

    bool add(Json value) {
        place(std::move(value));
        return true;
    }

    bool open(Json empty) {
        if (open_.size() >= static_cast<std::size_t>(depth_limit_)) {
            return fail(fmt::format("nested deeper than {} levels", depth_limit_));
        }
        open_.push_back(place(std::move(empty)));
        return true;
    }

    std::optional<std::string_view> repeated_key() const {
        std::vector<std::string_view> keys;
        const auto& members = open_.back()->get_ref<const Json::object_t&>();
        keys.reserve(members.size());
        for (const auto& [name, value] : members) keys.emplace_back(name);
        std::sort(keys.begin(), keys.end());
        const auto twice = std::adjacent_find(keys.begin(), keys.end());
        return twice == keys.end() ? std::nullopt : std::optional(*twice);
    }

    int depth_limit_;
    Json tree_;
    std::vector<Json*> open_;  // the path from the root to the value being filled
    std::string key_;
    std::string problem_;
};

Error too_large(std::string_view name, std::uint64_t bytes, std::uint64_t limit) {
    return {fmt::format("{}: has {} bytes of JSON; expected at most {}", name, bytes, limit)};
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view name, JsonLimits limits) {
    if (text.size() > limits.bytes) return too_large(name, text.size(), limits.bytes);
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
        return Error{fmt::format("{}: is UTF-16 text; expected JSON in UTF-8", name)};
    }
    TreeBuilder builder(limits.depth);
    if (!Json::sax_parse(text.begin(), text.end(), &builder)) {
        return Error{fmt::format("{}: {}", name, builder.problem())};
    }
    return builder.take_tree();
}

Result<Json> read_json_file(const std::filesystem::path& path, JsonLimits limits) {
    Result<std::string> text = read_text_file(path, limits.bytes);
    if (!text) return text.error();
    return parse_json(*text, printable_path(path), limits);
}

}  // namespace greenroom::io
