#include "runtime/lab/synth.hpp"

#include <cmath>
#include <gtest/gtest.h>

#include "io/model_files.hpp"
#include "runtime/model/describe.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {
namespace fs = std::filesystem;

fs::path demo() {
    return tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf");
}

TEST(Synth, TheModelRunsAndItsLogitsAreNumbers) {
    const tests::TemporaryFolder folder;
    const fs::path path = folder.path() / "model.gguf";
    for (const char* quant : {"q4_k_m", "q8_0", "mxfp4"}) {
        const auto written = write_synthetic_model(path, {"small-moe", quant, 2, {}}, demo());
        ASSERT_TRUE(written) << written.error().message;
        auto files = io::open_model_files(path);
        ASSERT_TRUE(files) << files.error().message;
        EXPECT_TRUE(files->warnings.empty());
        kernels::ThreadPool pool(2);
        const auto model = Model::load(*std::move(files), {}, pool);
        ASSERT_TRUE(model) << model.error().message;
        const std::vector<std::int32_t> ids = {1, 500, 600, 700};
        const auto logits = (*model)->forward(ids, LogitRows::last);
        ASSERT_TRUE(logits) << logits.error().message;
        double squares = 0;
        for (const float logit : *logits) squares += double{logit} * logit;
        // The output's rows have unit length and its input has unit variance.
        EXPECT_NEAR(std::sqrt(squares / 2048), 1, 0.25) << quant;
    }
}

TEST(Synth, SameSeedSameFile) {
    const tests::TemporaryFolder folder;
    const fs::path a = folder.path() / "a", b = folder.path() / "b", c = folder.path() / "c";
    ASSERT_TRUE(write_synthetic_model(a, {"small-moe", "q4_k", 1, {}, 7}, demo()));
    ASSERT_TRUE(write_synthetic_model(b, {"small-moe", "q4_k", 1, {}, 7}, demo()));
    ASSERT_TRUE(write_synthetic_model(c, {"small-moe", "q4_k", 1, {}, 8}, demo()));
    EXPECT_TRUE(tests::slurp(a) == tests::slurp(b));
    EXPECT_FALSE(tests::slurp(a) == tests::slurp(c));
}

TEST(Synth, ReportsProgressAndCanBeStopped) {
    const tests::TemporaryFolder folder;
    const fs::path path = folder.path() / "model.gguf";
    std::stop_source stop;
    std::uint64_t seen = 0;
    LoadHooks hooks{.progress =
                        [&](std::uint64_t done, std::uint64_t total) {
                            EXPECT_LE(done, total);
                            seen = done;
                            stop.request_stop();
                        },
                    .stop = stop.get_token()};
    EXPECT_FALSE(write_synthetic_model(path, {"small-moe", "q4_k", {}, {}}, demo(), hooks));
    EXPECT_GT(seen, 0u);
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace greenroom::runtime
