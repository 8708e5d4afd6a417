#include "io/json.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

#include "io/file.hpp"
#include "io/json_scalars.hpp"
#include "io/read/header_budget.hpp"
#include "io/utf8.hpp"

namespace greenroom::io {
namespace {

// Vectors grow to twice their size while the old one is still there.
constexpr std::uint64_t kElementMemory = 3 * sizeof(Json);
constexpr std::uint64_t kMemberMemory = 3 * sizeof(std::pair<const std::string, Json>);
constexpr std::uint64_t kContainerMemory = 64;
constexpr std::uint64_t kStringMemory = sizeof(std::string) + 16;

// The library's own parser keeps all text since the last string or number a second time, looks
// every key up among the earlier ones, and takes a NUL for the end. Reads one text, once.
class Parser {
 public:
    Parser(std::string_view text, const JsonLimits& limits)
        : text_(text), depth_limit_(limits.depth), budget_(limits.memory_bytes) {}

    bool document(Json& out) {
        if (!value(out, 0)) return false;
        skip_space();
        return at_ == text_.size() || expected("the end");
    }

    const std::string& problem() const { return problem_; }

 private:
    bool fail(std::string problem) {
        problem_ = std::move(problem);
        return false;
    }

    std::string place() const {
        const std::string_view before = text_.substr(0, at_);
        const std::size_t line_start = before.rfind('\n') + 1;  // 0 when there is none
        return fmt::format("line {}, column {}",
                           std::ranges::count(before, '\n') + 1,
                           before.size() - line_start + 1);
    }

    bool expected(std::string_view what) {
        const std::string_view found = text_.substr(at_, 20);
        return fail(
            fmt::format("{}: expected {}, found {}",
                        place(),
                        what,
                        found.empty() ? "the end" : fmt::format("\"{}\"", printable(found, 20))));
    }

    bool charge(std::uint64_t bytes) {
        return budget_.take(1, bytes) || fail(fmt::format("{}: too much JSON", place()));
    }

    void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

    // Skips space and then `c`, if it is there.
    bool take(char c) {
        skip_space();
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    bool value(Json& out, int depth) {
        skip_space();
        switch (at_ < text_.size() ? text_[at_] : '\0') {
            case '{':
                return open(depth) && object(out, depth + 1);
            case '[':
                return open(depth) && array(out, depth + 1);
            case '"': {
                std::string text;
                if (!charge(kStringMemory) || !string(text)) return false;
                out = std::move(text);
                return true;
            }
            case 't':
                return literal("true", true, out);
            case 'f':
                return literal("false", false, out);
            case 'n':
                return literal("null", nullptr, out);
            default:
                return number(out);
        }
    }

    bool open(int depth) {
        if (depth >= depth_limit_) {
            return fail(fmt::format("{}: nested deeper than {} levels", place(), depth_limit_));
        }
        ++at_;
        return charge(kContainerMemory);
    }

    bool object(Json& out, int depth) {
        out = Json::object();
        auto& members = out.get_ref<Json::object_t&>();
        if (take('}')) return true;
        do {
            skip_space();
            std::string key;
            if (at_ == text_.size() || text_[at_] != '"') return expected("a key in quotes");
            if (!charge(kMemberMemory) || !string(key)) return false;
            if (!take(':')) return expected("':'");
            members.emplace_back(std::move(key), nullptr);
            if (!value(members.back().second, depth)) return false;
        } while (take(','));
        if (!take('}')) return expected("',' or '}'");
        if (const auto twice = repeated_key(members)) {
            return fail(fmt::format("key \"{}\" appears twice in one object", printable(*twice)));
        }
        return true;
    }

    bool array(Json& out, int depth) {
        out = Json::array();
        auto& elements = out.get_ref<Json::array_t&>();
        if (take(']')) return true;
        do {
            if (!charge(kElementMemory)) return false;
            if (!value(elements.emplace_back(), depth)) return false;
        } while (take(','));
        return take(']') || expected("',' or ']'");
    }

    bool string(std::string& out) {
        const std::string_view rest = text_.substr(at_ + 1);
        const std::size_t length = json::find_string_end(rest);
        if (length >= rest.size()) return expected("a string with a closing quote");
        const std::string_view raw = rest.substr(0, length);
        if (!charge(string_heap_bytes(length))) return false;
        out.reserve(length);
        std::size_t bad = length;
        const bool sound = json::unescape(raw, out, bad);
        if (!sound || rest[length] != '"') {
            at_ += 1 + bad;
            return expected(sound ? "no raw control character in a string" : "an escape");
        }
        at_ += length + 2;
        return true;
    }

    bool literal(std::string_view word, Json meant, Json& out) {
        if (!text_.substr(at_).starts_with(word)) return expected("a value");
        at_ += word.size();
        out = std::move(meant);
        return true;
    }

    bool number(Json& out) {
        const std::string_view rest = text_.substr(at_);
        const std::size_t length = json::number_length(rest);
        if (length == 0) return expected("a value");
        out = json::number_value(rest.substr(0, length));
        if (out.is_null()) return expected("a number that a float can hold");
        at_ += length;
        return true;
    }

    // Keys are compared once, sorted: a vocabulary has 200 000.
    static std::optional<std::string_view> repeated_key(const Json::object_t& members) {
        std::vector<std::string_view> keys;
        keys.reserve(members.size());
        for (const auto& [name, value] : members) keys.emplace_back(name);
        std::ranges::sort(keys);
        const auto twice = std::ranges::adjacent_find(keys);
        return twice == keys.end() ? std::nullopt : std::optional(*twice);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_limit_;
    HeaderBudget budget_;
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
    if (const std::size_t valid = utf8_prefix(text); valid < text.size()) {
        return Error{fmt::format("{}: is no UTF-8 text at byte {}", name, valid)};
    }
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    Parser parser(text, limits);
    Json tree;
    if (!parser.document(tree)) return Error{fmt::format("{}: {}", name, parser.problem())};
    return tree;
}

Result<Json> read_json_file(const std::filesystem::path& path, JsonLimits limits) {
    Result<std::string> text = read_text_file(path, limits.bytes);
    if (!text) return text.error();
    return parse_json(*text, printable_path(path), limits);
}

}  // namespace greenroom::io
