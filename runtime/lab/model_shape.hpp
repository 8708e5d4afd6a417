// The shapes of models that people run, so that one can be tried before it is downloaded. Knows no
// weights and no files.
#pragma once

#include <span>
#include <string_view>

#include "runtime/model/hyperparameters.hpp"

namespace greenroom::runtime {

struct ModelShape {
    std::string_view name;     // as a user names it: "mixtral-8x7b"
    std::string_view summary;  // one line of help
    Hyperparameters numbers;
};

std::span<const ModelShape> model_shapes();

// Null when there is none of this name.
const ModelShape* find_model_shape(std::string_view name);

}  // namespace greenroom::runtime
