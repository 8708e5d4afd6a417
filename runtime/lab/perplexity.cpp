#include "runtime/lab/perplexity.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <vector>

namespace greenroom::runtime {
namespace {

// -log of the probability that the logits give to `id`.
double negative_log_likelihood(std::span<const float> logits, std::int32_t id) {
    const double largest = *std::ranges::max_element(logits);
    double sum = 0;
    for (const float logit : logits) sum += std::exp(logit - largest);
    return std::log(sum) + largest - logits[static_cast<std::size_t>(id)];
}

// Running sums over the scored ids.
class Score {
 public:
    void add(double nll) {
        ++count_;
        sum_ += nll;
        squares_ += nll * nll;
    }

    Perplexity result() const {
        const auto n = static_cast<double>(count_);
        const double mean = sum_ / n;
        const double variance = std::max(0.0, squares_ / n - mean * mean);
        const double perplexity = std::exp(mean);
        return {.perplexity = perplexity,
                .nll = mean,
                .standard_error = count_ > 1 ? perplexity * std::sqrt(variance / (n - 1)) : 0,
                .tokens = count_};
    }

 private:
    std::uint64_t count_ = 0;
    double sum_ = 0, squares_ = 0;
};

// Reads one window and scores its ids from the index `first` on.
io::Result<void> score_window(Model& model,
                              std::span<const std::int32_t> window,
                              std::size_t first,
                              Score& score) {
    model.truncate(0);
    const auto vocabulary = static_cast<std::size_t>(model.vocabulary_size());
    const auto batch = static_cast<std::size_t>(model.batch());
    const std::size_t n_read = window.size() - 1;  // nothing is asked of the last id
    for (std::size_t begin = 0; begin < n_read; begin += batch) {
        const std::size_t n = std::min(batch, n_read - begin);
        const auto logits = model.forward(window.subspan(begin, n), LogitRows::all);
        if (!logits) return logits.error();
        for (std::size_t i = std::max(begin, first - 1); i < begin + n; ++i) {
            score.add(negative_log_likelihood(logits->subspan((i - begin) * vocabulary, vocabulary),
                                              window[i + 1]));
        }
    }
    return {};
}

io::Result<void> check(const Model& model,
                       std::span<const std::int32_t> ids,
                       const PerplexitySettings& s) {
    if (s.context < 2 || s.context > model.context()) {
        return io::Error{fmt::format("windows of {} ids, expected 2 to the model's context of {}",
                                     s.context,
                                     model.context())};
    }
    if (s.stride < 0 || s.stride > s.context) {
        return io::Error{
            fmt::format("a stride of {} ids, expected 1 to the window's {}", s.stride, s.context)};
    }
    if (ids.size() < static_cast<std::size_t>(s.context)) {
        return io::Error{fmt::format(
            "the text has {} ids, too few for one window of {}", ids.size(), s.context)};
    }
    const auto vocabulary = model.vocabulary_size();
    const auto bad =
        std::ranges::find_if(ids, [&](std::int32_t id) { return id < 0 || id >= vocabulary; });
    if (bad == ids.end()) return {};
    return io::Error{
        fmt::format("token id {}: the vocabulary has ids 0 to {}", *bad, vocabulary - 1)};
}

}  // namespace

io::Result<Perplexity> measure_perplexity(Model& model,
                                          std::span<const std::int32_t> ids,
                                          const PerplexitySettings& settings) {
    if (auto ok = check(model, ids, settings); !ok) return ok.error();
    const auto context = static_cast<std::size_t>(settings.context);
    const bool peer = settings.windows == Windows::peer;
    const auto stride =
        peer || settings.stride == 0 ? context : static_cast<std::size_t>(settings.stride);
    const std::size_t n_windows = (ids.size() - context) / stride + 1;
    Score score;
    std::vector<std::int32_t> window(context);
    for (std::size_t w = 0; w < n_windows; ++w) {
        std::ranges::copy(ids.subspan(w * stride, context), window.begin());
        if (settings.first_id) window.front() = *settings.first_id;
        // llama.cpp's first scored id is the one behind the middle.
        const std::size_t seen = peer ? context / 2 + 1 : w == 0 ? 1 : context - stride;
        if (auto ok = score_window(model, window, std::max<std::size_t>(seen, 1), score); !ok) {
            return ok.error();
        }
        if (settings.progress) settings.progress(w + 1, n_windows);
    }
    return score.result();
}

}  // namespace greenroom::runtime
