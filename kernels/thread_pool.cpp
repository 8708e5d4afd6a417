#include "kernels/thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <new>
#include <thread>
#include <vector>

#include "kernels/require.hpp"

namespace greenroom::kernels {
namespace {

constexpr std::size_t kLine = 64;
constexpr std::int64_t kPiecesPerThread = 16;
// About 50 µs where a pause takes 140 cycles. Serial stretches between ops are shorter.
constexpr int kSpins = 1000;

void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

// A ticket names the current job and its next unclaimed piece; claiming a piece is one
// compare-exchange, which fails for a thread that still has an older job in mind.
constexpr int kPieceBits = 24;
constexpr std::uint64_t kPieceMask = (1ull << kPieceBits) - 1;
constexpr std::uint64_t kNothingLeft = kPieceMask;

struct Free {
    void operator()(std::byte* p) const { ::operator delete (p, std::align_val_t{kLine}); }
};

struct alignas(kLine) Scratch {
    std::unique_ptr<std::byte, Free> bytes;
    std::size_t size = 0;
};

}  // namespace

// The fields of the job are written only while the ticket says kNothingLeft and no piece is open.
// A late thread may read them meanwhile, but then its claim fails. They are released and acquired
// so that whoever sees a new field also sees that the ticket has moved on.
struct ThreadPool::State {
    alignas(kLine) std::atomic<std::uint64_t> ticket = kNothingLeft;
    alignas(kLine) std::atomic<int> unfinished = 0;  // pieces; the caller sleeps on it
    alignas(kLine) std::atomic<int> n_jobs = 0;      // the workers sleep on it
    alignas(kLine) std::atomic<Call> call = nullptr;
    std::atomic<void*> context = nullptr;
    std::atomic<std::int64_t> n = 0, piece = 0, n_pieces = 0;
    std::atomic<bool> stopping = false;

    CpuPath path = CpuPath::plain;
    std::vector<Scratch> scratch;
    std::vector<std::jthread> threads;

    void open(std::int64_t items, std::int64_t grain, void* job_context, Call job_call);
    void work_on_pieces(int thread);
    void wait_until_finished();
    void serve(int thread);
};

void ThreadPool::State::open(std::int64_t items,
                             std::int64_t grain,
                             void* job_context,
                             Call job_call) {
    const std::int64_t wanted = static_cast<std::int64_t>(scratch.size()) * kPiecesPerThread;
    const std::int64_t grains = (items + grain - 1) / grain;
    const std::int64_t per_piece = (grains + wanted - 1) / wanted * grain;
    const std::uint64_t job = (ticket.load(std::memory_order_relaxed) >> kPieceBits) + 1;
    ticket.store(job << kPieceBits | kNothingLeft);
    n.store(items, std::memory_order_release);
    piece.store(per_piece, std::memory_order_release);
    n_pieces.store((items + per_piece - 1) / per_piece, std::memory_order_release);
    context.store(job_context, std::memory_order_release);
    call.store(job_call, std::memory_order_release);
    unfinished.store(static_cast<int>(n_pieces.load(std::memory_order_relaxed)));
    ticket.store((job + 1) << kPieceBits);
    n_jobs.fetch_add(1);
    n_jobs.notify_all();
}

void ThreadPool::State::work_on_pieces(int thread) {
    std::uint64_t seen = ticket.load(std::memory_order_acquire);
    while (true) {
        const auto index = static_cast<std::int64_t>(seen & kPieceMask);
        const Call body = call.load(std::memory_order_acquire);
        void* const body_context = context.load(std::memory_order_acquire);
        const std::int64_t items = n.load(std::memory_order_acquire);
        const std::int64_t per_piece = piece.load(std::memory_order_acquire);
        if (index >= n_pieces.load(std::memory_order_acquire)) return;
        if (!ticket.compare_exchange_weak(seen, seen + 1)) continue;
        const std::int64_t begin = index * per_piece;
        body(body_context, begin, std::min(begin + per_piece, items), thread);
        if (unfinished.fetch_sub(1) == 1) unfinished.notify_one();
        seen = ticket.load(std::memory_order_acquire);
    }
}

void ThreadPool::State::wait_until_finished() {
    for (int i = 0; i < kSpins; ++i) {
        if (unfinished.load() == 0) return;
        pause();
    }
    for (int left = unfinished.load(); left != 0; left = unfinished.load()) unfinished.wait(left);
}

void ThreadPool::State::serve(int thread) {
    int done = 0;
    while (true) {
        for (int i = 0; i < kSpins && n_jobs.load() == done; ++i) pause();
        n_jobs.wait(done);
        done = n_jobs.load();
        if (stopping.load()) return;
        work_on_pieces(thread);
    }
}

ThreadPool::ThreadPool(int n_threads, CpuPath path) : state_(std::make_unique<State>()) {
    require(n_threads >= 1, "thread pool: at least one thread");
    require(is_available(path), "thread pool: this machine does not run that path");
    state_->path = path;
    state_->scratch.resize(static_cast<std::size_t>(n_threads));
    for (int thread = 1; thread < n_threads; ++thread) {
        state_->threads.emplace_back([state = state_.get(), thread] { state->serve(thread); });
    }
}

ThreadPool::~ThreadPool() {
    state_->stopping.store(true);
    state_->n_jobs.fetch_add(1);
    state_->n_jobs.notify_all();
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
