#include "io/disk/batch_reader.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <gtest/gtest.h>
#include <random>

#include "tests/support/fake_read_queue.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {
using namespace std::chrono_literals;
using tests::FakeReadQueue;

constexpr std::size_t kFileBytes = 100'000;
constexpr FileRange kRange{0, 5'000, 60'000};

struct Free {
    void operator()(std::byte* p) const { ::operator delete (p, std::align_val_t{kDiskAlignment}); }
};

// A file of known bytes, and a reader over it whose disk is a fake.
class BatchReaderTest : public testing::Test {
 protected:
    BatchReaderTest() {
        for (char& c : bytes_) c = static_cast<char>(random_());
        path_ = folder_.write("model", bytes_);
        auto file = File::open(path_);
        files_.push_back(std::move(*file));
    }

    BatchReader reader(FakeReadQueue::Answer answer, std::size_t depth = 4) {
        auto queue = std::make_unique<FakeReadQueue>(std::move(answer), depth);
        queue_ = queue.get();
        return BatchReader(files_, std::move(queue), settings_);
    }
    BatchPiece piece(const FileRange& range) {
        const std::size_t bytes = widen(range).bytes;
        memory_.emplace_back(
            static_cast<std::byte*>(::operator new (bytes, std::align_val_t{kDiskAlignment})));
        std::memset(memory_.back().get(), 0, bytes);  // not what an earlier test left there
        return {range, memory_.back().get()};
    }
    // Steps until nothing is left to do.
    static std::vector<BatchDone> finish(BatchReader& reader) {
        std::vector<BatchDone> all;
        for (int i = 0; i < 1000 && !reader.idle(); ++i) {
            const auto ended = reader.step(0ms);
            all.insert(all.end(), ended.begin(), ended.end());
        }
        EXPECT_TRUE(reader.idle());
        return all;
    }
    bool arrived(const BatchPiece& piece) const {
        return std::memcmp(piece.to + widen(piece.from).skip,
                           bytes_.data() + piece.from.offset,
                           piece.from.bytes) == 0;
    }
    enum class Arrival { tells_success, ignored };
    // Reads kRange alone and returns how it ended.
    BatchDone read_range(FakeReadQueue::Answer answer, Arrival arrival = Arrival::tells_success) {
        BatchReader r = reader(std::move(answer));
        const BatchPiece wanted = piece(kRange);
        r.start(7, {&wanted, 1}, Urgency::demand);
        const std::vector<BatchDone> ended = finish(r);
        EXPECT_EQ(ended.size(), 1u);
        EXPECT_EQ(ended.at(0).id, 7u);
        if (arrival == Arrival::tells_success) {
            EXPECT_EQ(ended.at(0).result.ok(), arrived(wanted));
        }
        retries_ = r.counters().retries;
        return ended.at(0);
    }
    std::string message(const BatchDone& done) const {
        return done.result ? "" : done.result.error().message;
    }

    std::mt19937 random_{1};
    std::string bytes_ = std::string(kFileBytes, '\0');
    tests::TemporaryFolder folder_;
    std::filesystem::path path_;
    std::vector<File> files_;
    std::vector<std::unique_ptr<std::byte, Free>> memory_;
    FakeReadQueue* queue_ = nullptr;
    BatchReaderSettings settings_{.chunk_bytes = 8192, .patience = 0ms + 60s};
    std::uint64_t retries_ = 0;
};

std::int64_t sound(const DiskRead& read, std::size_t) {
    return FakeReadQueue::real(read);
}

TEST_F(BatchReaderTest, FillsAllPiecesOfABatch) {
    BatchReader r = reader(sound);
    const BatchPiece pieces[] = {piece({0, 0, 1}), piece(kRange), piece({0, 4096, 4096})};
    r.start(1, pieces, Urgency::demand);
    EXPECT_TRUE(finish(r).at(0).result);
    for (const BatchPiece& p : pieces) EXPECT_TRUE(arrived(p));
}

TEST_F(BatchReaderTest, ReadsWholeSectorsIntoAlignedMemory) {
    BatchReader r = reader(sound);
    const BatchPiece wanted = piece(kRange);
    r.start(1, {&wanted, 1}, Urgency::demand);
    finish(r);
    for (const DiskRead& read : queue_->submitted) {
        EXPECT_EQ(read.offset % kDiskAlignment, 0u);
        EXPECT_EQ(read.to.size() % kDiskAlignment, 0u);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(read.to.data()) % kDiskAlignment, 0u);
    }
}

TEST_F(BatchReaderTest, TheLastSectorOfTheFileMayBeShort) {
    BatchReader r = reader(sound);
    const BatchPiece wanted = piece({0, kFileBytes - 10, 10});
    r.start(1, {&wanted, 1}, Urgency::demand);
    EXPECT_TRUE(finish(r).at(0).result);
    EXPECT_TRUE(arrived(wanted));
}

TEST_F(BatchReaderTest, Hazard089_ShortReadsAreCompleted) {
    for (const std::size_t most : {std::size_t{1}, std::size_t{511}, std::size_t{4096}}) {
        const BatchDone done = read_range([&](const DiskRead& read, std::size_t n) {
            return n % 2 == 0 ? FakeReadQueue::shortened(read, most) : FakeReadQueue::real(read);
        });
        EXPECT_TRUE(done.result) << message(done);
        EXPECT_GT(retries_, 0u);
    }
}

TEST_F(BatchReaderTest, Hazard090_ReadsOfNothingEndInAnError) {
    const BatchDone done = read_range([](const DiskRead&, std::size_t) { return 0; });
    EXPECT_NE(message(done).find("only 0 bytes came (3 attempts)"), std::string::npos)
        << message(done);
}

TEST_F(BatchReaderTest, Hazard038_AFileThatShrankIsNamed) {
    std::filesystem::resize_file(path_, 20'000);
    const BatchDone done = read_range(sound);
    EXPECT_NE(message(done).find("model: file changed while it was read"), std::string::npos)
        << message(done);
}

// All of the bytes come, and they are not those of the model that was opened.
TEST_F(BatchReaderTest, Hazard039_AFileThatWasWrittenToOrReplacedIsNamed) {
    const auto later = std::filesystem::last_write_time(path_) + 5s;
    std::filesystem::last_write_time(path_, later);
    BatchDone done = read_range(sound, Arrival::ignored);
    EXPECT_NE(message(done).find("file changed while it was read (modified"), std::string::npos)
        << message(done);
    EXPECT_NE(message(done).find("model: "), std::string::npos);
}

TEST_F(BatchReaderTest, Hazard091_AnErrorOnceIsTriedAgain) {
    const BatchDone done = read_range([](const DiskRead& read, std::size_t n) {
        return n == 3 ? -EIO : FakeReadQueue::real(read);
    });
    EXPECT_TRUE(done.result) << message(done);
    EXPECT_EQ(retries_, 1u);
}

TEST_F(BatchReaderTest, Hazard092_APersistentErrorFailsItsBatchAndNoOther) {
    BatchReader r = reader([](const DiskRead& read, std::size_t) {
        return read.offset == 12'288 ? -EIO : FakeReadQueue::real(read);
    });
    const BatchPiece broken = piece({0, 4096, 30'000}), whole = piece({0, 40'000, 30'000});
    r.start(1, {&broken, 1}, Urgency::demand);
    r.start(2, {&whole, 1}, Urgency::demand);
    for (const BatchDone& done : finish(r)) {
        EXPECT_EQ(done.result.ok(), done.id == 2);
        if (done.id == 1) {
            EXPECT_NE(message(done).find("model: 8192 bytes at 12288: Input/output error"),
                      std::string::npos)
                << message(done);
        }
    }
    EXPECT_TRUE(arrived(whole));
}

TEST_F(BatchReaderTest, Hazard093_InterruptedReadsAreSubmittedAgain) {
    const BatchDone done = read_range([](const DiskRead& read, std::size_t n) {
        return n < 20 ? (n % 2 == 0 ? -EAGAIN : -EINTR) : FakeReadQueue::real(read);
    });
    EXPECT_TRUE(done.result) << message(done);
}

TEST_F(BatchReaderTest, Hazard093_ADiskThatOnlyAsksForPatienceIsNotWaitedForForEver) {
    settings_.patience = 1ms;
    BatchReader r = reader([](const DiskRead&, std::size_t) { return -EAGAIN; });
    const BatchPiece wanted = piece(kRange);
    r.start(1, {&wanted, 1}, Urgency::demand);
    while (!r.idle()) {
        for (const BatchDone& done : r.step(0ms)) {
            EXPECT_NE(message(done).find("model: 8192 bytes at "), std::string::npos)
                << message(done);
        }
    }
}

TEST_F(BatchReaderTest, Hazard094_ReadsAreBufferedWhereDirectOnesAreInvalid) {
    const int direct = DiskFile::open(files_[0]).is_direct() ? 1 : 0;
    BatchReader r = reader([&](const DiskRead& read, std::size_t) {
        return read.descriptor != files_[0].descriptor() ? -EINVAL : FakeReadQueue::real(read);
    });
    const BatchPiece wanted = piece(kRange);
    r.start(1, {&wanted, 1}, Urgency::demand);
    EXPECT_TRUE(finish(r).at(0).result);
    EXPECT_FALSE(r.files()[0].is_direct());
    EXPECT_EQ(r.files()[0].refusal(), direct == 1 ? "Invalid argument" : r.files()[0].refusal());
}

TEST_F(BatchReaderTest, Hazard097_AReadThatNeverCompletesGivesItsMemoryUp) {
    settings_.patience = 0ms;
    BatchReader r = reader([](const DiskRead&, std::size_t) { return FakeReadQueue::kNever; });
    const BatchPiece wanted = piece({0, 0, 4096});
    r.start(1, {&wanted, 1}, Urgency::demand);
    const std::vector<BatchDone> ended = finish(r);
    EXPECT_TRUE(ended.at(0).memory_lost);
    EXPECT_NE(message(ended[0]).find("no answer from the disk"), std::string::npos);
}

// As after a stop of the process: all are late, and the answers wait.
TEST_F(BatchReaderTest, Hazard097_LateAnswersThatAreThereAreTaken) {
    settings_.patience = 0ms;
    BatchReader r = reader(sound);
    const BatchPiece first = piece({0, 0, 4096}), second = piece({0, 8192, 4096});
    r.start(1, {&first, 1}, Urgency::demand);
    r.start(2, {&second, 1}, Urgency::demand);
    for (const BatchDone& done : finish(r)) EXPECT_EQ(message(done), "");
}

// The second batch waits for a queue that is full of reads which never complete.
TEST_F(BatchReaderTest, Hazard097_NothingWaitsForEverBehindReadsThatNeverComplete) {
    settings_.patience = 0ms;
    BatchReader r = reader([](const DiskRead&, std::size_t) { return FakeReadQueue::kNever; }, 1);
    const BatchPiece first = piece({0, 0, 4096}), second = piece({0, 8192, 4096});
    r.start(1, {&first, 1}, Urgency::demand);
    r.start(2, {&second, 1}, Urgency::demand);
    const std::vector<BatchDone> ended = finish(r);
    ASSERT_EQ(ended.size(), 2u);
    EXPECT_TRUE(ended[0].memory_lost);
    EXPECT_FALSE(ended[1].memory_lost);  // it was never submitted
    EXPECT_NE(message(ended[1]).find("model: 4096 bytes at 8192: no answer from the disk"),
              std::string::npos)
        << message(ended[1]);
    EXPECT_EQ(queue_->cancelled, std::vector<std::uint64_t>{0});
}

TEST_F(BatchReaderTest, Hazard098_CompletionsInAnyOrderFillTheRightMemory) {
    constexpr unsigned kSeed = 98;
    SCOPED_TRACE(testing::Message() << "seed " << kSeed);
    std::mt19937 random(kSeed);
    BatchReader r = reader(sound, 8);
    queue_->pick = [&](std::size_t n) { return random() % n; };
    std::vector<BatchPiece> pieces;
    for (BatchId id = 0; id < 20; ++id) {
        pieces.push_back(piece({0, random() % 50'000, 1 + random() % 40'000}));
        r.start(id, {&pieces.back(), 1}, id % 3 == 0 ? Urgency::guess : Urgency::demand);
    }
    EXPECT_EQ(finish(r).size(), 20u);
    for (const BatchPiece& p : pieces) EXPECT_TRUE(arrived(p));
}

TEST_F(BatchReaderTest, ThePiecesOfABatchAreSubmittedTogether) {
    BatchReader r = reader(sound, 8);
    const BatchPiece pieces[] = {piece({0, 0, 100}), piece({0, 50'000, 100}), piece({0, 9'000, 1})};
    r.start(1, pieces, Urgency::demand);
    r.step(0ms);
    EXPECT_EQ(queue_->n_submits, 1u);
    EXPECT_EQ(queue_->submitted.size(), 3u);
}

TEST_F(BatchReaderTest, CountsTheTimeInWhichReadsAreInFlight) {
    BatchReader r = reader(sound);
    r.step(0ms);
    EXPECT_EQ(r.counters().busy_s, 0);
    const BatchPiece wanted = piece(kRange);
    r.start(1, {&wanted, 1}, Urgency::demand);
    finish(r);
    EXPECT_GT(r.counters().busy_s, 0);
}

TEST_F(BatchReaderTest, DemandsGoAheadOfGuesses) {
    BatchReader r = reader(sound, 2);
    const BatchPiece guess = piece({0, 0, 40'000}), demand = piece({0, 45'056, 16'384});
    r.start(1, {&guess, 1}, Urgency::guess);
    r.start(2, {&demand, 1}, Urgency::demand);
    EXPECT_EQ(finish(r).front().id, 2u);
}

TEST_F(BatchReaderTest, GuessesLeaveRoomInTheQueue) {
    settings_.guess_depth = 1;
    BatchReader r = reader(sound, 4);
    const BatchPiece guess = piece({0, 0, 40'000});
    r.start(1, {&guess, 1}, Urgency::guess);
    r.step(0ms);
    EXPECT_EQ(queue_->submitted.size(), 1u);
    finish(r);
    EXPECT_TRUE(arrived(guess));
}

TEST_F(BatchReaderTest, APromotedGuessGoesAheadOfTheOthers) {
    BatchReader r = reader(sound, 1);
    const BatchPiece first = piece({0, 0, 40'000}), second = piece({0, 45'056, 8192});
    r.start(1, {&first, 1}, Urgency::guess);
    r.start(2, {&second, 1}, Urgency::guess);
    r.promote(2);
    EXPECT_EQ(finish(r).front().id, 2u);
}

TEST_F(BatchReaderTest, OnlyWhatHasNotBegunIsTakenBack) {
    BatchReader r = reader(sound, 1);
    const BatchPiece first = piece({0, 0, 20'000}), second = piece({0, 45'056, 8192});
    r.start(1, {&first, 1}, Urgency::demand);
    r.start(2, {&second, 1}, Urgency::guess);
    r.step(0ms);
    EXPECT_FALSE(r.cancel(1));
    EXPECT_TRUE(r.cancel(2));
    EXPECT_FALSE(r.cancel(2));
    EXPECT_EQ(finish(r).size(), 1u);
}

}  // namespace
}  // namespace greenroom::io
