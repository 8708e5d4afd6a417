#include "runtime/model/router_scores.hpp"

#include "kernels/mat_mul.hpp"
#include "kernels/rms_norm.hpp"

namespace greenroom::runtime {

RouterScores::RouterScores(std::vector<Router> routers,
                           const Settings& settings,
                           kernels::ThreadPool& pool)
    : routers_(std::move(routers)),
      settings_(settings),
      pool_(pool),
      normed_(static_cast<std::size_t>(settings.embed)),
      input_(settings.arithmetic) {
    input_.reserve(1, settings.embed);
}

bool RouterScores::scores(prefetch::Moment from, prefetch::Moment target, std::span<float> out) {
    const bool is_ahead = target.step == from.step && target.layer > from.layer;
    if (hidden_ == nullptr || !is_ahead || target.layer >= routers_.size()) return false;
    const Router& router = routers_[target.layer];
    if (router.weights.rows != static_cast<std::int64_t>(out.size()) || out.empty()) return false;
    kernels::run_on_cpu(kernels::RmsNorm{.x = hidden_,
                                         .w = router.norm,
                                         .y = normed_.data(),
                                         .rows = 1,
                                         .cols = settings_.embed,
                                         .eps = settings_.rms_eps},
                        pool_);
    input_.assign(normed_.data(), 1, settings_.embed);
    kernels::run_on_cpu(kernels::MatMul{router.weights, input_, out.data()}, pool_);
    return true;
}

}  // namespace greenroom::runtime
