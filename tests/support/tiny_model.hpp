// A whole Mixtral of a few kilobytes with seeded random weights, made to be spoilt: every key and
// every tensor can be replaced or left out before it is written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "io/model_files.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {

class TinyModel {
 public:
    struct Shape {
        int layers = 2;
        int embed = 32;
        int heads = 4, kv_heads = 2;
        int ff = 48;
        int experts = 4, experts_used = 2;  // 0 experts: a dense model
        int vocabulary = 24;
        int context = 64;
        bool tied = false;
    };
    struct Tensor {
        std::string name;
        std::vector<std::uint64_t> shape;  // GGUF order
        std::vector<float> values;
    };

    explicit TinyModel(const Shape& shape);
    TinyModel() : TinyModel(Shape()) {}

    // `entry` as tests/support/gguf_bytes.hpp makes it, under the key that it names.
    void set(std::string_view key, std::string entry);
    void remove(std::string_view key);

    Tensor& tensor(std::string_view name);
    void remove_tensor(std::string_view name);
    std::vector<Tensor>& tensors() { return tensors_; }

    // A GGUF file with all tensors in F32, and the same opened. The process ends when it cannot be
    // opened: what is wrong with the container is tested elsewhere.
    std::filesystem::path write(const TemporaryFolder& folder) const;
    io::ModelFiles open(const TemporaryFolder& folder) const;

 private:
    void add(std::string name, std::vector<std::uint64_t> shape, float spread);
    void add_layer(const Shape& s, const std::string& block);

    std::vector<std::pair<std::string, std::string>> metadata_;  // key, entry
    std::vector<Tensor> tensors_;
    std::uint64_t next_seed_ = 1;
};

}  // namespace greenroom::tests
