// How many tokens a second does one conversation get? Reads a short prompt, then decodes token by
// token; a sample is one token.
#include <chrono>
#include <fmt/format.h>

#include "perf/model_under_test.hpp"

namespace greenroom::perf {
namespace {

io::Result<std::vector<double>> decode_once(runtime::Model& model,
                                            std::span<const std::int32_t> ids,
                                            std::size_t n_prompt) {
    model.truncate(0);
    auto logits = model.forward(ids.first(n_prompt), runtime::LogitRows::last);
    if (!logits) return logits.error();
    std::vector<double> seconds;
    for (const std::int32_t id : ids.subspan(n_prompt)) {
        const auto begin = std::chrono::steady_clock::now();
        logits = model.forward({&id, 1}, runtime::LogitRows::last);
        if (!logits) return logits.error();
        seconds.push_back(
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return seconds;
}

io::Result<void> measure(const Settings& settings) {
    io::Result<ModelUnderTest> tested = ModelUnderTest::load(settings);
    if (!tested) return tested.error();
    const auto n_prompt = static_cast<std::size_t>(settings.prompt);
    const auto ids =
        tested->ids(n_prompt + static_cast<std::size_t>(settings.predict), settings.seed);
    Measurement measured{.question = "decode", .seconds = {}};
    for (int run = 0; run <= settings.repeats; ++run) {
        io::Result<std::vector<double>> seconds = decode_once(tested->model(), ids, n_prompt);
        if (!seconds) return seconds.error();
        if (run == 0) continue;  // warms caches and threads
        measured.seconds.insert(measured.seconds.end(), seconds->begin(), seconds->end());
    }
    measured.bytes_per_token = static_cast<double>(tested->model().bytes_per_token());
    print(measured, settings, *tested);
    return {};
}

}  // namespace
}  // namespace greenroom::perf

int main(int argc, char** argv) {
    using namespace greenroom::perf;
    const Settings settings =
        parse(argc, argv, "decode", {.prompt = 16, .predict = 128, .repeats = 3});
    const auto done = measure(settings);
    if (!done) fmt::print(stderr, "perf/decode: {}\n", done.error().message);
    return done ? 0 : 1;
}
