// A whole model over a disk that answers badly: nothing hangs, nothing wrong is computed, and what
// cannot be read is named by file and place.
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <gtest/gtest.h>
#include <random>
#include <regex>

#include "io/model_files.hpp"
#include "runtime/model/model.hpp"
#include "tests/support/fake_read_queue.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {
using tests::FakeReadQueue;

constexpr std::uint64_t kSlot = 262'144;  // about one expert of the demo model
const std::vector<std::int32_t> kTokens = {1, 266, 267, 1994, 565, 331, 426, 259};

struct Read {
    std::vector<float> logits;
    std::string error;
};

// The logits of a prompt and of a few tokens behind it.
Read read(Model& model) {
    Read out;
    model.truncate(0);
    const auto take = [&](std::span<const std::int32_t> tokens) {
        if (!out.error.empty()) return;
        const auto row = model.forward(tokens, LogitRows::last);
        if (row) {
            out.logits.insert(out.logits.end(), row->begin(), row->end());
        } else {
            out.error = row.error().message;
        }
    };
    take(kTokens);
    for (const std::int32_t token : {282, 267, 1994, 305}) take({&token, 1});
    return out;
}

class TierFaultsTest : public testing::Test {
 protected:
    TierFaultsTest() {
        std::filesystem::copy_file(tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf"),
                                   path_);
        expected_ = read(*load(ExpertTierSettings{})).logits;
    }

    std::unique_ptr<Model> load(const ExpertTierSettings& experts) {
        auto files = io::open_model_files(path_);
        ModelSettings settings;
        settings.context = 32;
        settings.experts = experts;
        auto model = Model::load(std::move(*files), settings, pool_);
        EXPECT_TRUE(model) << model.error().message;
        return *std::move(model);
    }
    // Two slots, so that nearly every expert is read every time.
    std::unique_ptr<Model> load(FakeReadQueue::Answer answer) {
        ExpertTierSettings experts;
        experts.host_budget_bytes = 2 * kSlot;
        experts.reads = reads_;
        experts.make_queue = [&](io::QueueKind, std::size_t) -> io::Result<io::MadeQueue> {
            auto queue = std::make_unique<FakeReadQueue>(std::move(answer), depth_);
            queue->pick = pick_;
            queue->refusal = refusal_;
            return io::MadeQueue{std::move(queue), ""};
        };
        return load(experts);
    }
    void expect_the_same_bits(FakeReadQueue::Answer answer) {
        const Read got = read(*load(std::move(answer)));
        EXPECT_EQ(got.error, "");
        EXPECT_EQ(got.logits, expected_);
    }
    // Fails as long as the disk is broken, with a message that names the place; then all is well.
    void expect_an_error(std::int64_t answer, const std::string& reason) {
        std::atomic<bool> is_broken = true;
        const auto model = load([&, answer](const io::DiskRead& read, std::size_t) {
            return is_broken ? answer : FakeReadQueue::real(read);
        });
        const Read failed = read(*model);
        EXPECT_TRUE(std::regex_search(
            failed.error,
            std::regex("expert [0-9]+ of layer 0: .*model.gguf: [0-9]+ bytes at [0-9]+: " +
                       reason)))
            << failed.error;
        is_broken = false;
        Read later = read(*model);
        // Reads that were under way with the one that failed may fail as late as this.
        for (int i = 0; i < 8 && !later.error.empty(); ++i) later = read(*model);
        EXPECT_EQ(later.error, "");
        EXPECT_EQ(later.logits, expected_);
    }

    tests::TemporaryFolder folder_;
    std::filesystem::path path_ = folder_.path() / "model.gguf";
    kernels::ThreadPool pool_{2};
    std::vector<float> expected_;
    io::BatchReaderSettings reads_{.chunk_bytes = 16'384};
    std::function<std::size_t(std::size_t)> pick_;
    std::string refusal_;
    std::size_t depth_ = 64;
};

TEST_F(TierFaultsTest, Hazard089_ShortReads) {
    expect_the_same_bits([](const io::DiskRead& read, std::size_t n) {
        return n % 3 == 0 ? FakeReadQueue::shortened(read, 1 + n % 9'000)
                          : FakeReadQueue::real(read);
    });
}

TEST_F(TierFaultsTest, Hazard090_ReadsOfNothing) {
    expect_an_error(0, "only 0 bytes came \\(3 attempts\\)");
}

TEST_F(TierFaultsTest, Hazard091_AnErrorNowAndThen) {
    expect_the_same_bits([](const io::DiskRead& read, std::size_t n) {
        return n % 7 == 3 ? -EIO : FakeReadQueue::real(read);
    });
}

TEST_F(TierFaultsTest, Hazard092_NothingButErrors) {
    expect_an_error(-EIO, "Input/output error \\(3 attempts\\)");
}

TEST_F(TierFaultsTest, Hazard093_InterruptedAndBusyReads) {
    expect_the_same_bits([](const io::DiskRead& read, std::size_t n) {
        return n % 3 == 0 ? -EAGAIN : n % 3 == 1 ? -EINTR : FakeReadQueue::real(read);
    });
}

TEST_F(TierFaultsTest, Hazard094_AlignmentThatTheDiskDoesNotTake) {
    std::atomic<int> first = -1;  // descriptor: the direct one, where there is one
    expect_the_same_bits([&](const io::DiskRead& read, std::size_t n) {
        if (n == 0) first = read.descriptor;
        return read.descriptor == first && n < 64 ? -EINVAL : FakeReadQueue::real(read);
    });
}

TEST_F(TierFaultsTest, Hazard095_MemoryThatCannotBeRegistered) {
    refusal_ = "Cannot allocate memory";
    const auto model =
        load([](const io::DiskRead& read, std::size_t) { return FakeReadQueue::real(read); });
    EXPECT_EQ(read(*model).logits, expected_);
    ASSERT_FALSE(model->notices().empty());
    EXPECT_NE(model->notices().back().find("cannot be registered (Cannot allocate memory)"),
              std::string::npos);
}

TEST_F(TierFaultsTest, Hazard097_ReadsThatNeverComplete) {
    reads_.patience = std::chrono::seconds(1);
    depth_ = 4096;  // none of what never completes makes room again
    expect_an_error(FakeReadQueue::kNever, "no answer from the disk in 1 s");
}

TEST_F(TierFaultsTest, Hazard098_ReadsThatCompleteInAnyOrder) {
    constexpr unsigned kSeed = 98;
    SCOPED_TRACE(testing::Message() << "seed " << kSeed);
    pick_ = [random = std::mt19937(kSeed)](std::size_t n) mutable { return random() % n; };
    expect_the_same_bits(
        [](const io::DiskRead& read, std::size_t) { return FakeReadQueue::real(read); });
}

TEST_F(TierFaultsTest, Hazard038_AFileThatIsCutOffMeanwhile) {
    ExpertTierSettings experts;
    experts.host_budget_bytes = 2 * kSlot;
    const auto model = load(experts);
    std::filesystem::resize_file(path_, 100'000);
    EXPECT_NE(read(*model).error.find("model.gguf: file changed while it was read"),
              std::string::npos);
}

TEST_F(TierFaultsTest, Hazard039_AFileThatIsReplacedMeanwhile) {
    ExpertTierSettings experts;
    experts.host_budget_bytes = 2 * kSlot;
    const auto model = load(experts);
    const auto other = folder_.path() / "other";
    std::filesystem::copy_file(path_, other);
    std::filesystem::rename(other, path_);
    EXPECT_NE(read(*model).error.find("model.gguf: file changed while it was read"),
              std::string::npos);
}

}  // namespace
}  // namespace greenroom::runtime
