// One tensor of a safetensors header, from its JSON. Private to this room.
#pragma once

#include "io/json.hpp"
#include "io/model_files.hpp"
#include "io/result.hpp"

namespace greenroom::io::safetensors {

// Fills shape (reversed: GGUF order), type and range from {"dtype", "shape", "data_offsets"}; the
// range counts from the start of the data. A tensor without dimensions gets the shape [1]. Errors
// name neither file nor tensor.
Result<void> read_tensor_entry(const Json& entry, TensorInfo& tensor);

}  // namespace greenroom::io::safetensors
