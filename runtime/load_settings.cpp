#include "runtime/load_settings.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "io/file.hpp"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace greenroom::runtime {
namespace {
namespace fs = std::filesystem;

constexpr std::uint64_t kMostBytes = 256 * 1024;
constexpr std::size_t kMostFiles = 8;  // that include one another
// The parser turns a.b.c into nested tables and frees them by recursion, so their depth is bounded
// by what a settings file could need at most.
constexpr std::size_t kMostDots = 1000;

// Where the string that starts at `text` ends; the end of the line for one that is not closed.
std::size_t string_length(std::string_view text) {
    const char quote = text[0];
    const std::string_view triple = quote == '"' ? R"(""")" : "'''";
    const bool lines = text.starts_with(triple);
    const std::string_view end = lines ? triple : triple.substr(0, 1);
    for (std::size_t i = end.size(); i < text.size(); ++i) {
        if (text[i] == '\\' && quote == '"') {
            ++i;
        } else if (text.substr(i).starts_with(end)) {
            return i + end.size();
        } else if (text[i] == '\n' && !lines) {
            return i;
        }
    }
    return text.size();
}

std::size_t dots_outside_strings(std::string_view text) {
    std::size_t dots = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.') {
            ++dots;
        } else if (text[i] == '#') {
            i = std::min(text.find('\n', i), text.size());
        } else if (text[i] == '"' || text[i] == '\'') {
            i += string_length(text.substr(i)) - 1;
        }
    }
    return dots;
}

std::string_view kind_of(const toml::node& node) {
    if (node.is_table()) return "a table";
    if (node.is_array()) return "a list";
    return "a date or time";
}

io::Result<void> put(const SettingField& field, const toml::node& node) {
    if (const auto* value = node.as_integer()) {
        return put_integer(field.place, field.accepts, value->get());
    }
    if (const auto* value = node.as_floating_point()) {
        return put_real(field.place, field.accepts, value->get());
    }
    if (const auto* value = node.as_boolean()) return put_bool(field.place, value->get());
    if (const auto* value = node.as_string()) {
        return put_string(field.place, field.accepts, value->get());
    }
    return io::Error{
        fmt::format("expected {}, got {}", expectation(field.place, field.accepts), kind_of(node))};
}

class Loader {
 public:
    explicit Loader(Settings& settings) : settings_(settings) {}

    io::Result<void> load(const fs::path& path) {
        const io::Result<std::string> text = io::read_text_file(path, kMostBytes);
        if (!text) return text.error();
        return read(*text, path);
    }

    io::Result<void> read(std::string_view text, const fs::path& path) {
        const std::string name = io::printable_path(path);
        if (dots_outside_strings(text) > kMostDots) {
            return io::Error{fmt::format("{}: more than {} dots in keys", name, kMostDots)};
        }
        const toml::parse_result parsed = toml::parse(text);
        if (!parsed) {
            const toml::parse_error& error = parsed.error();
            return io::Error{fmt::format("{}:{}: {}",
                                         name,
                                         error.source().begin.line,
                                         io::printable(error.description(), 200))};
        }
        if (const io::Result<void> ok = load_base(path, parsed.table()); !ok) return ok.error();
        return take(path, parsed.table());
    }

 private:
    // `base` first, so that this file wins over it.
    io::Result<void> load_base(const fs::path& path, const toml::table& file) {
        const toml::node* base = file.get("base");
        if (base == nullptr) return {};
        if (!base->is_string() || base->as_string()->get().empty()) {
            return at(path, *base, "base: expected the path of another settings file");
        }
        std::error_code error;
        open_.push_back(fs::weakly_canonical(path, error));
        const fs::path other = path.parent_path() / fs::path(base->as_string()->get());
        const fs::path found = fs::weakly_canonical(other, error);
        if (std::find(open_.begin(), open_.end(), found) != open_.end()) {
            return at(path, *base, "base: the files include each other");
        }
        if (open_.size() == kMostFiles) {
            return at(path, *base, fmt::format("base: more than {} files in a row", kMostFiles));
        }
        return load(other);
    }

    io::Result<void> take(const fs::path& path, const toml::table& file) {
        for (const auto& [key, node] : file) {
            if (key.str() == "base") continue;
            if (!is_section(key.str())) return at(path, key, unknown_section(key.str()));
            const toml::table* section = node.as_table();
            if (section == nullptr) {
                return at(path, key, fmt::format("{0}: expected a section, [{0}]", key.str()));
            }
            const io::Result<void> ok = take_section(path, key.str(), *section);
            if (!ok) return ok.error();
        }
        return {};
    }

    io::Result<void> take_section(const fs::path& path,
                                  std::string_view section,
                                  const toml::table& table) {
        for (const auto& [key, node] : table) {
            const std::string name = fmt::format("{}.{}", section, key.str());
            const auto field = std::find_if(
                fields_.begin(), fields_.end(), [&](const auto& f) { return f.name == name; });
            if (field == fields_.end()) {
                const std::string shown = fmt::format("{}.{}", section, io::printable(key.str()));
                return at(path, key, unknown_setting(settings_, shown).message);
            }
            if (const io::Result<void> ok = put(*field, node); !ok) {
                return at(path, node, fmt::format("{}: {}", name, ok.error().message));
            }
            if (name == "model.path" && !settings_.model.path.empty()) {
                settings_.model.path = path.parent_path() / settings_.model.path;
            }
        }
        return {};
    }

    bool is_section(std::string_view name) const {
        return std::any_of(fields_.begin(), fields_.end(), [&](const SettingField& field) {
            return field.name.substr(0, field.name.find('.')) == name;
        });
    }

    std::string unknown_section(std::string_view name) const {
        std::vector<std::string_view> sections;
        for (const SettingField& field : fields_) {
            sections.push_back(field.name.substr(0, field.name.find('.')));
        }
        const std::string shown = io::printable(name);
        if (const auto near = nearest_name(name, sections)) {
            return fmt::format("no section [{}]; did you mean [{}]?", shown, *near);
        }
        return unknown_setting(settings_, shown).message;
    }

    template <class Located>
    static io::Error at(const fs::path& path, const Located& what, std::string_view message) {
        return {
            fmt::format("{}:{}: {}", io::printable_path(path), what.source().begin.line, message)};
    }

    Settings& settings_;
    std::vector<SettingField> fields_ = setting_fields(settings_);
    std::vector<fs::path> open_;  // files that wait for their base
};

}  // namespace

io::Result<void> load_settings(const fs::path& path, Settings& settings) {
    Settings changed = settings;
    if (const io::Result<void> ok = Loader(changed).load(path); !ok) return ok.error();
    settings = std::move(changed);
    return {};
}

io::Result<void> read_settings(std::string_view text, const fs::path& path, Settings& settings) {
    Settings changed = settings;
    if (const io::Result<void> ok = Loader(changed).read(text, path); !ok) return ok.error();
    settings = std::move(changed);
    return {};
}

}  // namespace greenroom::runtime
