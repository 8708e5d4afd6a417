// The flags of one command: bound to variables, shown in its help with their defaults, filled from
// argv. Turns everything that is wrong with a command line into one line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "io/result.hpp"
#include "runtime/setting_value.hpp"

namespace greenroom::cli {

// How a flag is written and explained.
struct Flag {
    std::string_view names;       // "c,ctx": short and long name, or the long one
    std::string_view hint;        // what its value is called in the help: "N"; switches: ""
    std::string_view help;        // empty: accepted, not listed
    std::string_view unset = {};  // shown as the default where the variable holds nothing
};

class Arguments {
 public:
    // `usage` follows "greenroom COMMAND" in the help, `summary` is the line below it.
    Arguments(std::string_view command, std::string_view usage, std::string_view summary);

    // A flag that fills `place`; a bool* is a switch, a vector takes the flag repeatedly, else the
    // last one given wins. What the place holds now is shown as its default.
    void add(const Flag& flag, runtime::Place place, runtime::Accepts accepts = {});
    // One value without a flag fills what the flag of this long name would.
    void positional(std::string_view long_name);
    // These flags (long names) exclude each other.
    void exclusive(std::vector<std::string_view> long_names);

    // An Error is a usage error: an unknown flag (with the nearest known one), a missing or
    // malformed value, a stray argument. --help leaves the places as they are.
    io::Result<void> parse(CommandLine argv);
    // Called by parse: writes the flags given into their places. Calling it again lets flags win
    // over what was read from elsewhere in the meantime.
    io::Result<void> apply();

    bool wants_help() const { return wants_help_; }
    bool given(std::string_view long_name) const;
    std::string help() const;
    std::string_view command() const { return command_; }

 private:
    struct Entry {
        std::string short_name, long_name;
        std::string hint, help, shown_default;
        runtime::Place place;
        runtime::Accepts accepts;
    };
    struct Given {
        std::string long_name, value;
    };

    const Entry* find(std::string_view long_name) const;
    io::Result<void> put(const Entry& entry, std::string_view value) const;
    io::Error unknown(std::string_view argument) const;
    io::Result<void> check_exclusive() const;

    std::string command_, usage_, summary_, positional_;
    std::vector<Entry> entries_;
    std::vector<std::vector<std::string_view>> exclusive_;
    std::vector<Given> given_;
    bool wants_help_ = false;
};

}  // namespace greenroom::cli
