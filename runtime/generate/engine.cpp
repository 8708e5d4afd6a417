#include "runtime/generate/engine.hpp"

#include <chrono>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "kernels/cpu/path.hpp"
#include "runtime/generate/tier_settings.hpp"
#include "runtime/model/describe.hpp"
#include "runtime/text/load_chat_template.hpp"

namespace greenroom::runtime {
namespace {

using Clock = std::chrono::steady_clock;

io::Result<kernels::CpuPath> cpu_path(const std::string& name) {
    if (name == "auto") return kernels::best_cpu_path();
    const std::optional<kernels::CpuPath> path = kernels::cpu_path_named(name);
    if (path && kernels::is_available(*path)) return *path;
    std::string known = "auto";
    for (const kernels::CpuPath p : kernels::available_cpu_paths()) {
        known += fmt::format(", {}", kernels::name(p));
    }
    return io::Error{fmt::format("model.cpu_path: expected one of {}, got \"{}\"", known, name)};
}

// Half precision, save where results are compared with a reference's.
kernels::KvType kv_type(const ModelSection& section) {
    if (section.kv_type == "auto")
        return section.exact ? kernels::KvType::f32 : kernels::KvType::f16;
    if (section.kv_type == "f32") return kernels::KvType::f32;
    return section.kv_type == "q8_0" ? kernels::KvType::q8_0 : kernels::KvType::f16;
}

void append(std::vector<std::string>& to, std::span<const std::string> from) {
    to.insert(to.end(), from.begin(), from.end());
}

// What only shows once tokenizer and model are both there.
void warn_of_mismatch(Engine& engine) {
    const Model& model = *engine.model;
    if (model.context() > model.trained_context()) {
        engine.warnings.push_back(
            fmt::format("a context of {} positions, but the model was trained on {}",
                        model.context(),
                        model.trained_context()));
    }
    const std::size_t tokens = engine.tokenizer->vocabulary_size();
    if (tokens > static_cast<std::size_t>(model.vocabulary_size())) {
        engine.warnings.push_back(fmt::format(
            "the tokenizer has {} tokens, the model only {}", tokens, model.vocabulary_size()));
    }
}

void load_template(const io::ModelFiles& files, const std::string& wanted, Engine& engine) {
    io::Result<LoadedTemplate> loaded = load_chat_template(files, *engine.tokenizer, wanted);
    if (!loaded) {
        engine.chat_template = loaded.error();
        return;
    }
    if (wanted.empty() && loaded->origin.starts_with("built in")) {
        engine.warnings.push_back("the model brings no chat template; " + loaded->origin);
    }
    engine.template_origin = std::move(loaded->origin);
    engine.chat_template = std::move(loaded->chat_template);
}

io::Result<void> load_text_parts(const io::ModelFiles& files,
                                 const Settings& settings,
                                 Engine& engine) {
    io::Result<std::unique_ptr<Tokenizer>> tokenizer = load_tokenizer(files);
    if (!tokenizer) return tokenizer.error();
    engine.tokenizer = std::move(*tokenizer);
    append(engine.warnings, engine.tokenizer->warnings());
    io::Result<GenerationDefaults> recommended =
        read_generation_defaults(files, engine.tokenizer->vocabulary_size());
    if (!recommended) return recommended.error();
    engine.recommended = std::move(*recommended);
    append(engine.warnings, engine.recommended.warnings);
    load_template(files, settings.chat.chat_template, engine);
    return {};
}

}  // namespace

ModelSettings model_settings(const ModelSection& section) {
    ModelSettings out;
    out.load = section.load == "mmap" ? LoadMethod::mmap : LoadMethod::read;
    out.arithmetic = section.exact ? kernels::Arithmetic::exact : kernels::Arithmetic::fast;
    out.kv_type = kv_type(section);
    out.context = section.context;
    out.batch = section.batch;
    return out;
}

io::Result<Engine> load_engine(const Settings& settings,
                               const LoadHooks& hooks,
                               const ExpertProfile& profile) {
    const Clock::time_point begun = Clock::now();
    const io::Result<kernels::CpuPath> path = cpu_path(settings.model.cpu_path);
    if (!path) return path.error();
    io::Result<io::ModelFiles> files = io::open_model_files(settings.model.path);
    if (!files) return files.error();
    const io::Result<ModelDescription> description = describe_model(*files);
    if (!description) return description.error();

    Engine engine;
    append(engine.warnings, files->warnings);
    append(engine.warnings, description->warnings);
    if (const io::Result<void> ok = load_text_parts(*files, settings, engine); !ok)
        return ok.error();

    const int threads =
        settings.model.threads > 0 ? settings.model.threads : kernels::usable_cores();
    engine.pool = std::make_unique<kernels::ThreadPool>(threads, *path);
    ModelSettings how = model_settings(settings.model);
    io::Result<ExpertTierSettings> experts = expert_tier_settings(settings);
    if (!experts) return experts.error();
    how.experts = std::move(*experts);
    how.experts.profile = profile;
    io::Result<std::unique_ptr<Model>> model =
        Model::load(std::move(*files), how, *engine.pool, hooks);
    if (!model) return model.error();
    engine.model = std::move(*model);
    append(engine.warnings, engine.model->notices());
    engine.identity = {description->name,
                       description->parameters,
                       static_cast<std::uint64_t>(engine.model->vocabulary_size())};
    warn_of_mismatch(engine);
    engine.load_seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    return engine;
}

}  // namespace greenroom::runtime
