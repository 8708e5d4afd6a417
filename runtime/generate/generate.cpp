#include "runtime/generate/generate.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <utility>

#include "runtime/generate/overlap.hpp"

namespace greenroom::runtime {
namespace {

using Clock = std::chrono::steady_clock;

// Moving fewer positions than this is not worth it: a few equal tokens are equal by chance.
constexpr std::size_t kWorthMoving = 8;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::size_t common_prefix(std::span<const TokenId> a, std::span<const TokenId> b) {
    const auto [end, ignored] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return static_cast<std::size_t>(end - a.begin());
}

using Tiers = std::optional<cache::StoreStatus>;

Tiers between(const Tiers& before, const Tiers& after) {
    return before && after ? cache::since(*before, *after) : Tiers();
}

}  // namespace

std::string_view stop_reason_name(StopReason reason) {
    switch (reason) {
        case StopReason::stop:
            return "stop";
        case StopReason::length:
            return "length";
        case StopReason::context:
            return "context";
        case StopReason::interrupted:
            return "interrupted";
    }
    return "";
}

// One call of generate.
struct Generator::Run {
    const GenerateOptions& options;
    const GenerateHooks& hooks;
    StreamDecoder decoder;
    bool drop_first_space;
    Generated out = {};
    Clock::time_point begun = Clock::now();
    Clock::time_point last_token = {};
    std::vector<double> token_seconds = {};

    void say(std::string text) {
        if (text.empty()) return;
        if (std::exchange(drop_first_space, false) && text.front() == ' ') text.erase(0, 1);
        if (text.empty()) return;
        out.text += text;
        if (hooks.on_text) hooks.on_text(text);
    }
    // A token has been chosen.
    void take_time() {
        if (out.ids.empty()) {
            out.timings.first_token_s = seconds_since(begun);
        } else {
            token_seconds.push_back(seconds_since(last_token));
        }
        last_token = Clock::now();
    }
    bool interrupted() const { return hooks.stop.stop_requested(); }
};

Generator::Generator(Model& model, const Tokenizer& tokenizer, Sampler& sampler)
    : model_(model), tokenizer_(tokenizer), sampler_(sampler) {
    clear();
}

io::Result<Generated> Generator::generate(std::span<const TokenId> prompt,
                                          const GenerateOptions& options,
                                          const GenerateHooks& hooks) {
    if (prompt.empty()) return io::Error{"the prompt is empty"};
    if (prompt.size() > static_cast<std::size_t>(model_.context())) {
        return io::Error{fmt::format(
            "the prompt has {} tokens, the context holds {}", prompt.size(), model_.context())};
    }
    Run run{.options = options,
            .hooks = hooks,
            .decoder = StreamDecoder(tokenizer_, false),
            .drop_first_space = options.drop_first_space && tokenizer_.kind() == "spm"};
    prepare_sampler(prompt);
    model_.stop_when(hooks.stop);
    Timings& timings = run.out.timings;
    const Tiers at_first = tier_status(model_);
    timings.reused_n = static_cast<int>(reuse(prompt));
    const io::Result<bool> whole = read_up_to(prompt, run);
    if (!whole) return whole.error();
    timings.prompt_n = static_cast<int>(read_.size()) - timings.reused_n;
    timings.prompt_s = seconds_since(run.begun);
    const Tiers behind_prompt = tier_status(model_);
    run.out.prompt_tiers = between(at_first, behind_prompt);
    const auto predictions = predictions_since({}, model_);
    if (*whole) {
        const Clock::time_point begun = Clock::now();
        if (const io::Result<void> ok = predict(run); !ok) return ok.error();
        timings.predicted_s = seconds_since(begun);
    } else {
        run.out.reason = StopReason::interrupted;
    }
    run.say(run.decoder.flush());
    timings.predicted_n = static_cast<int>(run.out.ids.size());
    timings.token = latency_of(std::move(run.token_seconds));
    run.out.predicted_tiers = between(behind_prompt, tier_status(model_));
    run.out.predictions = predictions_since(predictions, model_);
    return std::move(run.out);
}

void Generator::clear() {
    model_.truncate(0);
    read_.clear();
    may_shift_ = false;
}

void Generator::prepare_sampler(std::span<const TokenId> prompt) {
    sampler_.forget_recent();
    for (const TokenId id : prompt) sampler_.accept(id);
}

bool Generator::ends_reply(TokenId id, const GenerateOptions& options) const {
    return tokenizer_.ends_generation(id) ||
           std::find(options.end_ids.begin(), options.end_ids.end(), id) != options.end_ids.end();
}

// Leaves in the model what `ids` begins with, all but the last of them at most. Returns how many
// tokens that is.
std::size_t Generator::reuse(std::span<const TokenId> ids) {
    std::size_t kept = common_prefix(read_, ids);
    if (std::exchange(may_shift_, false)) {
        const std::span<const TokenId> behind = std::span(read_).subspan(kept);
        const std::size_t moved = suffix_prefix_overlap(behind, ids.subspan(kept));
        if (moved >= kWorthMoving) {
            const auto begin = read_.begin() + static_cast<std::ptrdiff_t>(kept);
            const std::size_t removed = behind.size() - moved;
            model_.shift(static_cast<int>(kept), static_cast<int>(removed));
            read_.erase(begin, begin + static_cast<std::ptrdiff_t>(removed));
            kept += moved;
        }
    }
    kept = std::min(kept, ids.size() - 1);
    model_.truncate(static_cast<int>(kept));
    read_.resize(kept);
    return kept;
}

// Reads the rest of `ids`. False when interrupted; what was read by then stays.
io::Result<bool> Generator::read_up_to(std::span<const TokenId> ids, const Run& run) {
    const auto batch = static_cast<std::size_t>(model_.batch());
    while (read_.size() < ids.size()) {
        if (run.interrupted()) return false;
        const std::span<const TokenId> rest = ids.subspan(read_.size());
        const io::Result<void> fed = feed(rest.first(std::min(rest.size(), batch)));
        if (!fed && !run.interrupted()) return fed.error();
    }
    return true;
}

io::Result<void> Generator::feed(std::span<const TokenId> ids) {
    const io::Result<std::span<const float>> logits = model_.forward(ids, LogitRows::last);
    const std::size_t taken = static_cast<std::size_t>(model_.length()) - read_.size();
    read_.insert(read_.end(), ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(taken));
    if (!logits) return logits.error();
    logits_ = *logits;
    return {};
}

io::Result<void> Generator::predict(Run& run) {
    const int most = run.options.predict;
    Generated& out = run.out;
    for (;;) {
        const bool enough = most >= 0 && out.ids.size() >= static_cast<std::size_t>(most);
        if (enough || run.interrupted()) {
            out.reason = enough ? StopReason::length : StopReason::interrupted;
            return {};
        }
        if (choose_token(run)) return {};
        if (most >= 0 && out.ids.size() >= static_cast<std::size_t>(most)) continue;
        const io::Result<bool> room = advance(run);
        if (!room) return room.error();
        if (!*room) return {};
    }
}

// True when the token ends the reply.
bool Generator::choose_token(Run& run) {
    Generated& out = run.out;
    const TokenId id = sampler_.sample(logits_);
    sampler_.accept(id);
    run.take_time();
    out.ids.push_back(id);
    if (run.options.logprobs) out.logprobs.push_back(log_probability(logits_, id));
    if (!run.options.ignore_eos && ends_reply(id, run.options)) {
        out.reason = StopReason::stop;
        return true;
    }
    run.say(run.decoder.push(id));
    return false;
}

// Reads the token chosen last. False when the reply ends for it: the context is full, or someone
// interrupted while it was being made smaller.
io::Result<bool> Generator::advance(Run& run) {
    Generated& out = run.out;
    if (model_.length() < model_.context()) {
        const io::Result<void> fed = feed(std::span(out.ids).last(1));
        if (fed) return true;
        if (!run.interrupted()) return fed.error();
        out.reason = StopReason::interrupted;
        return false;
    }
    out.reason = StopReason::context;
    if (!run.hooks.make_room) return false;
    std::optional<std::vector<TokenId>> ids = run.hooks.make_room(out.ids);
    if (!ids) return false;
    ids->insert(ids->end(), out.ids.begin(), out.ids.end());
    if (ids->size() > static_cast<std::size_t>(model_.context())) return false;
    reuse(*ids);
    const io::Result<bool> whole = read_up_to(*ids, run);
    if (whole && !*whole) out.reason = StopReason::interrupted;
    return whole;
}

}  // namespace greenroom::runtime
