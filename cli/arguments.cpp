#include "cli/arguments.hpp"

#include <algorithm>
#include <cxxopts.hpp>
#include <exception>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace greenroom::cli {
namespace {

constexpr std::size_t kFlagColumn = 30;  // where the explanations begin in the help

bool is_switch(const runtime::Place& place) {
    return std::holds_alternative<bool*>(place);
}

std::string dashed(std::string_view long_name) {
    return fmt::format("{}{}", long_name.size() == 1 ? "-" : "--", long_name);
}

// cxxopts quotes with typographic marks; our messages use none around a flag.
std::string plain(std::string_view message) {
    std::string out(message);
    for (const std::string_view mark : {"‘", "’"}) {
        for (std::size_t at = out.find(mark); at != std::string::npos; at = out.find(mark)) {
            out.replace(at, mark.size(), "\"");
        }
    }
    return out;
}

}  // namespace

Arguments::Arguments(std::string_view command, std::string_view usage, std::string_view summary)
    : command_(command), usage_(usage), summary_(summary) {}

void Arguments::add(const Flag& flag, runtime::Place place, runtime::Accepts accepts) {
    Entry entry{.short_name = {},
                .long_name = std::string(flag.names),
                .hint = std::string(flag.hint),
                .help = std::string(flag.help),
                .shown_default = runtime::place_text(place),
                .place = place,
                .accepts = std::move(accepts)};
    if (const std::size_t comma = flag.names.find(','); comma != std::string_view::npos) {
        entry.short_name = flag.names.substr(0, comma);
        entry.long_name = flag.names.substr(comma + 1);
    }
    if (entry.shown_default.empty()) entry.shown_default = flag.unset;
    if (is_switch(place)) entry.shown_default.clear();
    entries_.push_back(std::move(entry));
}

void Arguments::positional(std::string_view long_name) {
    positional_ = long_name;
}

void Arguments::exclusive(std::vector<std::string_view> long_names) {
    exclusive_.push_back(std::move(long_names));
}

const Arguments::Entry* Arguments::find(std::string_view long_name) const {
    for (const Entry& entry : entries_) {
        if (entry.long_name == long_name) return &entry;
    }
    return nullptr;
}

bool Arguments::given(std::string_view long_name) const {
    return std::any_of(given_.begin(), given_.end(), [&](const Given& given) {
        return given.long_name == long_name;
    });
}

io::Error Arguments::unknown(std::string_view argument) const {
    if (argument.size() < 2 || argument[0] != '-') {
        return {fmt::format("unexpected argument \"{}\"", argument)};
    }
    const std::string_view flag = argument.substr(0, argument.find('='));
    std::vector<std::string> known = {"--help"};
    for (const Entry& entry : entries_) known.push_back(dashed(entry.long_name));
    const std::vector<std::string_view> candidates(known.begin(), known.end());
    const auto near = runtime::nearest_name(flag, candidates);
    if (!near) return {fmt::format("unknown flag {}", flag)};
    return {fmt::format("unknown flag {}; did you mean {}?", flag, *near)};
}

io::Result<void> Arguments::put(const Entry& entry, std::string_view value) const {
    // A flag where a value should be is a forgotten value, not a value.
    if (value.starts_with("--") && (find(value.substr(2)) != nullptr || value == "--help")) {
        return io::Error{
            fmt::format("{} needs a value, got the flag {}", dashed(entry.long_name), value)};
    }
    const io::Result<void> put = runtime::put_text(entry.place, entry.accepts, value);
    if (!put) return io::Error{fmt::format("{}: {}", dashed(entry.long_name), put.error().message)};
    return {};
}

io::Result<void> Arguments::check_exclusive() const {
    for (const std::vector<std::string_view>& names : exclusive_) {
        std::vector<std::string> both;
        for (const std::string_view name : names) {
            if (given(name)) both.push_back(dashed(name));
        }
        if (both.size() > 1) {
            return io::Error{fmt::format("{} exclude each other", fmt::join(both, " and "))};
        }
    }
    return {};
}

io::Result<void> Arguments::parse(CommandLine argv) {
    given_.clear();
    try {
        cxxopts::Options options(command_);
        options.allow_unrecognised_options();
        options.add_options()("h,help", "");
        for (const Entry& entry : entries_) {
            const std::string names = entry.short_name.empty()
                                          ? entry.long_name
                                          : entry.short_name + "," + entry.long_name;
            const std::shared_ptr<cxxopts::Value> value =
                is_switch(entry.place)
                    ? std::shared_ptr<cxxopts::Value>(cxxopts::value<bool>())
                    : std::shared_ptr<cxxopts::Value>(cxxopts::value<std::string>());
            options.add_options()(names, "", value);
        }
        if (!positional_.empty()) options.parse_positional(positional_);
        const cxxopts::ParseResult parsed =
            options.parse(static_cast<int>(argv.size()), argv.data());
        wants_help_ = parsed.count("help") > 0;
        if (wants_help_) return {};
        if (!parsed.unmatched().empty()) return unknown(parsed.unmatched().front());
        for (const cxxopts::KeyValue& one : parsed.arguments()) {
            given_.push_back({one.key(), one.value()});
        }
    } catch (const std::exception& error) {
        return io::Error{plain(error.what())};
    }
    if (const io::Result<void> ok = check_exclusive(); !ok) return ok;
    return apply();
}

io::Result<void> Arguments::apply() {
    for (const Given& given : given_) {
        const Entry& entry = *find(given.long_name);
        if (auto* const* list = std::get_if<std::vector<std::string>*>(&entry.place))
            (*list)->clear();
    }
    for (const Given& given : given_) {
        if (const io::Result<void> ok = put(*find(given.long_name), given.value); !ok) return ok;
    }
    return {};
}

std::string Arguments::help() const {
    std::string out = fmt::format("usage: greenroom {} {}\n{}\n\n", command_, usage_, summary_);
    for (const Entry& entry : entries_) {
        if (entry.help.empty()) continue;
        std::string left =
            entry.short_name.empty() ? "      " : fmt::format("  -{}, ", entry.short_name);
        left += dashed(entry.long_name);
        if (!entry.hint.empty()) left += " " + entry.hint;
        // Explanations line up; a flag that reaches into their column pushes its own one right.
        out += fmt::format("{:<{}} {}", left, kFlagColumn - 1, entry.help);
        if (!entry.shown_default.empty()) out += fmt::format(" ({})", entry.shown_default);
        out += "\n";
    }
    return out;
}

}  // namespace greenroom::cli
