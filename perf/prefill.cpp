// How many tokens of a prompt are read in a second? A sample is the whole prompt.
#include <chrono>
#include <fmt/format.h>

#include "perf/model_under_test.hpp"

namespace greenroom::perf {
namespace {

io::Result<void> measure(const Settings& settings) {
    io::Result<ModelUnderTest> tested = ModelUnderTest::load(settings);
    if (!tested) return tested.error();
    runtime::Model& model = tested->model();
    const auto ids = tested->ids(static_cast<std::size_t>(settings.prompt), settings.seed);
    Measurement measured{.question = "prefill", .seconds = {}};
    for (int run = 0; run <= settings.repeats; ++run) {
        model.truncate(0);
        const auto begin = std::chrono::steady_clock::now();
        const auto logits = model.forward(ids, runtime::LogitRows::last);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        if (!logits) return logits.error();
        if (run > 0) measured.seconds.push_back(seconds.count());  // the first one warms up
    }
    // A batch reads every weight once: with this many tokens no expert stays unused.
    const int n_batches = (settings.prompt + model.batch() - 1) / model.batch();
    measured.tokens_per_sample = settings.prompt;
    measured.bytes_per_token =
        static_cast<double>(model.weight_bytes()) * n_batches / settings.prompt;
    print(measured, settings, *tested);
    return {};
}

}  // namespace
}  // namespace greenroom::perf

int main(int argc, char** argv) {
    using namespace greenroom::perf;
    const Settings settings = parse(argc, argv, "prefill", {.prompt = 512, .repeats = 5});
    const auto done = measure(settings);
    if (!done) fmt::print(stderr, "perf/prefill: {}\n", done.error().message);
    return done ? 0 : 1;
}
