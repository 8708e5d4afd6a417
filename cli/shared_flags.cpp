#include "cli/shared_flags.hpp"

#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>

#include "runtime/load_settings.hpp"

namespace greenroom::cli {
namespace {

// A flag that fills the setting `name`.
void add_setting(Arguments& arguments,
                 runtime::Settings& settings,
                 const Flag& flag,
                 std::string_view name) {
    runtime::SettingField field = runtime::setting_field(settings, name);
    arguments.add(flag, field.place, std::move(field.accepts));
}

}  // namespace

void add_path_flags(Arguments& arguments, runtime::Settings& settings, SharedFlags& shared) {
    add_setting(arguments,
                settings,
                {"m,model", "PATH", "GGUF file or model folder", "the demo model"},
                "model.path");
    arguments.add({"config", "FILE", "settings from a TOML file"}, &shared.config);
    arguments.add({"set", "KEY=VALUE", "one setting, e.g. sampling.top_k=40"}, &shared.sets);
}

void add_context_flags(Arguments& arguments, runtime::Settings& settings) {
    add_setting(arguments,
                settings,
                {"c,ctx", "N", "positions kept; 0: the model's, at most 4096"},
                "model.context");
    add_setting(arguments,
                settings,
                {"kv-type", "TYPE", "keys and values: auto, f16, f32, q8_0"},
                "model.kv_type");
}

void add_compute_flags(Arguments& arguments, runtime::Settings& settings) {
    add_setting(
        arguments, settings, {"t,threads", "N", "threads; 0: one per core"}, "model.threads");
    add_setting(arguments,
                settings,
                {"exact", "", "multiply in float (slow, for checking)"},
                "model.exact");
    add_setting(arguments, settings, {"b,batch", "N", ""}, "model.batch");
}

void add_model_flags(Arguments& arguments, runtime::Settings& settings, SharedFlags& shared) {
    add_path_flags(arguments, settings, shared);
    add_context_flags(arguments, settings);
    add_compute_flags(arguments, settings);
    add_setting(arguments, settings, {"load", "HOW", "weights: read or mmap"}, "model.load");
}

void add_reply_flags(Arguments& arguments, runtime::Settings& settings) {
    add_setting(arguments,
                settings,
                {"n,predict", "N", "most tokens in a reply; -1: as many as fit"},
                "chat.predict");
    add_setting(arguments,
                settings,
                {"ignore-eos", "", "go on where the model would end its reply"},
                "chat.ignore_eos");
    add_setting(arguments,
                settings,
                {"system", "TEXT", "system prompt of the chat", "none"},
                "chat.system");
}

void add_chat_flags(Arguments& arguments, runtime::Settings& settings) {
    add_setting(arguments,
                settings,
                {"context-overflow", "HOW", "when full: stop, or shift out old turns"},
                "chat.context_overflow");
    add_setting(arguments, settings, {"stats", "", "speeds after each reply"}, "chat.stats");
}

void add_sampling_flags(Arguments& arguments, runtime::Settings& settings) {
    constexpr std::string_view kModels = "the model's";
    add_setting(arguments,
                settings,
                {"s,seed", "N", "of the random choices; -1: a new one", "-1"},
                "sampling.seed");
    add_setting(arguments,
                settings,
                {"temp", "T", "temperature; 0: always the likeliest", kModels},
                "sampling.temperature");
    add_setting(arguments,
                settings,
                {"top-k", "K", "from the K likeliest; 0: from all", kModels},
                "sampling.top_k");
    add_setting(arguments,
                settings,
                {"top-p", "P", "from the likeliest that sum to P", kModels},
                "sampling.top_p");
    add_setting(arguments,
                settings,
                {"min-p", "P", "none below P of the likeliest", kModels},
                "sampling.min_p");
    add_setting(arguments,
                settings,
                {"repeat-penalty", "R", "divides what was said; 1: off", kModels},
                "sampling.repeat_penalty");
    add_setting(arguments, settings, {"repeat-last-n", "N", ""}, "sampling.repeat_last_n");
    add_setting(arguments, settings, {"presence-penalty", "P", ""}, "sampling.presence_penalty");
    add_setting(arguments, settings, {"frequency-penalty", "P", ""}, "sampling.frequency_penalty");
}

void add_note_flags(Arguments& arguments, SharedFlags& shared) {
    arguments.add({"v,verbose", "", "say more on stderr"}, &shared.verbose);
    arguments.add({"q,quiet", "", "say less on stderr"}, &shared.quiet);
    arguments.exclusive({"verbose", "quiet"});
}

void add_output_flags(Arguments& arguments, SharedFlags& shared) {
    arguments.add({"json", "", "print JSON"}, &shared.json);
    add_note_flags(arguments, shared);
}

std::optional<int> start_command(Arguments& arguments,
                                 CommandLine argv,
                                 runtime::Settings& settings,
                                 const SharedFlags& shared) {
    const std::string_view command = arguments.command();
    if (const io::Result<void> ok = arguments.parse(argv); !ok) {
        fail(command, ok.error().message, kUsageError);
        fmt::print(stderr, "try: greenroom help {}\n", command);
        return kUsageError;
    }
    if (arguments.wants_help()) {
        fmt::print("{}", arguments.help());
        return kDone;
    }
    if (const char* path = std::getenv("GREENROOM_CPU_PATH")) settings.model.cpu_path = path;
    if (const char* kind = std::getenv("GREENROOM_DEVICE")) {
        const io::Result<void> set = runtime::apply_text(settings, "device.kind", kind);
        if (!set) return fail(command, "GREENROOM_DEVICE: " + set.error().message, kUsageError);
    }
    if (!shared.config.empty()) {
        const io::Result<void> read = runtime::load_settings(shared.config, settings);
        if (!read) return fail(command, read.error().message);
    }
    for (const std::string& assignment : shared.sets) {
        const io::Result<void> set = runtime::apply_assignment(settings, assignment);
        if (!set) return fail(command, "--set " + set.error().message, kUsageError);
    }
    if (const io::Result<void> ok = arguments.apply(); !ok) {
        return fail(command, ok.error().message, kUsageError);
    }
    return std::nullopt;
}

int fail(std::string_view command, std::string_view message, ExitCode code) {
    fmt::print(stderr, "greenroom {}: {}\n", command, message);
    return code;
}

void note(const SharedFlags& shared, std::string_view message) {
    if (!shared.quiet) fmt::print(stderr, "note: {}\n", message);
}

}  // namespace greenroom::cli
