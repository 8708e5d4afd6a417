#include "kernels/thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <new>
#include <thread>
#include <vector>

#include "kernels/require.hpp"
#include "kernels/wait_word.hpp"

namespace greenroom::kernels {
namespace {

constexpr std::size_t kLine = 64;
// A share has so many pieces. A quarter of what is left of it is claimed at a time: at first much,
// which is read in one go, at last one piece, so that all are done at about the same time.
constexpr std::int64_t kPiecesPerThread = 192;
constexpr int kPartClaimed = 4;

// Which pieces of a thread's share nobody has claimed, counted from the share's first one, and of
// which job: one word, so that a claim
// is one compare-exchange, which fails for a thread that still has an older job in mind.
struct Ticket {
    std::uint32_t job = 0;
    std::uint16_t next = 0, end = 0;
};

struct Free {
    void operator()(std::byte* p) const { ::operator delete (p, std::align_val_t{kLine}); }
};

struct alignas(kLine) Scratch {
    std::unique_ptr<std::byte, Free> bytes;
    std::size_t size = 0;
};

struct alignas(kLine) Share {
    std::atomic<Ticket> unclaimed = {};
};
static_assert(std::atomic<Ticket>::is_always_lock_free);

}  // namespace

// The pieces of a job are dealt out in order, so that each thread reads a part of memory of its
// own from front to back; whoever is done takes pieces from the back of the others' shares.
//
// The fields of the job are written only while no share has a piece and all name another job. A
// late thread may read them meanwhile, but then its claim fails. They are released and acquired so
// that whoever sees a new field also sees that the share has moved on.
struct ThreadPool::State {
    alignas(kLine) WaitWord unfinished;  // pieces; the caller waits for 0
    alignas(kLine) WaitWord n_jobs;      // the workers wait for another one
    alignas(kLine) std::atomic<Call> call = nullptr;
    std::atomic<void*> context = nullptr;
    std::atomic<std::int64_t> n = 0, piece = 0, n_pieces = 0;
    std::atomic<bool> stopping = false;

    CpuPath path = CpuPath::plain;
    std::uint32_t job = 0;  // the caller's alone
    std::vector<Share> shares;
    std::vector<Scratch> scratch;
    std::vector<std::jthread> threads;

    explicit State(std::size_t n_threads) : shares(n_threads), scratch(n_threads) {}
    void open(std::int64_t items, std::int64_t grain, void* job_context, Call job_call);
    // The first piece of a share; that of the next one ends it.
    std::int64_t first_piece(std::size_t share, std::int64_t pieces) const;
    int work_on_some(std::size_t index, bool from_behind, int thread);
    void work_on_pieces(int thread);
    void wait_until_finished();
    void serve(int thread);
};

void ThreadPool::State::open(std::int64_t items,
                             std::int64_t grain,
                             void* job_context,
                             Call job_call) {
    const std::int64_t wanted = static_cast<std::int64_t>(shares.size()) * kPiecesPerThread;
    const std::int64_t grains = (items + grain - 1) / grain;
    const std::int64_t per_piece = (grains + wanted - 1) / wanted * grain;
    const std::int64_t pieces = (items + per_piece - 1) / per_piece;
    ++job;
    for (Share& share : shares) share.unclaimed.store({.job = job});
    n.store(items, std::memory_order_release);
    piece.store(per_piece, std::memory_order_release);
    context.store(job_context, std::memory_order_release);
    call.store(job_call, std::memory_order_release);
    n_pieces.store(pieces, std::memory_order_release);
    unfinished.store(static_cast<int>(pieces));
    ++job;
    for (std::size_t s = 0; s < shares.size(); ++s) {
        const std::int64_t size = first_piece(s + 1, pieces) - first_piece(s, pieces);
        shares[s].unclaimed.store({.job = job, .next = 0, .end = static_cast<std::uint16_t>(size)});
    }
    n_jobs.add(1);
    n_jobs.wake();
}

std::int64_t ThreadPool::State::first_piece(std::size_t share, std::int64_t pieces) const {
    return static_cast<std::int64_t>(share) * pieces / static_cast<std::int64_t>(shares.size());
}

// How many pieces it was; 0 where none was left.
int ThreadPool::State::work_on_some(std::size_t index, bool from_behind, int thread) {
    Share& share = shares[index];
    Ticket seen = share.unclaimed.load(std::memory_order_acquire);
    while (seen.next != seen.end) {
        const Call body = call.load(std::memory_order_acquire);
        void* const body_context = context.load(std::memory_order_acquire);
        const std::int64_t items = n.load(std::memory_order_acquire);
        const std::int64_t per_piece = piece.load(std::memory_order_acquire);
        const std::int64_t pieces = n_pieces.load(std::memory_order_acquire);
        const int n_claimed = std::max((seen.end - seen.next) / kPartClaimed, 1);
        const int first = from_behind ? seen.end - n_claimed : seen.next;
        Ticket left = seen;
        if (from_behind) {
            left.end = static_cast<std::uint16_t>(first);
        } else {
            left.next = static_cast<std::uint16_t>(first + n_claimed);
        }
        if (!share.unclaimed.compare_exchange_weak(seen, left)) continue;
        const std::int64_t begin = (first_piece(index, pieces) + first) * per_piece;
        body(body_context, begin, std::min(begin + n_claimed * per_piece, items), thread);
        return n_claimed;
    }
    return 0;
}

void ThreadPool::State::work_on_pieces(int thread) {
    int n_done = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const std::size_t share = (static_cast<std::size_t>(thread) + i) % shares.size();
        while (const int n = work_on_some(share, i > 0, thread)) n_done += n;
    }
    if (n_done > 0 && unfinished.add(-n_done) == 0) unfinished.wake();
}

void ThreadPool::State::wait_until_finished() {
    for (int left = unfinished.load(); left != 0; left = unfinished.load()) {
        unfinished.wait_while(left);
    }
}

void ThreadPool::State::serve(int thread) {
    int done = 0;
    while (true) {
        n_jobs.wait_while(done);
        done = n_jobs.load();
        if (stopping.load()) return;
        work_on_pieces(thread);
    }
}

ThreadPool::ThreadPool(int n_threads, CpuPath path) {
    require(n_threads >= 1, "thread pool: at least one thread");
    state_ = std::make_unique<State>(static_cast<std::size_t>(n_threads));
    require(is_available(path), "thread pool: this machine does not run that path");
    state_->path = path;
    for (int thread = 1; thread < n_threads; ++thread) {
        state_->threads.emplace_back([state = state_.get(), thread] { state->serve(thread); });
    }
}

ThreadPool::~ThreadPool() {
    state_->stopping.store(true);
    state_->n_jobs.add(1);
    state_->n_jobs.wake();
}

int ThreadPool::size() const {
    return static_cast<int>(state_->scratch.size());
}
CpuPath ThreadPool::path() const {
    return state_->path;
}

std::byte* ThreadPool::scratch(int thread, std::size_t bytes) {
    Scratch& own = state_->scratch[static_cast<std::size_t>(thread)];
    if (own.size < bytes) {
        own.bytes.reset(static_cast<std::byte*>(::operator new (bytes, std::align_val_t{kLine})));
        own.size = bytes;
    }
    return own.bytes.get();
}

void ThreadPool::run(std::int64_t n, std::int64_t grain, void* context, Call call) {
    require(n >= 0 && grain >= 1, "parallel_for: negative count or no grain");
    if (n == 0) return;
    if (size() == 1 || n <= grain) return call(context, 0, n, 0);
    state_->open(n, grain, context, call);
    state_->work_on_pieces(0);
    state_->wait_until_finished();
}

}  // namespace greenroom::kernels
