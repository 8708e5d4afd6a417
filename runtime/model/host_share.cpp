#include "runtime/model/host_share.hpp"

#include <algorithm>

namespace greenroom::runtime {

HostShare::HostShare(const Hyperparameters& h,
                     int batch,
                     kernels::ThreadPool& pool,
                     DeviceMemory& memory)
    : h_(h), pool_(pool), input_(kernels::Arithmetic::fast), hidden_(kernels::Arithmetic::fast) {
    const auto tokens = static_cast<std::size_t>(batch);
    const auto embed = static_cast<std::size_t>(h.embed);
    const auto ff = static_cast<std::size_t>(h.expert_ff);
    x_ = memory.share<float>(tokens * embed);
    results_ = memory.share<float>(tokens * embed * static_cast<std::size_t>(h.experts_used));
    rows_.resize(tokens * embed);
    gate_.resize(tokens * ff);
    up_.resize(tokens * ff);
    input_.reserve(batch, h.embed);
    hidden_.reserve(batch, h.expert_ff);
}

std::span<const float> HostShare::run(const kernels::ExpertWeights& weights,
                                      const ExpertGroups& groups,
                                      int expert) {
    const auto embed = static_cast<std::size_t>(h_.embed);
    const auto first = static_cast<std::size_t>(groups.first_row(expert));
    const auto n = static_cast<std::size_t>(groups.n_rows(expert));
    for (std::size_t row = 0; row < n; ++row) {
        const auto token = static_cast<std::size_t>(groups.token_of()[first + row]);
        std::ranges::copy(x_.subspan(token * embed, embed),
                          rows_.begin() + static_cast<std::ptrdiff_t>(row * embed));
    }
    input_.assign(rows_.data(), static_cast<std::int64_t>(n), h_.embed);
    const auto out = results_.subspan(first * embed, n * embed);
    const kernels::ExpertFfn op{.weights = weights,
                                .x = input_,
                                .hidden = hidden_,
                                .gate = gate_.data(),
                                .up = up_.data(),
                                .y = out.data()};
    kernels::run_on_cpu({&op, 1}, pool_);
    return out;
}

}  // namespace greenroom::runtime
