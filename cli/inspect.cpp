#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/demo_model.hpp"
#include "cli/human.hpp"
#include "cli/model_facts.hpp"
#include "cli/output.hpp"
#include "cli/shared_flags.hpp"

namespace greenroom::cli {
namespace {

io::Json tokenizer_json(const TextFacts& text) {
    if (!text.tokenizer_error.empty()) return {{"error", text.tokenizer_error}};
    return {
        {"kind", text.tokenizer}, {"pre_tokenizer", text.pre_tokenizer}, {"tokens", text.tokens}};
}

io::Json template_json(const TextFacts& text) {
    io::Json out = {{"origin", text.template_origin}, {"renders", text.template_error.empty()}};
    if (!text.template_error.empty()) out["error"] = text.template_error;
    return out;
}

std::string tokenizer_text(const TextFacts& text) {
    if (!text.tokenizer_error.empty()) return text.tokenizer_error;
    const bool named = !text.pre_tokenizer.empty() && text.pre_tokenizer != text.tokenizer;
    return fmt::format("{}{}, {} tokens",
                       text.tokenizer,
                       named ? fmt::format(" ({})", text.pre_tokenizer) : "",
                       text.tokens);
}

std::string template_text(const TextFacts& text) {
    if (text.template_error.empty()) return text.template_origin + ", renders";
    return "does not render: " + io::printable(text.template_error, 400);
}

std::string_view format_name(const io::ModelFiles& files) {
    return files.kind == io::ModelFiles::Kind::gguf ? "gguf" : "safetensors";
}

io::Json tensors_json(const io::ModelFiles& files) {
    io::Json out = io::Json::array();
    for (const io::TensorInfo& tensor : files.tensors) {
        out.push_back({{"name", tensor.name},
                       {"type", io::element_format(tensor.type).name},
                       {"shape", tensor.shape},
                       {"file", files.files[tensor.range.file].path().filename().string()},
                       {"offset", tensor.range.offset},
                       {"bytes", tensor.range.bytes}});
    }
    return out;
}

io::Json bytes_json(const runtime::ComponentBytes& bytes) {
    return {{"embedding", bytes.embedding},
            {"output", bytes.output},
            {"attention", bytes.attention},
            {"router", bytes.router},
            {"experts", bytes.experts},
            {"dense", bytes.dense},
            {"norms", bytes.norms},
            {"total", bytes.total()}};
}

io::Json types_json(const std::vector<runtime::TypeUse>& types) {
    io::Json out = io::Json::object();
    for (const runtime::TypeUse& use : types) {
        out[use.type] = {{"tensors", use.tensors}, {"bytes", use.bytes}};
    }
    return out;
}

io::Json model_json(const ModelFacts& facts) {
    const runtime::Hyperparameters& h = facts.model.hyperparameters;
    return {{"path", facts.files.root.string()},
            {"format", format_name(facts.files)},
            {"files", facts.files.files.size()},
            {"file_bytes", facts.file_bytes()},
            {"name", facts.model.name},
            {"architecture", facts.model.architecture},
            {"parameters", facts.model.parameters},
            {"active_parameters", facts.model.active_parameters},
            {"layers", h.layers},
            {"embedding_length", h.embed},
            {"heads", h.heads},
            {"kv_heads", h.kv_heads},
            {"experts", h.experts},
            {"experts_used", h.experts_used},
            {"expert_bytes", facts.model.expert_bytes},
            {"bytes", bytes_json(facts.model.bytes)},
            {"bytes_per_token", facts.model.weight_bytes_per_token},
            {"quant_types", types_json(facts.model.types)},
            {"vocabulary", h.vocabulary},
            {"tokenizer", tokenizer_json(facts.text)},
            {"template", template_json(facts.text)},
            {"context_length", h.context},
            {"run_context", facts.run_context},
            {"run_bytes", facts.run_bytes}};
}

void line(std::string_view what, std::string_view text) {
    print(fmt::format("  {:<12} {}\n", what, text));
}

std::string shape_text(const runtime::Hyperparameters& h) {
    const std::string layers = fmt::format("{} layers", h.layers);
    if (h.experts == 0) return layers + ", dense";
    return fmt::format("{}, {} experts in each, {} per token", layers, h.experts, h.experts_used);
}

// "94.5 MiB", or "94.5 MiB to 109 MiB" where layers differ.
std::string expert_text(const std::vector<std::uint64_t>& expert_bytes) {
    std::uint64_t least = 0, most = 0;
    for (const std::uint64_t bytes : expert_bytes) {
        if (bytes == 0) continue;
        least = least == 0 ? bytes : std::min(least, bytes);
        most = std::max(most, bytes);
    }
    if (least == most) return human_bytes(least);
    return fmt::format("{} to {}", human_bytes(least), human_bytes(most));
}

void print_bytes(const runtime::ModelDescription& model) {
    const runtime::ComponentBytes& bytes = model.bytes;
    line("weights", human_bytes(bytes.total()));
    const auto part = [](std::string_view name, std::uint64_t size, std::string_view note = {}) {
        if (size != 0) print(fmt::format("    {:<10} {:>9}{}\n", name, human_bytes(size), note));
    };
    part("experts", bytes.experts, fmt::format("   one is {}", expert_text(model.expert_bytes)));
    part("attention", bytes.attention);
    part("dense", bytes.dense);
    part("embedding", bytes.embedding, model.tied_output ? "   also the output" : "");
    part("output", bytes.output);
    part("router", bytes.router);
    part("norms", bytes.norms);
}

std::string types_text(const std::vector<runtime::TypeUse>& types) {
    std::string out;
    for (const runtime::TypeUse& use : types) {
        out += fmt::format("{}{} {}", out.empty() ? "" : ", ", use.type, human_bytes(use.bytes));
    }
    return out;
}

void print_model(const ModelFacts& facts) {
    const runtime::ModelDescription& model = facts.model;
    print(io::printable(model.name) + "\n");
    line("architecture", model.architecture + ", " + shape_text(model.hyperparameters));
    line("parameters",
         fmt::format(
             "{}, {} active", human_count(model.parameters), human_count(model.active_parameters)));
    line("file",
         fmt::format("{}, {} in {} {}",
                     format_name(facts.files),
                     human_bytes(facts.file_bytes()),
                     facts.files.files.size(),
                     facts.files.files.size() == 1 ? "file" : "files"));
    line("types", types_text(model.types));
    print_bytes(model);
    line("context", fmt::format("{} positions trained", model.hyperparameters.context));
    line("tokenizer", tokenizer_text(facts.text));
    line("template", template_text(facts.text));
    line("a token", fmt::format("reads {} of weights", human_bytes(model.weight_bytes_per_token)));
    line("a run",
         fmt::format(
             "takes {} with a context of {}", human_bytes(facts.run_bytes), facts.run_context));
}

void print_tensors(const io::ModelFiles& files) {
    print("\n");
    for (const io::TensorInfo& tensor : files.tensors) {
        std::string shape;
        for (const std::uint64_t n : tensor.shape) {
            shape += fmt::format("{}{}", shape.empty() ? "" : "x", n);
        }
        print(fmt::format("  {:<36} {:<8} {:>18} {:>10} at {}",
                          io::printable(tensor.name),
                          io::element_format(tensor.type).name,
                          shape,
                          human_bytes(tensor.range.bytes),
                          tensor.range.offset));
        print(files.files.size() == 1 ? "\n" : fmt::format(" of file {}\n", tensor.range.file + 1));
    }
}

struct Flags {
    runtime::Settings settings;
    SharedFlags shared;
    bool tensors = false;
};

int inspect_model(Flags& flags) {
    if (const auto found = default_to_demo(flags.settings); !found) {
        return fail("inspect", found.error().message);
    }
    const auto facts = gather_facts(flags.settings.model);
    if (!facts) return fail("inspect", facts.error().message);
    if (flags.shared.json) {
        io::Json out = model_json(*facts);
        if (flags.tensors) out["tensors"] = tensors_json(facts->files);
        print_json(out);
    } else {
        print_model(*facts);
        if (flags.tensors) print_tensors(facts->files);
    }
    for (const auto* warnings : {&facts->files.warnings, &facts->model.warnings}) {
        for (const std::string& warning : *warnings) note(flags.shared, warning);
    }
    return kDone;
}

}  // namespace

int inspect(CommandLine argv) {
    Flags flags;
    Arguments arguments(
        "inspect", "MODEL [flags]", "What a model is, from its headers: sizes, types, memory.");
    add_path_flags(arguments, flags.settings, flags.shared);
    add_context_flags(arguments, flags.settings);
    arguments.add({"tensors", "", "list every tensor: type, shape, bytes, offset"}, &flags.tensors);
    add_output_flags(arguments, flags.shared);
    arguments.positional("model");
    const auto ended = start_command(arguments, argv, flags.settings, flags.shared);
    return ended ? *ended : inspect_model(flags);
}

}  // namespace greenroom::cli
