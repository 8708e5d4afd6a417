#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "cli/chat_commands.hpp"
#include "cli/chat_reply.hpp"
#include "cli/commands.hpp"
#include "cli/human.hpp"
#include "cli/line_reader.hpp"
#include "cli/message_reader.hpp"
#include "cli/open_engine.hpp"
#include "cli/recording.hpp"
#include "cli/terminal.hpp"

namespace greenroom::cli {
namespace {

struct ChatCommandLine : ModelCommand {
    std::vector<std::string> loads = {};  // --load: how to load the weights, or a conversation
    std::string conversation = {};        // the latter
};

// --load says how weights are loaded, as in every command, or names a conversation.
void sort_loads(ChatCommandLine& command) {
    for (const std::string& load : command.loads) {
        const bool how = load == "read" || load == "mmap";
        (how ? command.settings.model.load : command.conversation) = load;
    }
}

void greet(const ChatState& state) {
    const runtime::Engine& engine = state.engine;
    tell(fmt::format("{} · {} in {} · context {}",
                     io::printable(engine.identity.name),
                     human_bytes(engine.model->weight_bytes()),
                     human_seconds(engine.load_seconds),
                     engine.model->context()));
    tell("/help lists commands, Ctrl-C stops a reply, Ctrl-D leaves\n");
}

// Whether the chat goes on after Ctrl-C at the prompt.
bool go_on_after_interrupt(const Message& message, bool& warned) {
    if (message.dropped_text) return true;
    if (warned) return false;
    warned = true;
    tell("(Ctrl-C again or Ctrl-D leaves)");
    return true;
}

io::Result<void> handle(ChatState& state, const Message& message) {
    if (message.text.find_first_not_of(" \t\n") == std::string::npos) return {};
    if (!message.is_command) return ask(state, message.text);
    const io::Result<std::string> said = obey(state, message.text);
    if (!said) return said.error();
    if (!said->empty()) tell(*said);
    return {};
}

int converse(ChatState& state, LineReader& lines) {
    bool warned = false;
    while (!state.leaving) {
        state.signals.interrupted().take();
        const Message message = read_message(lines);
        if (message.end == TypedLine::End::input) break;
        if (message.end == TypedLine::End::interrupted) {
            if (!state.interactive) return end_by_interrupt();
            if (!go_on_after_interrupt(message, warned)) break;
            continue;
        }
        warned = false;
        const io::Result<void> handled = handle(state, message);
        if (!state.interactive && state.signals.interrupted().take()) return end_by_interrupt();
        if (handled) continue;
        if (!state.interactive) return fail("chat", handled.error().message);
        tell(handled.error().message);
    }
    return kDone;
}

int start_chat(ChatCommandLine& command) {
    Signals signals;
    runtime::Engine engine;
    if (const auto ended = open_engine(command, signals, engine)) return *ended;
    auto recording = begin_recording(command.settings, engine);
    if (!recording) return fail("chat", recording.error().message);
    auto chat = runtime::Chat::start(engine, command.settings);
    if (!chat) return fail("chat", chat.error().message);
    ChatState state{engine, signals, command.settings, std::move(*chat)};
    if (!command.conversation.empty()) {
        auto loaded = runtime::load_conversation(command.conversation, engine.identity);
        if (!loaded) return fail("chat", "--load: " + loaded.error().message);
        state.chat.set_conversation(std::move(*loaded));
    }
    state.interactive = is_terminal(STDIN_FILENO);
    if (state.interactive && !command.shared.quiet) greet(state);
    const auto lines = make_line_reader(signals);
    const int code = converse(state, *lines);
    if (auto ok = finish_recording(*recording, command.shared); !ok) {
        return fail("chat", ok.error().message);
    }
    return code;
}

}  // namespace

int chat(CommandLine argv) {
    ChatCommandLine command{{.name = "chat"}};
    Arguments arguments(
        "chat",
        "[-m MODEL] [flags]",
        "Talks with a model. Without a terminal on standard input, every line is a\n"
        "message and the replies go to standard output.");
    add_path_flags(arguments, command.settings, command.shared);
    add_context_flags(arguments, command.settings);
    add_compute_flags(arguments, command.settings);
    arguments.add({"load", "HOW", "weights: read or mmap; or a saved chat", "read"},
                  &command.loads);
    add_reply_flags(arguments, command.settings);
    add_chat_flags(arguments, command.settings);
    add_sampling_flags(arguments, command.settings);
    add_note_flags(arguments, command.shared);
    if (const auto ended = start_command(arguments, argv, command.settings, command.shared)) {
        return *ended;
    }
    sort_loads(command);
    return start_chat(command);
}

}  // namespace greenroom::cli
