// Everything a command needs to talk with a model, loaded from settings: threads, weights,
// tokenizer, chat template, recommended sampling. Knows no command and no conversation.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/result.hpp"
#include "kernels/thread_pool.hpp"
#include "runtime/generate/conversation.hpp"
#include "runtime/generate/generation_defaults.hpp"
#include "runtime/model/gpu.hpp"
#include "runtime/model/model.hpp"
#include "runtime/settings.hpp"
#include "runtime/text/chat_template.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {

// One caller at a time. Members are in the order of their dependence.
struct Engine {
    std::unique_ptr<Gpu> gpu;  // null: the CPU computes
    std::unique_ptr<kernels::ThreadPool> pool;
    std::unique_ptr<Tokenizer> tokenizer;
    std::unique_ptr<Model> model;
    // An Error when the model's template cannot be used: it says why, and only conversations need
    // it.
    io::Result<ChatTemplate> chat_template = io::Error{"no chat template"};
    std::string template_origin;  // where it was found, or which built-in one it is
    GenerationDefaults recommended;
    ModelIdentity identity;
    std::vector<std::string> warnings;  // of files, tokenizer, template; worth showing once
    double load_seconds = 0;
};

// [model] of the settings, in the model's own words. Words that are not among the choices of their
// fields count as the defaults.
ModelSettings model_settings(const ModelSection& section);

// Opens settings.model.path. An Error is that of the part that could not be loaded.
// `profile` is what cache.profile names.
io::Result<Engine> load_engine(const Settings& settings,
                               const LoadHooks& hooks = {},
                               const ExpertProfile& profile = {});

// The same without text and without a GPU: threads and the model of these files, whose weights may
// come from elsewhere (ModelSettings::fill).
io::Result<Engine> load_engine_without_text(io::ModelFiles files,
                                            const Settings& settings,
                                            decltype(ModelSettings::fill) fill,
                                            const LoadHooks& hooks = {});

}  // namespace greenroom::runtime
