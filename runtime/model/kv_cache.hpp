// The keys and values of one conversation, layer by layer, position by position.
#pragma once

#include <cstdint>

#include "io/result.hpp"
#include "kernels/attention.hpp"
#include "kernels/buffer.hpp"
#include "kernels/rope.hpp"
#include "runtime/model/hyperparameters.hpp"

namespace greenroom::runtime {

// Bytes for `positions` positions of the whole model.
std::uint64_t kv_cache_bytes(const Hyperparameters& h, kernels::KvType type, int positions);

// One owner at a time. Memory is touched only as positions fill.
class KvCache {
 public:
    // An Error when the memory is not there (HAZARDS 119) or the head length does not fit the
    // type's blocks (HAZARDS 65).
    static io::Result<KvCache> allocate(const Hyperparameters& h,
                                        kernels::KvType type,
                                        int positions);

    kernels::KvLayer layer(int index);
    int capacity() const { return capacity_; }
    int length() const { return length_; }
    void set_length(int length) { length_ = length; }
    std::uint64_t bytes() const { return memory_.size(); }

    // Drops positions [keep, keep + n), moves the later ones down by n and turns their keys back by
    // n positions (`rope` states pairs and frequencies; its x and counts are filled in here).
    void shift(int keep, int n, kernels::Rope rope, kernels::ThreadPool& pool);

 private:
    // Rows [to + by, to + by + count) go to [to, to + count).
    struct Move {
        int to, by, count;
    };
    // Moves keys, turned back by as many positions. rope.x has room for the rows.
    void turn_keys(kernels::KvLayer cache,
                   const Move& move,
                   kernels::Rope rope,
                   kernels::ThreadPool& pool) const;

    std::byte* row(std::byte* base, int position) const {
        return base + static_cast<std::size_t>(position) * row_bytes_;
    }

    kernels::HostBuffer memory_;
    kernels::KvType type_ = kernels::KvType::f16;
    int layers_ = 0, kv_heads_ = 0, head_dim_ = 0;
    int capacity_ = 0, length_ = 0;
    std::size_t row_bytes_ = 0;
};

}  // namespace greenroom::runtime
