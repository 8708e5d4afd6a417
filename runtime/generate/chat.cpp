#include "runtime/generate/chat.hpp"

#include <fmt/format.h>
#include <optional>
#include <utility>

#include "runtime/generate/prompt.hpp"

namespace greenroom::runtime {
namespace {

using Ids = std::vector<TokenId>;

// Once turns are dropped, so many that a quarter of the context is free for what comes.
std::size_t room_after_drop(const Model& model) {
    return static_cast<std::size_t>(model.context()) / 4 * 3;
}

}  // namespace

struct Chat::State {
    State(Engine& e, const Settings& settings)
        : engine(e),
          encoder(*e.tokenizer, *e.chat_template),
          sampler(sampler_settings(settings.sampling, e.recommended.sampling),
                  static_cast<std::size_t>(e.model->vocabulary_size())),
          generator(*e.model, *e.tokenizer, sampler),
          section(settings.chat) {}

    Overflow overflow() const {
        return section.context_overflow == "shift" ? Overflow::shift : Overflow::stop;
    }
    std::size_t context() const { return static_cast<std::size_t>(engine.model->context()); }

    Engine& engine;
    PromptEncoder encoder;
    Sampler sampler;
    Generator generator;  // refers to the sampler
    ChatSection section;
};

io::Result<Chat> Chat::start(Engine& engine, const Settings& settings) {
    if (!engine.chat_template) return engine.chat_template.error();
    Chat chat(std::make_unique<State>(engine, settings));
    chat.conversation_.system = settings.chat.system;
    return chat;
}

Chat::Chat(std::unique_ptr<State> state) : state_(std::move(state)) {}
Chat::Chat(Chat&&) noexcept = default;
Chat& Chat::operator=(Chat&&) noexcept = default;
Chat::~Chat() = default;

io::Result<Reply> Chat::say(std::string_view user, const ChatHooks& hooks) {
    Conversation before = conversation_;
    conversation_.turns.push_back({std::string(user), {}});
    return answer(std::move(before), hooks);
}

io::Result<Reply> Chat::regenerate(const ChatHooks& hooks) {
    if (conversation_.turns.empty()) return io::Error{"nothing has been asked yet"};
    Conversation before = conversation_;
    conversation_.turns.back().reply.clear();
    return answer(std::move(before), hooks);
}

void Chat::clear() {
    conversation_.turns.clear();
}

void Chat::change(const Settings& settings) {
    state_->section = settings.chat;
    state_->sampler.change(
        sampler_settings(settings.sampling, state_->engine.recommended.sampling));
}

const SamplerSettings& Chat::sampling() const {
    return state_->sampler.settings();
}

int Chat::context_used() const {
    return static_cast<int>(state_->generator.read().size());
}

// Answers the last turn. `before` comes back when there is no answer.
io::Result<Reply> Chat::answer(Conversation before, const ChatHooks& hooks) {
    Reply reply;
    io::Result<Generated> generated = generate(reply, hooks);
    if (!generated || generated->ids.empty()) {
        conversation_ = std::move(before);
        if (!generated) return generated.error();
    } else {
        conversation_.turns.back().reply = generated->text;
    }
    if (generated->reason == StopReason::context && reply.notice.empty()) {
        reply.notice = fmt::format("the context of {} positions is full: the reply ends here",
                                   state_->context());
    }
    reply.generated = std::move(*generated);
    return reply;
}

io::Result<Generated> Chat::generate(Reply& reply, const ChatHooks& hooks) {
    io::Result<Ids> prompt = fitting_prompt(reply);
    if (!prompt) return prompt.error();
    reply.prompt_ids = std::move(*prompt);
    const GenerateOptions options = {.predict = state_->section.predict,
                                     .ignore_eos = state_->section.ignore_eos,
                                     .drop_first_space = true,
                                     .end_ids = state_->engine.recommended.end_ids};
    GenerateHooks generate_hooks = {
        .on_text = hooks.on_text, .stop = hooks.stop, .make_room = nullptr};
    if (state_->overflow() == Overflow::shift) {
        generate_hooks.make_room = [&](std::span<const TokenId> generated) -> std::optional<Ids> {
            io::Result<Ids> shorter = drop_turns(generated.size(), reply);
            if (!shorter) return std::nullopt;
            return std::move(*shorter);
        };
    }
    return state_->generator.generate(reply.prompt_ids, options, generate_hooks);
}

// The conversation as ids, with room for at least one token behind them.
io::Result<Ids> Chat::fitting_prompt(Reply& reply) {
    io::Result<Ids> ids = state_->encoder.encode(conversation_.messages());
    if (!ids || ids->size() < state_->context()) return ids;
    const std::size_t wanted = ids->size();
    if (state_->overflow() == Overflow::shift) ids = drop_turns(0, reply);
    if (!ids || ids->size() < state_->context()) return ids;
    return io::Error{
        fmt::format("the conversation takes {} tokens with this question, the context "
                    "holds {}; the question was not kept",
                    wanted,
                    state_->context())};
}

// Drops the oldest turns, never the last one, until the conversation and `more` tokens leave a
// quarter of the context free. Returns the conversation as ids.
io::Result<Ids> Chat::drop_turns(std::size_t more, Reply& reply) {
    std::vector<Turn>& turns = conversation_.turns;
    const std::size_t most = room_after_drop(*state_->engine.model);
    std::size_t dropped = 0;
    io::Result<Ids> ids = io::Error{"one turn fills the context"};
    while (turns.size() > 1 && (!ids || ids->size() + more > most)) {
        turns.erase(turns.begin());
        ++dropped;
        ids = state_->encoder.encode(conversation_.messages());
        if (!ids) return ids;
    }
    if (dropped > 0) {
        state_->generator.allow_shift();
        reply.dropped_turns += dropped;
        reply.notice = fmt::format("the context of {} positions is full: dropped the {}",
                                   state_->context(),
                                   reply.dropped_turns == 1
                                       ? "oldest turn"
                                       : fmt::format("{} oldest turns", reply.dropped_turns));
    }
    return ids;
}

}  // namespace greenroom::runtime
