// How a model itself wants to be sampled, and which further tokens end its replies: from the
// generation_config.json of a folder or the metadata of a GGUF file. Knows no flags.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "io/json.hpp"
#include "io/metadata.hpp"
#include "io/model_files.hpp"
#include "io/result.hpp"
#include "runtime/generate/sampler.hpp"
#include "runtime/settings.hpp"

namespace greenroom::runtime {

struct GenerationDefaults {
    SamplingSection sampling;      // what the model does not say is not set
    std::vector<TokenId> end_ids;  // besides those that the tokenizer knows
    std::vector<std::string> warnings;
};

// A value of the wrong kind is an Error naming file and field (HAZARDS 88); a number that makes no
// sense (top_p 7, an id outside the vocabulary) is left out with a warning.
io::Result<GenerationDefaults> read_generation_defaults(const io::ModelFiles& files,
                                                        std::size_t vocabulary_size);
// generation_config.json, parsed; `name` is its path.
io::Result<GenerationDefaults> read_generation_config(const io::Json& config,
                                                      const std::string& name,
                                                      std::size_t vocabulary_size);
// "general.sampling.temp" and so on, as converters write them.
io::Result<GenerationDefaults> read_gguf_generation_defaults(const io::Metadata& metadata,
                                                             std::size_t vocabulary_size);

// `asked` wins over `recommended`, that over the defaults of SamplerSettings. Without a seed, or
// with -1, the seed is a new one each time.
SamplerSettings sampler_settings(const SamplingSection& asked, const SamplingSection& recommended);

}  // namespace greenroom::runtime
