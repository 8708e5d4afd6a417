#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/demo_model.hpp"
#include "cli/human.hpp"
#include "cli/output.hpp"
#include "cli/shared_flags.hpp"
#include "runtime/generate/engine.hpp"
#include "runtime/model/describe.hpp"

namespace greenroom::cli {
namespace {

struct Inspected {
    io::ModelFiles files;
    runtime::ModelDescription model;
    int context = 0;
    kernels::KvType kv_type = kernels::KvType::f16;

    std::uint64_t run_bytes() const { return runtime::run_bytes(model, context, kv_type); }
    std::uint64_t file_bytes() const {
        std::uint64_t sum = 0;
        for (const io::File& file : files.files) sum += file.size();
        return sum;
    }
};

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

io::Json model_json(const Inspected& in) {
    const runtime::Hyperparameters& h = in.model.hyperparameters;
    return {{"path", in.files.root.string()},
            {"format", format_name(in.files)},
            {"files", in.files.files.size()},
            {"file_bytes", in.file_bytes()},
            {"name", in.model.name},
            {"architecture", in.model.architecture},
            {"parameters", in.model.parameters},
            {"active_parameters", in.model.active_parameters},
            {"layers", h.layers},
            {"embedding_length", h.embed},
            {"heads", h.heads},
            {"kv_heads", h.kv_heads},
            {"experts", h.experts},
            {"experts_used", h.experts_used},
            {"expert_bytes", in.model.expert_bytes},
            {"bytes", bytes_json(in.model.bytes)},
            {"bytes_per_token", in.model.weight_bytes_per_token},
            {"quant_types", types_json(in.model.types)},
            {"vocabulary", h.vocabulary},
            {"context_length", h.context},
            {"run_context", in.context},
            {"run_bytes", in.run_bytes()}};
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

void print_model(const Inspected& in) {
    const runtime::ModelDescription& model = in.model;
    print(io::printable(model.name) + "\n");
    line("architecture", model.architecture + ", " + shape_text(model.hyperparameters));
    line("parameters",
         fmt::format(
             "{}, {} active", human_count(model.parameters), human_count(model.active_parameters)));
    line("file",
         fmt::format("{}, {} in {} {}",
                     format_name(in.files),
                     human_bytes(in.file_bytes()),
                     in.files.files.size(),
                     in.files.files.size() == 1 ? "file" : "files"));
    line("types", types_text(model.types));
    print_bytes(model);
    line("context", fmt::format("{} positions trained", model.hyperparameters.context));
    line("a token", fmt::format("reads {} of weights", human_bytes(model.weight_bytes_per_token)));
    line("a run",
         fmt::format("takes {} with a context of {}", human_bytes(in.run_bytes()), in.context));
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
    auto files = io::open_model_files(flags.settings.model.path);
    if (!files) return fail("inspect", files.error().message);
    auto model = runtime::describe_model(*files);
    if (!model) return fail("inspect", model.error().message);
    Inspected in{.files = std::move(*files), .model = std::move(*model)};
    in.context = flags.settings.model.context;
    if (in.context == 0) in.context = std::min(in.model.hyperparameters.context, 4096);
    if (flags.shared.json) {
        io::Json out = model_json(in);
        if (flags.tensors) out["tensors"] = tensors_json(in.files);
        print_json(out);
    } else {
        print_model(in);
        if (flags.tensors) print_tensors(in.files);
    }
    for (const auto* warnings : {&in.files.warnings, &in.model.warnings}) {
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
