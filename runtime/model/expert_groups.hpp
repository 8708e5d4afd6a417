// The (token, slot) pairs of one layer's routing, sorted by expert. Knows no weights.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "io/expert_key.hpp"

namespace greenroom::runtime {

// Sized at construction for batches of `batch` tokens with k experts each. One caller at a time.
class ExpertGroups {
 public:
    ExpertGroups(int n_experts, int k, int batch);

    // experts: (n_tokens, k), each below n_experts.
    void sort(int layer, std::span<const std::int32_t> experts);

    // The distinct experts in order of last use, which is what stores count by.
    std::span<const io::ExpertKey> keys() const { return keys_; }
    // The rows [first_row(e), first_row(e + 1)) are expert e's.
    int first_row(int expert) const { return first_row_[static_cast<std::size_t>(expert)]; }
    int n_rows(int expert) const { return first_row(expert + 1) - first_row(expert); }
    std::span<const std::int32_t> row_of() const { return row_of_; }      // (n_tokens, k)
    std::span<const std::int32_t> token_of() const { return token_of_; }  // of each row

 private:
    void list(int layer, std::span<const std::int32_t> experts);

    const int k_;
    std::vector<int> first_row_;          // (experts + 1): where an expert's group starts
    std::vector<std::int32_t> row_of_;    // (batch, k)
    std::vector<std::int32_t> token_of_;  // (batch * k)
    std::vector<io::ExpertKey> keys_;     // (experts)
    std::vector<bool> is_listed_;         // (experts)
};

}  // namespace greenroom::runtime
