#include "io/disk/batch_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <system_error>

namespace greenroom::io {
namespace {

std::string place(const DiskFile& file, std::uint64_t offset, std::uint64_t bytes) {
    return fmt::format("{}: {} bytes at {}", printable_path(file.file().path()), bytes, offset);
}

}  // namespace

BatchReader::BatchReader(std::span<const File> files,
                         std::unique_ptr<ReadQueue> queue,
                         const BatchReaderSettings& settings)
    : queue_(std::move(queue)), settings_(settings), completed_(queue_->depth()) {
    for (const File& file : files) files_.push_back(DiskFile::open(file));
}

// The queue waits for what is in flight before the memory can go.
BatchReader::~BatchReader() = default;

void BatchReader::start(BatchId id, std::span<const BatchPiece> pieces, Urgency urgency) {
    batches_[id] = {};
    for (const BatchPiece& piece : pieces) cut(id, piece, urgency);
}

void BatchReader::cut(BatchId id, const BatchPiece& piece, Urgency urgency) {
    const AlignedRange whole = widen(piece.from);
    const std::uint64_t end = piece.from.offset + piece.from.bytes;
    std::deque<Chunk>& waiting = urgency == Urgency::demand ? demands_ : guesses_;
    for (std::uint64_t at = 0; at < whole.bytes; at += settings_.chunk_bytes) {
        const std::uint64_t bytes =
            std::min<std::uint64_t>(settings_.chunk_bytes, whole.bytes - at);
        const std::uint64_t offset = whole.offset + at;
        waiting.push_back({.batch = id,
                           .file = piece.from.file,
                           .offset = offset,
                           .to = {piece.to + at, bytes},
                           .needed = std::min(bytes, end - offset),
                           .urgency = urgency});
        ++batches_[id].chunks_left;
    }
}

void BatchReader::promote(BatchId id) {
    const auto found = batches_.find(id);
    if (found == batches_.end()) return;
    for (Chunk& chunk : guesses_) {
        if (chunk.batch != id) continue;
        chunk.urgency = Urgency::demand;
        demands_.push_back(chunk);
    }
    std::erase_if(guesses_, [&](const Chunk& chunk) { return chunk.batch == id; });
}

bool BatchReader::cancel(BatchId id) {
    const auto found = batches_.find(id);
    if (found == batches_.end() || found->second.started) return false;
    drop_waiting(id);
    batches_.erase(id);
    return true;
}

void BatchReader::drop_waiting(BatchId id) {
    const auto of_batch = [&](const Chunk& chunk) { return chunk.batch == id; };
    const std::size_t dropped =
        std::erase_if(demands_, of_batch) + std::erase_if(guesses_, of_batch);
    batches_[id].chunks_left -= dropped;
}

std::span<const BatchDone> BatchReader::step(std::chrono::milliseconds timeout) {
    ended_.clear();
    submit_from(demands_, queue_->depth() - in_flight_.size());
    if (demands_.empty()) {
        const std::size_t room = queue_->depth() - in_flight_.size();
        const std::size_t allowed =
            settings_.guess_depth - std::min(settings_.guess_depth, guesses_in_flight_);
        submit_from(guesses_, std::min(room, allowed));
    }
    const std::size_t n = queue_->wait(completed_, timeout);
    for (const DiskReadDone& done : std::span(completed_).first(n)) complete(done);
    give_up_on_late_reads();
    return ended_;
}

void BatchReader::submit_from(std::deque<Chunk>& waiting, std::size_t limit) {
    for (; limit > 0 && !waiting.empty(); --limit) {
        Chunk chunk = waiting.front();
        const DiskFile& file = files_[chunk.file];
        chunk.is_direct = file.is_direct() && !chunk.must_buffer;
        const DiskRead read = {
            .id = next_read_,
            .descriptor = chunk.is_direct ? file.descriptor() : file.buffered_descriptor(),
            .offset = chunk.offset,
            .to = chunk.to};
        if (queue_->submit({&read, 1}) == 0) return;
        waiting.pop_front();
        chunk.submitted = Clock::now();
        batches_[chunk.batch].started = true;
        if (chunk.urgency == Urgency::guess) ++guesses_in_flight_;
        in_flight_.emplace(next_read_++, chunk);
        ++counters_.reads;
    }
}

void BatchReader::complete(const DiskReadDone& done) {
    const auto found = in_flight_.find(done.id);
    if (found == in_flight_.end()) return;  // one that was given up on
    const Chunk chunk = found->second;
    in_flight_.erase(found);
    if (chunk.urgency == Urgency::guess) --guesses_in_flight_;
    if (done.result > 0) counters_.bytes_read += static_cast<std::uint64_t>(done.result);
    const auto batch = batches_.find(chunk.batch);
    if (batch == batches_.end()) return;  // it ended with a read that was given up on
    if (batch->second.error) {
        --batch->second.chunks_left;
        return end_if_done(chunk.batch);
    }
    judge(chunk, done.result);
}

void BatchReader::judge(Chunk chunk, std::int64_t result) {
    if (result < 0) return judge_error(chunk, static_cast<int>(-result));
    if (static_cast<std::uint64_t>(result) < chunk.needed) {
        return judge_short(chunk, static_cast<std::uint64_t>(result));
    }
    --batches_[chunk.batch].chunks_left;
    end_if_done(chunk.batch);
}

void BatchReader::judge_error(Chunk chunk, int code) {
    DiskFile& file = files_[chunk.file];
    const std::string reason = std::generic_category().message(code);
    if (code == EAGAIN || code == EINTR) {  // the kernel's way of asking for another try
        ++counters_.retries;
        return demands_.push_front(chunk);
    }
    if (code == EINVAL && chunk.is_direct) {  // the file system took the flag but not the read
        file.give_up_direct(reason);
        ++counters_.retries;
        return demands_.push_front(chunk);
    }
    if (code == EIO) return retry(chunk, reason);
    fail(chunk, fmt::format("{}: {}", place(file, chunk.offset, chunk.needed), reason));
}

// A direct read that stopped short is read again from its beginning: going on from where it stopped
// would not be aligned. A buffered one goes on.
void BatchReader::judge_short(Chunk chunk, std::uint64_t got) {
    const DiskFile& file = files_[chunk.file];
    if (auto unchanged = file.file().check_unchanged(); !unchanged) {
        return fail(chunk, unchanged.error().message);
    }
    if (got > 0 && !chunk.is_direct) {
        chunk.offset += got;
        chunk.to = chunk.to.subspan(got);
        chunk.needed -= got;
        chunk.attempts = 0;
        ++counters_.retries;
        return demands_.push_front(chunk);
    }
    chunk.must_buffer = true;
    retry(chunk, fmt::format("only {} bytes came", got));
}

void BatchReader::retry(Chunk chunk, std::string_view why) {
    if (++chunk.attempts < settings_.attempts) {
        ++counters_.retries;
        return demands_.push_front(chunk);
    }
    fail(chunk,
         fmt::format("{}: {} ({} attempts)",
                     place(files_[chunk.file], chunk.offset, chunk.needed),
                     why,
                     chunk.attempts));
}

void BatchReader::fail(const Chunk& chunk, std::string message) {
    Batch& batch = batches_[chunk.batch];
    batch.error = Error{std::move(message)};
    --batch.chunks_left;
    drop_waiting(chunk.batch);
    end_if_done(chunk.batch);
}

void BatchReader::end_if_done(BatchId id) {
    const auto found = batches_.find(id);
    if (found->second.chunks_left > 0) return;
    ended_.push_back({.id = id, .result = {}});
    if (found->second.error) ended_.back().result = *found->second.error;
    batches_.erase(found);
}

void BatchReader::give_up_on_late_reads() {
    const Clock::time_point now = Clock::now();
    for (auto it = in_flight_.begin(); it != in_flight_.end();) {
        const Chunk chunk = it->second;
        const auto batch = batches_.find(chunk.batch);
        if (now - chunk.submitted < settings_.patience) {
            ++it;
            continue;
        }
        it = in_flight_.erase(it);
        if (chunk.urgency == Urgency::guess) --guesses_in_flight_;
        if (batch == batches_.end()) continue;  // ended with an earlier late read
        drop_waiting(chunk.batch);
        ended_.push_back(
            {.id = chunk.batch,
             .result = Error{fmt::format("{}: no answer from the disk in {} s",
                                         place(files_[chunk.file], chunk.offset, chunk.needed),
                                         settings_.patience.count() / 1000.0)},
             .memory_lost = true});
        batches_.erase(batch);
    }
}

}  // namespace greenroom::io
