// A model of a real shape with random weights that exists in memory only, so that a machine can be
// tried without 26 GB of disk. Knows no command.
#pragma once

#include "runtime/generate/engine.hpp"
#include "runtime/lab/synth_plan.hpp"

namespace greenroom::runtime {

struct ImaginedModel {
    Engine engine;  // without a tokenizer
    std::uint64_t parameters = 0, bytes = 0;
};

// `settings` say how it runs; `tokenizer` is the GGUF file that names the words. What tiers read
// "from disk" is zeros at the speed of memory: everything else takes the time that it takes.
io::Result<ImaginedModel> imagine_model(const SynthRequest& request,
                                        const std::filesystem::path& tokenizer,
                                        const Settings& settings,
                                        const LoadHooks& hooks = {});

}  // namespace greenroom::runtime
