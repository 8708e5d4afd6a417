#include <fmt/format.h>
#include <numeric>

#include "perf/gpu_cases.hpp"

namespace greenroom::perf {
namespace {

using kernels::BlockFormat;
using kernels::Matrix;

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

Matrix matrix(Room& room, const BlockFormat& format, int rows, int cols) {
    Matrix w{nullptr, format.type, rows, cols};
    w.data = room.take<std::byte>(w.bytes());
    return w;
}

double bytes_of(const BlockFormat& format, double n_weights) {
    return n_weights / format.elements * format.bytes;
}

// Activations in the rounding that the weights want.
kernels::DeviceRows rows_for(Room& room, const BlockFormat& format, int n, int cols) {
    const int block = kernels::rounding_of(format.type);
    const std::size_t values = size(n) * size(cols);
    if (block == 0) return {.values = room.take<float>(values)};
    return {.q = room.take<std::int8_t>(values), .scales = room.take<float>(values / size(block))};
}

GpuCase round_rows(const GpuShape& s, int n, int block) {
    const std::size_t values = size(n) * size(s.embed);
    return case_of({"round_rows",
                    "",
                    fmt::format("{}x{} by {}", n, s.embed, block),
                    double(values) * (4 + 1 + 4.0 / block)},
                   [=, cols = s.embed](Room& room) {
                       return kernels::RoundRows{.x = room.take<float>(values),
                                                 .q = room.take<std::int8_t>(values),
                                                 .scales = room.take<float>(values / size(block)),
                                                 .n_rows = n,
                                                 .cols = cols,
                                                 .block = block};
                   });
}

GpuCase embed_rows(const GpuShape& s, const BlockFormat& format, int n) {
    const int n_rows = std::min(s.vocabulary, 2 * n);
    std::vector<std::int32_t> ids(size(n));
    for (int i = 0; i < n; ++i) ids[size(i)] = 7 * i % n_rows;
    return case_of({"embed_rows",
                    std::string(format.name),
                    fmt::format("{}x{}", n, s.embed),
                    n * (bytes_of(format, s.embed) + 4.0 * s.embed)},
                   [=, cols = s.embed](Room& room) {
                       return kernels::EmbedRows{matrix(room, format, n_rows, cols),
                                                 room.put(ids),
                                                 room.take<float>(size(n) * size(cols)),
                                                 n};
                   });
}

GpuCase mat_mul(const GpuShape& s, const BlockFormat& format, int n) {
    const double weights = double(s.ff) * s.embed;
    return case_of({"mat_mul",
                    std::string(format.name),
                    fmt::format("{}x{} by {}", s.ff, s.embed, n),
                    bytes_of(format, weights) + 4.0 * n * s.ff,
                    2 * weights * n},
                   [=, rows = s.ff, cols = s.embed](Room& room) {
                       return kernels::DeviceMatMul{matrix(room, format, rows, cols),
                                                    rows_for(room, format, n, cols),
                                                    room.take<float>(size(n) * size(rows)),
                                                    n};
                   });
}

// The experts of one token, all in one launch.
GpuCase expert_gate_up(const GpuShape& s, const BlockFormat& format) {
    const double weights = 2.0 * s.k * s.ff * s.embed;
    return case_of({"expert_gate_up",
                    std::string(format.name),
                    fmt::format("{} of {}x{}", s.k, s.ff, s.embed),
                    bytes_of(format, weights) + 4.0 * s.k * s.ff,
                    2 * weights},
                   [=](Room& room) {
                       std::vector<kernels::DeviceExpert> experts(size(s.k));
                       Matrix shape;
                       for (auto& expert : experts) {
                           shape = matrix(room, format, s.ff, s.embed);
                           expert.gate = shape.data;
                           expert.up = matrix(room, format, s.ff, s.embed).data;
                       }
                       shape.data = nullptr;
                       std::vector<std::int32_t> expert_of(size(s.k));
                       std::iota(expert_of.begin(), expert_of.end(), 0);
                       return kernels::ExpertGateUp{
                           .experts = room.put(experts),
                           .gate = shape,
                           .up = shape,
                           .x = rows_for(room, format, 1, s.embed),
                           .expert_of = room.put(expert_of),
                           .rows_per_token = s.k,
                           .hidden = room.take<float>(size(s.k) * size(s.ff)),
                           .n_rows = s.k};
                   });
}

GpuCase expert_down(const GpuShape& s, const BlockFormat& format) {
    const double weights = 1.0 * s.k * s.ff * s.embed;
    return case_of({"expert_down",
                    std::string(format.name),
                    fmt::format("{} of {}x{}", s.k, s.embed, s.ff),
                    bytes_of(format, weights) + 4.0 * s.k * s.embed,
                    2 * weights},
                   [=](Room& room) {
                       std::vector<kernels::DeviceExpert> experts(size(s.k));
                       Matrix shape;
                       for (auto& expert : experts) {
                           shape = matrix(room, format, s.embed, s.ff);
                           expert.down = shape.data;
                       }
                       shape.data = nullptr;
                       std::vector<std::int32_t> expert_of(size(s.k));
                       std::iota(expert_of.begin(), expert_of.end(), 0);
                       return kernels::ExpertDown{.experts = room.put(experts),
                                                  .down = shape,
                                                  .hidden = rows_for(room, format, s.k, s.ff),
                                                  .expert_of = room.put(expert_of),
                                                  .y = room.take<float>(size(s.k) * size(s.embed)),
                                                  .n_rows = s.k};
                   });
}

}  // namespace

std::vector<GpuCase> gpu_weight_cases(const kernels::DeviceOps& ops, const GpuShape& s) {
    std::vector<GpuCase> cases;
    for (const int n : s.batches) {
        for (const int block : {32, 256}) {
            if (ops.round_rows) cases.push_back(round_rows(s, n, block));
        }
    }
    for (const BlockFormat& format : kernels::block_formats()) {
        for (const int n : s.batches) {
            if (ops.embed_rows) cases.push_back(embed_rows(s, format, n));
            if (ops.mat_mul) cases.push_back(mat_mul(s, format, n));
        }
        if (ops.expert_gate_up) cases.push_back(expert_gate_up(s, format));
        if (ops.expert_down) cases.push_back(expert_down(s, format));
    }
    return cases;
}

}  // namespace greenroom::perf
