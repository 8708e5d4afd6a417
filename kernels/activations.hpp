// A batch of activation rows, in float and, made once and shared by every product that reads them,
// rounded to 8 bits per block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "kernels/block_type.hpp"
#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {

// How products treat activations.
enum class Arithmetic {
    fast,   // rounded to 8 bits per block, multiplied as integers where the weights are quantised
    exact,  // kept in float, weights dequantised on the fly: for comparing against references
};

// Buffers grow to the largest batch seen and stay; no allocation after that. One caller at a time.
class Activations {
 public:
    explicit Activations(Arithmetic arithmetic);
    ~Activations();
    Activations(Activations&&) noexcept;
    Activations& operator=(Activations&&) noexcept;

    // Sizes the buffers for batches up to (n_tokens, cols).
    void reserve(std::int64_t n_tokens, std::int64_t cols);
    // Takes x as the current batch (not copied: must stay until the next assign) and forgets the
    // rounded forms of the last one.
    void assign(const float* x, std::int64_t n_tokens, std::int64_t cols);  // x: (n_tokens, cols)

    Arithmetic arithmetic() const;
    std::int64_t n_tokens() const;
    std::int64_t cols() const;
    const float* values() const;  // (n_tokens, cols)

    struct Rounded;  // private to the products
    // The current batch in the form that products with `weights` want; made on first use.
    const Rounded& rounded_for(BlockType weights, ThreadPool& pool);

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace greenroom::kernels
