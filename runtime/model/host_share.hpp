// The experts that the CPU computes for a device, where they lie in host memory, while the device
// computes its own. Knows no store.
#pragma once

#include <span>
#include <vector>

#include "kernels/activations.hpp"
#include "kernels/expert_ffn.hpp"
#include "runtime/model/device_memory.hpp"
#include "runtime/model/expert_groups.hpp"
#include "runtime/model/hyperparameters.hpp"

namespace greenroom::runtime {

// One caller at a time.
class HostShare {
 public:
    // Room for `batch` tokens. `pool` and `memory` must outlive this.
    HostShare(const Hyperparameters& h, int batch, kernels::ThreadPool& pool, DeviceMemory& memory);

    // (batch, embed): where the device leaves a layer's rows for this.
    std::span<float> x() { return x_; }
    // The rows of `expert`, (n_rows(expert), embed), in host memory that the device copies from;
    // they stay until the next layer.
    std::span<const float> run(const kernels::ExpertWeights& weights,
                               const ExpertGroups& groups,
                               int expert);

 private:
    const Hyperparameters h_;
    kernels::ThreadPool& pool_;
    std::span<float> x_;        // (batch, embed)
    std::span<float> results_;  // (batch * k, embed), by the rows of groups
    std::vector<float> rows_;   // (batch, embed): of one expert
    kernels::Activations input_, hidden_;
    std::vector<float> gate_, up_;  // (batch, ff)
};

}  // namespace greenroom::runtime
