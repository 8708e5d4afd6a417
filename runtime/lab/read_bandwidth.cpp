#include "runtime/lab/read_bandwidth.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "kernels/buffer.hpp"
#include "kernels/host_memory.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::size_t kGrainWords = 1 << 15;

// Independent sums, so that no load waits for an addition, and lines asked for ahead of them, as
// the products do: without that the memory is up to a tenth slower.
std::uint64_t sum_of(const std::uint64_t* words, std::size_t n) {
    constexpr std::size_t kWordsAhead = 256;
    std::uint64_t sums[8] = {};
    for (std::size_t i = 0; i + 8 <= n; i += 8) {
        __builtin_prefetch(words + i + kWordsAhead);
        for (std::size_t k = 0; k < 8; ++k) sums[k] += words[i + k];
    }
    std::uint64_t sum = 0;
    for (const std::uint64_t part : sums) sum += part;
    return sum;
}

// What was never written is one page of zeros, which the caches hold. The threads that will read
// write it, so that it lies near them.
void touch(kernels::ThreadPool& pool, std::span<std::uint64_t> words) {
    pool.parallel_for(static_cast<std::int64_t>(words.size()),
                      kGrainWords,
                      [&](std::int64_t from, std::int64_t to, int) {
                          std::fill(words.begin() + from, words.begin() + to, 1);
                      });
}

}  // namespace

std::size_t bandwidth_buffer_bytes() {
    constexpr std::uint64_t kUsual = std::uint64_t{1} << 30;
    return std::min(kUsual, kernels::available_memory().value_or(kUsual) / 4);
}

std::optional<double> read_bandwidth(kernels::ThreadPool& pool,
                                     std::size_t buffer_bytes,
                                     int passes) {
    const std::size_t n_words = buffer_bytes / sizeof(std::uint64_t) / kGrainWords * kGrainWords;
    auto buffer = kernels::HostBuffer::try_allocate(n_words * sizeof(std::uint64_t));
    if (!buffer || n_words == 0) return std::nullopt;
    const std::span words(reinterpret_cast<std::uint64_t*>(buffer->data()), n_words);
    touch(pool, words);
    std::atomic<std::uint64_t> sink = 0;  // keeps the sums from being optimised away
    double best = 0;
    for (int pass = 0; pass < passes; ++pass) {
        const auto begin = std::chrono::steady_clock::now();
        pool.parallel_for(static_cast<std::int64_t>(n_words),
                          kGrainWords,
                          [&](std::int64_t from, std::int64_t to, int) {
                              sink +=
                                  sum_of(words.data() + from, static_cast<std::size_t>(to - from));
                          });
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        best = std::max(best, static_cast<double>(words.size_bytes()) / seconds.count());
    }
    return best;
}

}  // namespace greenroom::runtime
