// A conversation held with a model: asks, answers, and keeps within the context. Prints nothing.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "io/result.hpp"
#include "runtime/generate/conversation.hpp"
#include "runtime/generate/engine.hpp"
#include "runtime/generate/generate.hpp"

namespace greenroom::runtime {

// What happens when the context is full.
//   stop:  the reply ends there; a question that leaves no room is refused and not kept.
//   shift: the oldest turns after the system prompt are dropped, whole turns, until a quarter of
//          the context is free. Positions that can be kept are moved (Model::shift), the rest is
//          read again. A conversation of one turn that is too long ends as with `stop`.
enum class Overflow { stop, shift };

struct ChatHooks {
    std::function<void(std::string_view text)> on_text;  // whole characters, as they come
    std::stop_token stop;
};

struct Reply {
    std::vector<TokenId> prompt_ids;
    Generated generated;
    std::size_t dropped_turns = 0;
    std::string notice;  // a line worth showing: turns were dropped, the context is full
};

// One caller at a time.
class Chat {
 public:
    // `engine` outlives the chat. An Error when the engine has no usable template.
    static io::Result<Chat> start(Engine& engine, const Settings& settings);
    Chat(Chat&&) noexcept;
    Chat& operator=(Chat&&) noexcept;
    ~Chat();

    // Asks and answers; the turn is kept. A reply that is stopped after its first token is kept as
    // far as it came; before that, and after an Error, the conversation is as it was.
    io::Result<Reply> say(std::string_view user, const ChatHooks& hooks = {});
    // Answers the last question again. An Error when there is none.
    io::Result<Reply> regenerate(const ChatHooks& hooks = {});

    const Conversation& conversation() const { return conversation_; }
    void set_conversation(Conversation conversation) { conversation_ = std::move(conversation); }
    void set_system(std::string system) { conversation_.system = std::move(system); }
    void clear();  // all turns; the system prompt stays

    // Takes [sampling] and [chat] of changed settings from now on.
    void change(const Settings& settings);
    const SamplerSettings& sampling() const;
    // Positions that the conversation takes in the model now.
    int context_used() const;

 private:
    struct State;  // the sampler and the generator, which refers to it
    explicit Chat(std::unique_ptr<State> state);

    io::Result<Reply> answer(Conversation before, const ChatHooks& hooks);
    io::Result<Generated> generate(Reply& reply, const ChatHooks& hooks);
    io::Result<std::vector<TokenId>> fitting_prompt(Reply& reply);
    io::Result<std::vector<TokenId>> drop_turns(std::size_t more, Reply& reply);

    std::unique_ptr<State> state_;
    Conversation conversation_;
};

}  // namespace greenroom::runtime
