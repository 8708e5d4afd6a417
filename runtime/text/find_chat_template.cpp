#include "runtime/text/find_chat_template.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <vector>

#include "io/file.hpp"
#include "io/json.hpp"

namespace greenroom::runtime {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view kDefault = "default";
constexpr std::uint64_t kMostBytes = 4ull << 20;  // of a file that is one template

struct Variant {
    std::string name;
    std::string source;
    std::string origin;
};

// What a model's files say, before a choice.
struct Shipped {
    std::vector<Variant> variants;  // of two with one name the first counts
    std::string bos_token, eos_token;
    std::string architecture;
};

// ---- GGUF

// A dense llama and a Mixtral call themselves the same there.
io::Result<std::string> gguf_architecture(const io::Metadata& metadata) {
    const auto name = metadata.text("general.architecture");
    if (!name) return name.error();
    if (*name == nullptr) return std::string();
    const auto experts = metadata.unsigned_integer(**name + ".expert_count");
    if (!experts) return experts.error();
    return **name == "llama" && experts->value_or(0) > 0 ? "mixtral" : **name;
}

io::Result<Shipped> read_gguf(const io::Metadata& metadata) {
    constexpr std::string_view kKey = "tokenizer.chat_template";
    Shipped out;
    auto architecture = gguf_architecture(metadata);
    if (!architecture) return architecture.error();
    out.architecture = *std::move(architecture);
    for (const std::string& key : metadata.keys()) {
        if (!key.starts_with(kKey)) continue;
        const std::string_view rest = std::string_view(key).substr(kKey.size());
        if (!rest.empty() && rest.front() != '.') continue;
        const auto source = metadata.text(key);
        if (!source) return source.error();
        const std::string_view name = rest.empty() ? kDefault : rest.substr(1);
        out.variants.push_back({std::string(name), **source, key});
    }
    return out;
}

// ---- Hugging Face folder

bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

// "<s>", or {"content": "<s>", …}.
std::string token_text(const io::Json& config, const char* key) {
    const auto found = config.find(key);
    if (found == config.end()) return {};
    if (found->is_string()) return found->get<std::string>();
    if (!found->is_object()) return {};
    const auto content = found->find("content");
    const bool text = content != found->end() && content->is_string();
    return text ? content->get<std::string>() : std::string();
}

io::Error unexpected(const fs::path& file, std::string_view found) {
    return {
        fmt::format("{}: chat_template: {}; expected a string or a list of objects with the "
                    "strings name and template",
                    io::printable_path(file),
                    found)};
}

// A string, or a list of {"name": …, "template": …}.
io::Result<void> read_field(const io::Json& config, const fs::path& file, Shipped& out) {
    const auto field = config.find("chat_template");
    if (field == config.end() || field->is_null()) return {};
    const std::string origin = file.filename().string();
    if (field->is_string()) {
        out.variants.push_back({std::string(kDefault), field->get<std::string>(), origin});
        return {};
    }
    if (!field->is_array()) return unexpected(file, field->type_name());
    for (const io::Json& each : *field) {
        const bool fits = each.is_object() && each.contains("name") && each["name"].is_string() &&
                          each.contains("template") && each["template"].is_string();
        if (!fits) return unexpected(file, "an entry that is none");
        out.variants.push_back(
            {each["name"].get<std::string>(), each["template"].get<std::string>(), origin});
    }
    return {};
}

// A file of JSON that need not be there; null when it is not.
io::Result<io::Json> read_object(const fs::path& file) {
    if (!is_there(file)) return io::Json();
    auto json = io::read_json_file(file);
    if (json && !json->is_object()) {
        return io::Error{fmt::format(
            "{}: is a JSON {}; expected an object", io::printable_path(file), json->type_name())};
    }
    return json;
}

// In the order of their weight: newer folders keep the template in a file of its own.
io::Result<Shipped> read_folder(const fs::path& folder) {
    Shipped out;
    if (const fs::path file = folder / "chat_template.jinja"; is_there(file)) {
        auto source = io::read_text_file(file, kMostBytes);
        if (!source) return source.error();
        out.variants.push_back({std::string(kDefault), *std::move(source), "chat_template.jinja"});
    }
    for (const char* name : {"tokenizer_config.json", "chat_template.json"}) {
        const auto config = read_object(folder / name);
        if (!config) return config.error();
        if (config->is_null()) continue;
        if (const auto ok = read_field(*config, folder / name, out); !ok) return ok.error();
        if (out.bos_token.empty()) out.bos_token = token_text(*config, "bos_token");
        if (out.eos_token.empty()) out.eos_token = token_text(*config, "eos_token");
    }
    const auto config = read_object(folder / "config.json");
    if (!config) return config.error();
    if (!config->is_null()) out.architecture = token_text(*config, "model_type");
    return out;
}

// ---- the choice

std::string names_of(const std::vector<Variant>& variants) {
    std::string out;
    for (const Variant& each : variants) {
        out += fmt::format("{}{}", out.empty() ? "" : ", ", io::printable(each.name));
    }
    return out.empty() ? "none" : out;
}

std::optional<Variant> built_in(std::string_view name) {
    std::string source = built_in_source(name);
    if (source.empty()) return std::nullopt;
    return Variant{std::string(name), std::move(source), fmt::format("built in: {}", name)};
}

io::Result<Variant> choose(const Shipped& shipped,
                           const TokenExists& has_token,
                           std::string_view wanted) {
    const std::string_view name = wanted.empty() ? kDefault : wanted;
    for (const Variant& each : shipped.variants) {
        if (each.name == name) return each;
    }
    if (wanted.empty() && !shipped.variants.empty()) return shipped.variants.front();
    if (wanted.empty()) return *built_in(built_in_for(has_token, shipped.architecture));
    if (std::optional<Variant> found = built_in(wanted)) return *std::move(found);
    return io::Error{fmt::format(
        "chat template '{}': expected one of the model's own ({}) or of the built-in ({})",
        io::printable(wanted),
        names_of(shipped.variants),
        built_in_names())};
}

}  // namespace

io::Result<FoundTemplate> find_chat_template(const io::ModelFiles& files,
                                             const TokenExists& has_token,
                                             std::string_view wanted) {
    const bool is_folder = files.kind == io::ModelFiles::Kind::safetensors;
    std::error_code ignored;
    const fs::path folder =
        fs::is_directory(files.root, ignored) ? files.root : files.root.parent_path();
    const io::Result<Shipped> shipped = is_folder ? read_folder(folder) : read_gguf(files.metadata);
    if (!shipped) return shipped.error();
    io::Result<Variant> chosen = choose(*shipped, has_token, wanted);
    if (!chosen) return chosen.error();
    return FoundTemplate{std::move(chosen->source),
                         std::move(chosen->origin),
                         shipped->bos_token,
                         shipped->eos_token};
}

}  // namespace greenroom::runtime
