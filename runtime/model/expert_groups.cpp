#include "runtime/model/expert_groups.hpp"

#include <algorithm>
#include <numeric>

namespace greenroom::runtime {

ExpertGroups::ExpertGroups(int n_experts, int k, int batch)
    : k_(k),
      first_row_(static_cast<std::size_t>(n_experts) + 1),
      row_of_(static_cast<std::size_t>(batch) * static_cast<std::size_t>(k)),
      token_of_(row_of_.size()),
      is_listed_(static_cast<std::size_t>(n_experts)) {
    keys_.reserve(static_cast<std::size_t>(n_experts));
}

void ExpertGroups::sort(int layer, std::span<const std::int32_t> experts) {
    std::fill(first_row_.begin(), first_row_.end(), 0);
    for (const std::int32_t expert : experts) ++first_row_[static_cast<std::size_t>(expert) + 1];
    std::partial_sum(first_row_.begin(), first_row_.end(), first_row_.begin());
    for (std::size_t i = 0; i < experts.size(); ++i) {  // first_row_[e] walks to that of e + 1 …
        const int row = first_row_[static_cast<std::size_t>(experts[i])]++;
        row_of_[i] = row;
        token_of_[static_cast<std::size_t>(row)] = static_cast<std::int32_t>(i) / k_;
    }
    std::rotate(first_row_.rbegin(), first_row_.rbegin() + 1, first_row_.rend());
    first_row_[0] = 0;  // … and back
    list(layer, experts);
}

void ExpertGroups::list(int layer, std::span<const std::int32_t> experts) {
    keys_.clear();
    std::fill(is_listed_.begin(), is_listed_.end(), false);
    for (std::size_t i = experts.size(); i-- > 0;) {
        const auto expert = static_cast<std::uint16_t>(experts[i]);
        if (!is_listed_[expert]) keys_.push_back({static_cast<std::uint16_t>(layer), expert});
        is_listed_[expert] = true;
    }
    std::reverse(keys_.begin(), keys_.end());
}

}  // namespace greenroom::runtime
