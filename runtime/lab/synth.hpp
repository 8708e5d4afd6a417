// Writes a model of a real shape with random weights, so that a machine can be tried before a model
// is downloaded. Knows no command.
#pragma once

#include <filesystem>

#include "io/result.hpp"
#include "runtime/lab/synth_plan.hpp"
#include "runtime/model/model.hpp"

namespace greenroom::runtime {

// `tokenizer` is a GGUF file whose tokenizer the model gets. The same request gives the same file.
// Takes a few MiB of memory whatever the model's size. Nothing appears at `path` before the file is
// complete; `hooks.stop` gives up.
io::Result<void> write_synthetic_model(const std::filesystem::path& path,
                                       const SynthRequest& request,
                                       const std::filesystem::path& tokenizer,
                                       const LoadHooks& hooks = {});

}  // namespace greenroom::runtime
