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

io::Result<void> make_pool(const Settings& settings, Engine& engine) {
    const io::Result<kernels::CpuPath> path = cpu_path(settings.model.cpu_path);
    if (!path) return path.error();
    const int threads =
        settings.model.threads > 0 ? settings.model.threads : kernels::usable_cores();
    engine.pool = std::make_unique<kernels::ThreadPool>(threads, *path);
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

namespace {

// Opens the GPU where the settings want one, and says in `settings` what computes. Results that are
// compared with a reference's come from the CPU, whose products can be exact.
io::Result<void> choose_device(Settings& settings, Engine& engine) {
    DeviceSection& device = settings.device;
    if (device.kind != "auto" && device.kind != "cuda") return {};
    const bool must = device.kind == "cuda";
    if (must && settings.model.exact) {
        return io::Error{"device.kind cuda: exact products are the CPU's; expected none"};
    }
    device.kind = "none";
    if (settings.model.exact) return {};
    std::string why_not;
    auto gpu = Gpu::open({.index = device.index, .must = must}, why_not);
    if (!gpu) return gpu.error();
    engine.gpu = *std::move(gpu);
    if (engine.gpu != nullptr) device.kind = "cuda";
    if (engine.gpu != nullptr && settings.trace.predictions > 0) {
        engine.warnings.push_back("trace.predictions: those of a GPU are not recorded");
    }
    if (!why_not.empty()) engine.warnings.push_back(why_not);
    return {};
}

io::Result<ModelSettings> full_settings(const Settings& settings,
                                        const ExpertProfile& profile,
                                        Engine& engine) {
    Settings chosen = settings;
    if (auto ok = choose_device(chosen, engine); !ok) return ok.error();
    ModelSettings out = model_settings(chosen.model);
    io::Result<ExpertTierSettings> experts = expert_tier_settings(chosen);
    if (!experts) return experts.error();
    out.experts = std::move(*experts);
    out.experts.profile = profile;
    if (engine.gpu == nullptr) return out;
    const auto reserve = parse_bytes(chosen.device.reserve);
    if (!reserve) return io::Error{"device.reserve: " + reserve.error().message};
    out.gpu = {.stream = &engine.gpu->stream(), .reserve_bytes = *reserve};
    return out;
}

struct ModelWish {
    const Settings& settings;
    const ExpertProfile& profile;
    const LoadHooks& hooks;
};

io::Result<std::unique_ptr<Model>> load_model(io::ModelFiles files,
                                              const ModelWish& wish,
                                              Engine& engine) {
    const auto how = full_settings(wish.settings, wish.profile, engine);
    if (!how) return how.error();
    auto model = Model::load(std::move(files), *how, *engine.pool, wish.hooks);
    const bool is_offered = engine.gpu != nullptr && wish.settings.device.kind == "auto";
    if (model || !is_offered || wish.hooks.stop.stop_requested()) return model;
    // Nobody insists on the GPU.
    engine.warnings.push_back(model.error().message + ": computing on the CPU");
    engine.gpu.reset();
    auto again = io::open_model_files(wish.settings.model.path);
    if (!again) return again.error();
    Settings on_cpu = wish.settings;
    on_cpu.device.kind = "none";
    const auto plain = full_settings(on_cpu, wish.profile, engine);
    if (!plain) return plain.error();
    return Model::load(*std::move(again), *plain, *engine.pool, wish.hooks);
}

}  // namespace

io::Result<Engine> load_engine(const Settings& settings,
                               const LoadHooks& hooks,
                               const ExpertProfile& profile) {
    const Clock::time_point begun = Clock::now();
    io::Result<io::ModelFiles> files = io::open_model_files(settings.model.path);
    if (!files) return files.error();
    const io::Result<ModelDescription> description = describe_model(*files);
    if (!description) return description.error();

    Engine engine;
    append(engine.warnings, files->warnings);
    append(engine.warnings, description->warnings);
    if (const io::Result<void> ok = make_pool(settings, engine); !ok) return ok.error();
    if (const io::Result<void> ok = load_text_parts(*files, settings, engine); !ok)
        return ok.error();
    io::Result<std::unique_ptr<Model>> model =
        load_model(*std::move(files), {settings, profile, hooks}, engine);
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

io::Result<Engine> load_engine_without_text(io::ModelFiles files,
                                            const Settings& settings,
                                            decltype(ModelSettings::fill) fill,
                                            const LoadHooks& hooks) {
    Engine engine;
    if (const io::Result<void> ok = make_pool(settings, engine); !ok) return ok.error();
    Settings on_cpu = settings;
    on_cpu.device.kind = settings.device.kind == "emulated" ? "emulated" : "none";
    io::Result<ModelSettings> how = full_settings(on_cpu, {}, engine);
    if (!how) return how.error();
    how->fill = std::move(fill);
    auto model = Model::load(std::move(files), *how, *engine.pool, hooks);
    if (!model) return model.error();
    engine.model = std::move(*model);
    append(engine.warnings, engine.model->notices());
    return engine;
}

}  // namespace greenroom::runtime
