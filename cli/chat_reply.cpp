#include "cli/chat_reply.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <string>
#include <unistd.h>

#include "cli/reply_printer.hpp"
#include "cli/stats_line.hpp"
#include "cli/terminal.hpp"
#include "cli/terminal_text.hpp"

namespace greenroom::cli {
namespace {

// What stands below a reply: why it ended early, what it cost, and room before the next question.
void tell_about(ChatState& state, const runtime::Reply& reply) {
    state.last_reply = reply.generated;
    if (!reply.notice.empty()) tell(fmt::format("({})", reply.notice));
    if (state.settings.chat.stats) tell(fmt::format("[{}]", end_line(reply.generated)));
    if (state.interactive) tell("");
}

template <class Answer>
io::Result<void> print_reply(ChatState& state, Answer&& answer) {
    ReplyPrinter printer;
    bool written = true;
    runtime::ChatHooks hooks;
    hooks.stop = state.signals.begin_work(Signals::SecondInterrupt::waits);
    hooks.on_text = [&](std::string_view text) {
        written = printer.print(text);
        if (!written) state.signals.stop_work();
    };
    const io::Result<runtime::Reply> reply = answer(hooks);
    state.signals.end_work();
    written = printer.finish() && written;
    state.leaving = state.leaving || !written;
    if (!reply) return reply.error();
    tell_about(state, *reply);
    return {};
}

}  // namespace

io::Result<void> ask(ChatState& state, std::string_view message) {
    return print_reply(
        state, [&](const runtime::ChatHooks& hooks) { return state.chat.say(message, hooks); });
}

io::Result<void> ask_again(ChatState& state) {
    return print_reply(
        state, [&](const runtime::ChatHooks& hooks) { return state.chat.regenerate(hooks); });
}

void tell(std::string_view text) {
    const int width = is_terminal(STDERR_FILENO) ? terminal_width(STDERR_FILENO) : 0;
    WordWrap wrap;
    std::string shown = wrap.push(text, width);
    shown += wrap.flush(width);
    fmt::print(stderr, "{}\n", shown);
}

}  // namespace greenroom::cli
