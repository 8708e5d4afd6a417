#include "cli/chat_commands.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <vector>

#include "cli/chat_reply.hpp"
#include "cli/human.hpp"
#include "cli/stats_line.hpp"

namespace greenroom::cli {
namespace {

using Said = io::Result<std::string>;

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// A path as shells read it.
io::Result<std::filesystem::path> path_in(std::string_view argument) {
    if (argument.empty()) return io::Error{"expected the name of a file"};
    const char* home = std::getenv("HOME");
    if (argument.starts_with("~/") && home != nullptr) {
        return std::filesystem::path(home) / argument.substr(2);
    }
    return std::filesystem::path(argument);
}

Said leave(ChatState& state, std::string_view) {
    state.leaving = true;
    return std::string();
}

Said clear(ChatState& state, std::string_view) {
    state.chat.clear();
    return std::string("the conversation is empty again");
}

Said regenerate(ChatState& state, std::string_view) {
    const io::Result<void> answered = ask_again(state);
    if (!answered) return answered.error();
    return std::string();
}

Said set_system(ChatState& state, std::string_view text) {
    state.chat.set_system(std::string(text));
    return std::string(text.empty() ? "no system prompt from now on" : "system prompt set");
}

Said save(ChatState& state, std::string_view argument) {
    const auto path = path_in(argument);
    if (!path) return path.error();
    const io::Result<void> saved =
        runtime::save_conversation(state.chat.conversation(), state.engine.identity, *path);
    if (!saved) return saved.error();
    return fmt::format("saved in {}", io::printable_path(*path));
}

Said load(ChatState& state, std::string_view argument) {
    const auto path = path_in(argument);
    if (!path) return path.error();
    auto loaded = runtime::load_conversation(*path, state.engine.identity);
    if (!loaded) return loaded.error();
    const std::size_t turns = loaded->turns.size();
    state.chat.set_conversation(std::move(*loaded));
    return fmt::format("{} turns loaded", turns);
}

Said stats(ChatState& state, std::string_view argument) {
    if (argument == "on" || argument == "off") {
        state.settings.chat.stats = argument == "on";
        return fmt::format("a line of speeds after each reply: {}", argument);
    }
    if (!argument.empty()) return io::Error{"expected on, off or nothing"};
    if (!state.last_reply) return std::string("no reply yet");
    return stats_report(*state.last_reply);
}

// /system changes the system prompt; model and tiers are fixed once the model is loaded.
bool is_changeable(std::string_view name) {
    return name.starts_with("sampling.") || (name.starts_with("chat.") && name != "chat.system");
}

bool is_fixed(runtime::Settings& settings, std::string_view name) {
    return std::ranges::any_of(runtime::setting_fields(settings),
                               [&](const runtime::SettingField& field) {
                                   return field.name == name && !is_changeable(field.name);
                               });
}

std::string changeable_settings(runtime::Settings& settings) {
    std::string out;
    for (const runtime::SettingField& field : runtime::setting_fields(settings)) {
        if (!is_changeable(field.name)) continue;
        const std::string value = runtime::place_text(field.place);
        out += fmt::format("  {:<28} {}\n", field.name, value.empty() ? "the model's" : value);
    }
    out.pop_back();
    return out;
}

// "temperature" stands for "sampling.temperature".
std::string full_name(runtime::Settings& settings, std::string_view name) {
    for (const runtime::SettingField& field : runtime::setting_fields(settings)) {
        if (is_changeable(field.name) && field.name.substr(field.name.find('.') + 1) == name) {
            return std::string(field.name);
        }
    }
    return std::string(name);
}

Said set(ChatState& state, std::string_view argument) {
    if (argument.empty()) return changeable_settings(state.settings);
    const std::size_t gap = argument.find_first_of(" =");
    if (gap == std::string_view::npos) return io::Error{"expected a setting and its value"};
    const std::string name = full_name(state.settings, argument.substr(0, gap));
    std::string_view value = trim(argument.substr(gap + 1));
    if (value.starts_with('=')) value = trim(value.substr(1));
    if (name == "chat.system" || name == "system") return set_system(state, value);
    if (is_fixed(state.settings, name)) {
        return io::Error{fmt::format("{} is fixed once the model is loaded", name)};
    }
    const io::Result<void> applied = runtime::apply_text(state.settings, name, value);
    if (!applied) return applied.error();
    state.chat.change(state.settings);
    return fmt::format("{} = {}", name, value);
}

Said show(ChatState& state, std::string_view) {
    const runtime::Engine& engine = state.engine;
    const runtime::SamplerSettings& sampling = state.chat.sampling();
    const runtime::Conversation& conversation = state.chat.conversation();
    return fmt::format(
        "model     {}, {} parameters, {} of weights\n"
        "context   {} of {} positions used, when full: {}\n"
        "turns     {}\n"
        "system    {}\n"
        "sampling  temperature {}, top_k {}, top_p {}, min_p {}, repeat_penalty {}, seed {}",
        io::printable(engine.identity.name),
        human_count(engine.identity.parameters),
        human_bytes(engine.model->weight_bytes()),
        state.chat.context_used(),
        engine.model->context(),
        state.settings.chat.context_overflow,
        conversation.turns.size(),
        conversation.system.empty() ? "none" : io::printable(conversation.system, 2000),
        sampling.temperature,
        sampling.top_k,
        sampling.top_p,
        sampling.min_p,
        sampling.repeat_penalty,
        sampling.seed);
}

Said help(ChatState&, std::string_view) {
    return chat_help();
}

struct ChatCommand {
    std::string_view name, argument, what;
    Said (*run)(ChatState& state, std::string_view argument);
};

constexpr std::array kCommands = {
    ChatCommand{"/help", "", "this list", help},
    ChatCommand{"/exit", "", "leave; also /bye and Ctrl-D", leave},
    ChatCommand{"/bye", "", "", leave},
    ChatCommand{"/clear", "", "forget the conversation", clear},
    ChatCommand{"/regen", "", "another answer to the last question", regenerate},
    ChatCommand{"/system", "TEXT", "set the system prompt; nothing: none", set_system},
    ChatCommand{"/set", "KEY VALUE", "change a setting; nothing: list them", set},
    ChatCommand{"/show", "", "model, context, sampling", show},
    ChatCommand{"/save", "FILE", "keep the conversation", save},
    ChatCommand{"/load", "FILE", "go on with one that was kept", load},
    ChatCommand{"/stats", "on|off", "speeds after each reply; nothing: of the last", stats},
};

io::Error unknown(std::string_view name) {
    std::vector<std::string_view> names;
    for (const ChatCommand& command : kCommands) names.push_back(command.name);
    if (const auto near = runtime::nearest_name(name, names)) {
        return {fmt::format("no command {}; did you mean {}?", io::printable(name), *near)};
    }
    return {fmt::format("no command {}; /help lists them", io::printable(name))};
}

}  // namespace

io::Result<std::string> obey(ChatState& state, std::string_view line) {
    const std::string_view name = line.substr(0, line.find_first_of(" \t"));
    const auto* command = std::find_if(
        kCommands.begin(), kCommands.end(), [&](const ChatCommand& c) { return c.name == name; });
    if (command == kCommands.end()) return unknown(name);
    return command->run(state, trim(line.substr(name.size())));
}

std::string chat_help() {
    std::string out;
    for (const ChatCommand& command : kCommands) {
        if (command.what.empty()) continue;
        out += fmt::format(
            "  {:<16} {}\n", fmt::format("{} {}", command.name, command.argument), command.what);
    }
    out +=
        "  \"\"\"              begins and ends a message of several lines\n"
        "  Ctrl-C           stops the reply; at the prompt clears the line";
    return out;
}

}  // namespace greenroom::cli
