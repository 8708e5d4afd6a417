#include "perf/read_bandwidth.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

namespace greenroom::perf {
namespace {

// Independent sums, so that no load waits for an addition.
std::uint64_t sum_of(const std::uint64_t* words, std::size_t n) {
    std::uint64_t sums[8] = {};
    for (std::size_t i = 0; i + 8 <= n; i += 8) {
        for (std::size_t k = 0; k < 8; ++k) sums[k] += words[i + k];
    }
    std::uint64_t sum = 0;
    for (const std::uint64_t part : sums) sum += part;
    return sum;
}

}  // namespace

double read_bandwidth(kernels::ThreadPool& pool, std::size_t buffer_bytes, int passes) {
    constexpr std::size_t kGrainWords = 1 << 15;
    const std::size_t n_words = buffer_bytes / sizeof(std::uint64_t) / kGrainWords * kGrainWords;
    std::vector<std::uint64_t> words(n_words, 1);
    std::atomic<std::uint64_t> sink = 0;  // keeps the sums from being optimised away
    double best = 0;
    for (int pass = 0; pass < passes; ++pass) {
        const auto begin = std::chrono::steady_clock::now();
        pool.parallel_for(static_cast<std::int64_t>(n_words),
                          kGrainWords,
                          [&](std::int64_t from, std::int64_t to, int) {
                              const auto n = static_cast<std::size_t>(to - from);
                              sink += sum_of(words.data() + from, n);
                          });
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        best =
            std::max(best, static_cast<double>(n_words * sizeof(std::uint64_t)) / seconds.count());
    }
    return best;
}

}  // namespace greenroom::perf
