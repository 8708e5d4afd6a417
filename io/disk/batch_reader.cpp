#include "io/disk/batch_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <system_error>

namespace greenroom::io {
namespace {

std::string place(const DiskFile& file, const Cut& cut) {
    return fmt::format(
        "{}: {} bytes at {}", printable_path(file.file().path()), cut.needed, cut.offset);
}

}  // namespace

BatchReader::BatchReader(std::span<const File> files,
                         std::unique_ptr<ReadQueue> queue,
                         const BatchReaderSettings& settings)
    : queue_(std::move(queue)), settings_(settings), completed_(queue_->depth()) {
    for (const File& file : files) files_.push_back(DiskFile::open(file));
    constexpr std::size_t kLikely = 32;  // batches under way together; more only cost an allocation
    batches_.reserve(kLikely);
    ended_.reserve(kLikely);
    retries_.reserve(queue_->depth());
    flights_.reserve(queue_->depth());
    reads_.reserve(queue_->depth());
}

// The queue waits for what is in flight before the memory can go.
BatchReader::~BatchReader() = default;

void BatchReader::start(BatchId id, std::span<const BatchPiece> pieces, Urgency urgency) {
    batches_.push_back({id, urgency, RangeCutter(pieces, settings_.chunk_bytes)});
}

BatchReader::Batch* BatchReader::find(BatchId id) {
    const auto found = std::ranges::find(batches_, id, &Batch::id);
    return found == batches_.end() ? nullptr : &*found;
}

void BatchReader::promote(BatchId id) {
    if (Batch* batch = find(id)) batch->urgency = Urgency::demand;
}

bool BatchReader::cancel(BatchId id) {
    Batch* const batch = find(id);
    if (batch == nullptr || batch->started) return false;
    drop_waiting(*batch);
    std::erase_if(batches_, [&](const Batch& b) { return b.id == id; });
    return true;
}

void BatchReader::drop_waiting(Batch& batch) {
    batch.ranges.stop();
    batch.chunks_out -=
        std::erase_if(retries_, [&](const Chunk& chunk) { return chunk.batch == batch.id; });
}

std::span<const BatchDone> BatchReader::step(std::chrono::milliseconds timeout) {
    ended_.clear();
    submit_what_fits();
    const Clock::time_point begun = Clock::now();
    const bool is_busy = !flights_.empty();
    const std::size_t n = queue_->wait(completed_, timeout);
    if (is_busy) {
        counters_.busy_s += std::chrono::duration<double>(Clock::now() - begun).count();
    }
    for (const DiskReadDone& done : std::span(completed_).first(n)) complete(done);
    // A process that was stopped for longer than its patience first takes the answers that wait.
    if (n == 0) give_up_on_late_reads();
    return ended_;
}

void BatchReader::submit_what_fits() {
    const std::size_t in_flight = flights_.size();
    std::size_t guesses =
        settings_.guess_depth - std::min(settings_.guess_depth, guesses_in_flight());
    reads_.clear();
    while (flights_.size() < queue_->depth()) {
        std::optional<Chunk> chunk = next_chunk(guesses);
        if (!chunk) break;
        reads_.push_back(prepare(*chunk));
        flights_.push_back({next_read_++, *chunk, Clock::now()});
    }
    if (reads_.empty()) return stuck_since_.reset();
    const std::size_t n_taken = queue_->submit(reads_);
    counters_.reads += n_taken;
    for (std::size_t i = 0; i < n_taken; ++i)
        find(flights_[in_flight + i].chunk.batch)->started = true;
    while (flights_.size() > in_flight + n_taken) {
        retries_.push_back(flights_.back().chunk);
        flights_.pop_back();
    }
    if (!flights_.empty()) {
        stuck_since_.reset();
    } else if (!stuck_since_) {
        stuck_since_ = Clock::now();
    }
}

std::optional<BatchReader::Chunk> BatchReader::next_chunk(std::size_t& guesses) {
    if (!retries_.empty()) {
        const Chunk chunk = retries_.back();
        retries_.pop_back();
        return chunk;
    }
    const auto first = [&](Urgency urgency) {
        return std::ranges::find_if(
            batches_, [&](const Batch& b) { return b.urgency == urgency && !b.ranges.done(); });
    };
    auto batch = first(Urgency::demand);
    if (batch == batches_.end() && guesses > 0) {
        batch = first(Urgency::guess);
        --guesses;
    }
    if (batch == batches_.end()) return std::nullopt;
    ++batch->chunks_out;
    return Chunk{.cut = batch->ranges.next(), .batch = batch->id};
}

DiskRead BatchReader::prepare(Chunk& chunk) const {
    const DiskFile& file = files_[chunk.cut.file];
    chunk.is_direct = file.is_direct() && !chunk.must_buffer;
    if (chunk.first_tried == Clock::time_point{}) chunk.first_tried = Clock::now();
    return {.id = next_read_,
            .descriptor = chunk.is_direct ? file.descriptor() : file.buffered_descriptor(),
            .offset = chunk.cut.offset,
            .to = chunk.cut.to};
}

std::size_t BatchReader::guesses_in_flight() {
    return static_cast<std::size_t>(std::ranges::count_if(flights_, [&](const Flight& flight) {
        const Batch* batch = find(flight.chunk.batch);
        return batch != nullptr && batch->urgency == Urgency::guess;
    }));
}

void BatchReader::complete(const DiskReadDone& done) {
    const auto flight = std::ranges::find(flights_, done.id, &Flight::read);
    if (flight == flights_.end()) return;  // one that was given up on
    const Chunk chunk = flight->chunk;
    *flight = flights_.back();
    flights_.pop_back();
    if (done.result > 0) counters_.bytes_read += static_cast<std::uint64_t>(done.result);
    Batch* const batch = find(chunk.batch);
    if (batch == nullptr) return;  // it ended with a read that was given up on
    if (batch->error) return finish_chunk(*batch, chunk.cut);
    judge(chunk, done.result);
}

void BatchReader::judge(Chunk chunk, std::int64_t result) {
    if (result < 0) return judge_error(chunk, static_cast<int>(-result));
    if (static_cast<std::uint64_t>(result) < chunk.cut.needed) {
        return judge_short(chunk, static_cast<std::uint64_t>(result));
    }
    finish_chunk(*find(chunk.batch), chunk.cut);
}

void BatchReader::judge_error(Chunk chunk, int code) {
    const std::string reason = std::generic_category().message(code);
    const bool may_wait = code == EAGAIN || code == EINTR;  // the kernel asks for another try
    if (may_wait && !is_late(chunk.first_tried)) return repeat(chunk);
    if (code == EINVAL && chunk.is_direct) {  // the file system took the flag but not the read
        files_[chunk.cut.file].give_up_direct(reason);
        return repeat(chunk);
    }
    if (code == EIO) return retry(chunk, reason);
    fail(chunk, reason);
}

// A direct read that stopped short is read again from its beginning: going on from where it stopped
// would not be aligned. A buffered one goes on.
void BatchReader::judge_short(Chunk chunk, std::uint64_t got) {
    const DiskFile& file = files_[chunk.cut.file];
    if (auto unchanged = file.file().check_unchanged(); !unchanged) {
        return fail(chunk, unchanged.error().message);
    }
    if (got > 0 && !chunk.is_direct) {
        chunk.cut.offset += got;
        chunk.cut.to = chunk.cut.to.subspan(got);
        chunk.cut.needed -= got;
        chunk.attempts = 0;
        chunk.first_tried = {};
        return repeat(chunk);
    }
    chunk.must_buffer = true;
    retry(chunk, fmt::format("only {} bytes came", got));
}

void BatchReader::repeat(const Chunk& chunk) {
    ++counters_.retries;
    retries_.push_back(chunk);
}

void BatchReader::retry(Chunk chunk, std::string_view why) {
    if (++chunk.attempts < settings_.attempts) return repeat(chunk);
    fail(chunk, fmt::format("{} ({} attempts)", why, chunk.attempts));
}

void BatchReader::fail(const Chunk& chunk, std::string_view why) {
    Batch& batch = *find(chunk.batch);
    batch.error = Error{fmt::format("{}: {}", place(files_[chunk.cut.file], chunk.cut), why)};
    drop_waiting(batch);
    finish_chunk(batch, chunk.cut);
}

// A batch ends with its last chunk. Bytes that came whole may still be those of another file by
// now.
void BatchReader::finish_chunk(Batch& batch, const Cut& cut) {
    if (--batch.chunks_out > 0 || !batch.ranges.done()) return;
    const DiskFile& file = files_[cut.file];
    if (auto same = file.file().check_unchanged(); !same && !batch.error) {
        batch.error = Error{fmt::format("{}: {}", place(file, cut), same.error().message)};
    }
    BatchDone& done = ended_.emplace_back();
    done.id = batch.id;
    if (batch.error) done.result = *std::move(batch.error);
    std::erase_if(batches_, [&](const Batch& b) { return b.id == done.id; });
}

void BatchReader::give_up_on_late_reads() {
    for (std::size_t i = 0; i < flights_.size();) {
        if (!is_late(flights_[i].submitted)) {
            ++i;
            continue;
        }
        const Flight late = flights_[i];
        flights_[i] = flights_.back();
        flights_.pop_back();
        queue_->cancel(late.read);
        end_without_answer(late.chunk.batch, late.chunk.cut, true);
    }
    // Reads that were given up on may fill the queue: what waits for it will wait for ever.
    if (!stuck_since_ || !is_late(*stuck_since_)) return;
    for (; !retries_.empty(); stuck_since_.reset()) {
        const Chunk chunk = retries_.back();
        end_without_answer(chunk.batch, chunk.cut, false);
    }
}

void BatchReader::end_without_answer(BatchId id, const Cut& cut, bool memory_lost) {
    Batch* const batch = find(id);
    if (batch == nullptr) return;  // ended with an earlier late read
    drop_waiting(*batch);
    ended_.push_back(
        {.id = id,
         .result = Error{fmt::format("{}: no answer from the disk in {} s",
                                     place(files_[cut.file], cut),
                                     static_cast<double>(settings_.patience.count()) / 1000)},
         .memory_lost = memory_lost});
    std::erase_if(batches_, [&](const Batch& b) { return b.id == id; });
}

}  // namespace greenroom::io
