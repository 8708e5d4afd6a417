#include "runtime/model/op_times.hpp"

namespace greenroom::runtime {

std::string_view name(Op op) {
    constexpr std::array<std::string_view, kOps> kNames = {"embed",
                                                           "norm",
                                                           "qkv",
                                                           "rope",
                                                           "kv_store",
                                                           "attention",
                                                           "attention_output",
                                                           "router",
                                                           "experts",
                                                           "combine",
                                                           "output"};
    return kNames[static_cast<std::size_t>(op)];
}

OpWork work_of(const kernels::Matrix& w, std::int64_t n_tokens) {
    return {.bytes = w.bytes(), .products = static_cast<std::uint64_t>(w.rows * w.cols * n_tokens)};
}

}  // namespace greenroom::runtime
