#include "runtime/text/load/json_pipeline.hpp"

#include <fmt/format.h>

#include "io/file.hpp"
#include "runtime/text/load/json_fields.hpp"
#include "runtime/text/pretokenize/kinds.hpp"
#include "runtime/text/pretokenize/plain_words.hpp"
#include "runtime/text/space_mark.hpp"

namespace greenroom::runtime {
namespace {

// One component of the file and where it stands, for messages.
struct Component {
    const io::Json& json;
    std::string where;
    std::string_view type;
};

io::Result<Component> component_of(const io::Json& json, std::string_view where) {
    const auto type = text_field(json, "type", where);
    if (!type) return type.error();
    if (!*type) return missing_field("type", where);
    return Component{json, fmt::format("{} {}", where, io::printable(**type)), **type};
}

io::Error unsupported(const Component& component) {
    return {fmt::format("{}: is not supported", component.where)};
}

// Calls `read(component, pipeline)` for the component under `key`, and for each one in it when it
// is a sequence, which holds its parts under `parts`.
template <class Read>
io::Result<void> read_all(const io::Json& json,
                          std::string_view where,
                          std::string_view parts,
                          Read read) {
    const auto component = component_of(json, where);
    if (!component) return component.error();
    if (component->type != "Sequence") return read(*component);
    const io::Json* list = find_field(json, parts);
    if (list == nullptr || !list->is_array()) return missing_field(parts, component->where);
    for (const io::Json& part : *list) {
        if (auto ok = read_all(part, where, parts, read); !ok) return ok;
    }
    return {};
}

// True when `json` is an object with this text under `key`.
bool is_text(const io::Json* json, std::string_view key, std::string_view expected) {
    const io::Json* value = json == nullptr ? nullptr : find_field(*json, key);
    return value != nullptr && value->is_string() &&
           value->get_ref<const std::string&>() == expected;
}

bool is_flag(const io::Json& json, std::string_view key, bool expected) {
    const io::Json* value = find_field(json, key);
    return value != nullptr && value->is_boolean() && value->get<bool>() == expected;
}

io::Result<void> read_normalizer(const Component& component, JsonPipeline& pipeline) {
    const io::Json& json = component.json;
    if (component.type == "NFC") {
        pipeline.composes = true;
        return {};
    }
    if (component.type == "Prepend" && is_text(&json, "prepend", kSpaceMark)) {
        pipeline.space_prefix = SpacePrefix::after_special;
        return {};
    }
    if (component.type == "Replace" && is_text(find_field(json, "pattern"), "String", " ") &&
        is_text(&json, "content", kSpaceMark)) {
        pipeline.marks_spaces = true;
        return {};
    }
    return unsupported(component);
}

io::Result<void> read_split(const Component& component, JsonPipeline& pipeline) {
    const io::Json* pattern = find_field(component.json, "pattern");
    if (pattern == nullptr) return missing_field("pattern", component.where);
    // Spaces that have been marked are never found.
    if (pipeline.marks_spaces && is_text(pattern, "String", " ")) return {};
    const bool inverted = is_flag(component.json, "invert", true);
    const bool isolates = is_text(&component.json, "behavior", "Isolated") && !inverted;
    const bool keeps_matches = is_text(&component.json, "behavior", "Removed") && inverted;
    if (!isolates && !keeps_matches) return unsupported(component);
    const auto expression = text_field(*pattern, "Regex", component.where);
    if (!expression) return expression.error();
    if (!*expression) return missing_field("pattern.Regex", component.where);
    const Rule rule = find_rule(**expression);
    if (rule == nullptr) {
        return wrong_field("pattern.Regex",
                           pattern->at("Regex"),
                           "the expression of a known tokenizer",
                           component.where);
    }
    pipeline.rules.push_back(rule);
    return {};
}

io::Result<void> read_byte_level(const Component& component, JsonPipeline& pipeline) {
    pipeline.byte_level = true;
    if (!is_flag(component.json, "use_regex", false)) pipeline.rules.push_back(gpt2_words);
    if (!is_flag(component.json, "add_prefix_space", false)) {
        if (pipeline.rules.size() > 1) return unsupported(component);
        pipeline.space_prefix = SpacePrefix::after_special;
        pipeline.prefix_repeats_space = false;
    }
    return {};
}

io::Result<void> read_metaspace(const Component& component, JsonPipeline& pipeline) {
    const io::Json& json = component.json;
    if (!is_text(&json, "replacement", kSpaceMark) || !is_flag(json, "split", false))
        return unsupported(component);
    pipeline.marks_spaces = true;
    pipeline.prefix_repeats_space = false;
    const auto scheme = text_field(json, "prepend_scheme", component.where);
    if (!scheme) return scheme.error();
    const std::string_view name = scheme->value_or("always");
    if (name == "never") return {};
    if (name != "first" && name != "always") return unsupported(component);
    pipeline.space_prefix = name == "first" ? SpacePrefix::start : SpacePrefix::after_special;
    return {};
}

io::Result<void> read_pre_tokenizer(const Component& component, JsonPipeline& pipeline) {
    // What follows would see the characters that stand for bytes, and cut through letters.
    if (pipeline.byte_level) return unsupported(component);
    if (component.type == "Split") return read_split(component, pipeline);
    if (component.type == "ByteLevel") return read_byte_level(component, pipeline);
    if (component.type == "Metaspace") return read_metaspace(component, pipeline);
    if (component.type == "Digits") {
        const bool single = is_flag(component.json, "individual_digits", true);
        pipeline.rules.push_back(single ? single_numbers : number_runs);
        return {};
    }
    return unsupported(component);
}

// A template for single texts: special tokens, the text, special tokens.
io::Result<void> read_template(const Component& component, JsonPipeline& pipeline) {
    const io::Json* items = find_field(component.json, "single");
    if (items == nullptr || !items->is_array()) return missing_field("single", component.where);
    std::vector<std::string> before, after;
    bool after_text = false;
    for (const io::Json& item : *items) {
        const io::Json* special = find_field(item, "SpecialToken");
        if (special == nullptr) {
            after_text = true;
            continue;
        }
        const auto id = text_field(*special, "id", component.where);
        if (!id) return id.error();
        if (!*id) return missing_field("SpecialToken.id", component.where);
        (after_text ? after : before).emplace_back(**id);
    }
    if (before.size() > 1 || after.size() > 1) {
        pipeline.warnings.push_back(fmt::format(
            "{}: puts several tokens around every text; they are left out", component.where));
        return {};
    }
    if (!before.empty()) pipeline.first = before.front();
    if (!after.empty()) pipeline.last = after.front();
    return {};
}

io::Result<void> read_post_processor(const Component& component, JsonPipeline& pipeline) {
    if (component.type == "ByteLevel") return {};
    if (component.type == "TemplateProcessing") return read_template(component, pipeline);
    return unsupported(component);
}

io::Result<void> check_decoder(const Component& component) {
    for (const std::string_view known :
         {"ByteLevel", "ByteFallback", "Fuse", "Metaspace", "Replace", "Strip"}) {
        if (component.type == known) return {};
    }
    return unsupported(component);
}

}  // namespace

io::Result<JsonPipeline> read_json_pipeline(const io::Json& tokenizer, std::string_view file) {
    JsonPipeline pipeline;
    const auto read =
        [&](std::string_view key, std::string_view parts, auto use) -> io::Result<void> {
        const io::Json* json = find_field(tokenizer, key);
        if (json == nullptr) return {};
        return read_all(*json, fmt::format("{}: {}", file, key), parts, use);
    };
    const auto with = [&](auto use) {
        return [&pipeline, use](const Component& component) { return use(component, pipeline); };
    };
    if (auto ok = read("normalizer", "normalizers", with(read_normalizer)); !ok) return ok.error();
    if (auto ok = read("pre_tokenizer", "pretokenizers", with(read_pre_tokenizer)); !ok)
        return ok.error();
    if (auto ok = read("post_processor", "processors", with(read_post_processor)); !ok)
        return ok.error();
    if (auto ok = read("decoder", "decoders", check_decoder); !ok) return ok.error();
    return pipeline;
}

}  // namespace greenroom::runtime
