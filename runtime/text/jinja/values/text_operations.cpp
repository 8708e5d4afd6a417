#include "runtime/text/jinja/values/text_operations.hpp"

#include <algorithm>

#include "runtime/text/jinja/values/compare.hpp"
#include "runtime/text/jinja/values/unicode.hpp"

namespace greenroom::runtime::jinja {
namespace {

bool in_set(std::string_view set, std::string_view character) {
    return set.find(character) != std::string_view::npos;
}

std::string_view strip_start(std::string_view text, std::string_view set) {
    while (!text.empty()) {
        const std::size_t bytes = first_character(text).bytes;
        if (!in_set(set, text.substr(0, bytes))) break;
        text.remove_prefix(bytes);
    }
    return text;
}

std::string_view strip_end(std::string_view text, std::string_view set) {
    while (!text.empty()) {
        const std::size_t bytes = last_character(text).bytes;
        if (!in_set(set, text.substr(text.size() - bytes))) break;
        text.remove_suffix(bytes);
    }
    return text;
}

// What `c` leaves behind: inside a word the next character is lower case.
bool continues_word(Case wanted, char32_t c) {
    if (wanted == Case::title) return is_alphabetic(c);
    if (wanted != Case::words) return true;
    return !is_space(c) && (c >= 0x80 || std::string_view("-({[<").find(static_cast<char>(c)) ==
                                             std::string_view::npos);
}

bool wants_upper(Case wanted, bool inside_word, char32_t c) {
    switch (wanted) {
        case Case::upper:
            return true;
        case Case::lower:
            return false;
        case Case::swapped:
            return !is_upper(c);
        case Case::capitalized:
        case Case::title:
        case Case::words:
            return !inside_word;
    }
    return false;
}

std::string_view html_entity(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&#34;";
        default:
            return "&#39;";
    }
}

// The line that starts at `from`: where it ends, and where the next one starts.
struct Line {
    std::size_t end, next;
};
Line line_at(std::string_view text, std::size_t from) {
    const std::size_t end = std::min(text.find_first_of("\n\r\v\f\x1c\x1d\x1e", from), text.size());
    if (end == text.size()) return {end, end};
    const bool pair = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
    return {end, end + (pair ? 2 : 1)};
}

}  // namespace

Text in_case(Rendering& run, const Text& text, Case wanted) {
    TextBuilder out(run.meter);
    if (!run.meter.spend_characters(text.size())) return {};
    bool inside_word = false;
    text.each_run([&](std::string_view bytes, Origin origin) {
        std::string mapped;
        while (!bytes.empty()) {
            const Character c = first_character(bytes);
            const bool upper = wants_upper(wanted, inside_word, c.value);
            const char32_t to = upper ? to_upper(c.value) : to_lower(c.value);
            mapped += to == c.value ? std::string(bytes.substr(0, c.bytes)) : utf8(to);
            inside_word = continues_word(wanted, c.value);
            bytes.remove_prefix(c.bytes);
        }
        out.append(mapped, origin);
    });
    return out.take();
}

Text strip(Rendering& run, const Text& text, const std::optional<Text>& set, Side side) {
    std::string_view left = text.view();
    if (!run.meter.spend_bytes(text.size())) return {};
    if (side != Side::end) left = set ? strip_start(left, set->view()) : trim_start(left);
    if (side != Side::start) left = set ? strip_end(left, set->view()) : trim_end(left);
    const std::uint64_t stripped = text.size() - left.size();
    run.meter.spend_characters(stripped * (set ? set->size() + 1 : 1));
    const auto begin =
        left.empty() ? 0 : static_cast<std::size_t>(left.data() - text.view().data());
    return text.slice({begin, begin + left.size()});
}

Text replace(
    Rendering& run, const Text& text, const Text& old, const Text& by, std::uint64_t most) {
    TextBuilder out(run.meter);
    std::size_t at = 0;
    for (std::uint64_t done = 0; done < most && run.meter.spend(1); ++done) {
        const std::size_t found = find_text(run, text.view(), old.view(), at);
        if (found == std::string_view::npos) break;
        out.append(text, {at, found});
        out.append(by);
        at = found + old.size();
        if (!old.view().empty()) continue;
        if (at == text.size()) break;
        const std::size_t bytes = first_character(text.view().substr(at)).bytes;
        out.append(text, {at, at + bytes});
        at += bytes;
    }
    out.append(text, {at, text.size()});
    return out.take();
}

std::vector<std::size_t> occurrences(Rendering& run,
                                     std::string_view text,
                                     std::string_view needle) {
    std::vector<std::size_t> out;
    std::size_t at = 0;
    while (run.meter.spend(1)) {
        at = find_text(run, text, needle, at);
        if (at == std::string_view::npos) break;
        out.push_back(at);
        at += needle.size();
    }
    return out;
}

std::vector<Value> split(Rendering& run,
                         const Text& text,
                         std::string_view at,
                         std::uint64_t most) {
    std::vector<Value> out;
    std::size_t begin = 0;
    while (out.size() < most && run.meter.spend(1)) {
        const std::size_t found = find_text(run, text.view(), at, begin);
        if (found == std::string_view::npos) break;
        out.push_back(run.string(text.slice({begin, found})));
        begin = found + at.size();
    }
    out.push_back(run.string(text.slice({begin, text.size()})));
    return out;
}

std::vector<Value> split_from_end(Rendering& run,
                                  const Text& text,
                                  std::string_view at,
                                  std::uint64_t most) {
    std::vector<Value> out;
    std::size_t end = text.size();
    while (out.size() < most && run.meter.spend_bytes(end * at.size())) {
        const std::size_t found =
            end < at.size() ? std::string_view::npos : text.view().rfind(at, end - at.size());
        if (found == std::string_view::npos) break;
        out.push_back(run.string(text.slice({found + at.size(), end})));
        end = found;
    }
    out.push_back(run.string(text.slice({0, end})));
    std::reverse(out.begin(), out.end());
    return out;
}

std::vector<Value> split_at_spaces(Rendering& run, const Text& text, std::uint64_t most) {
    std::vector<Value> out;
    std::string_view rest = trim_start(text.view());
    while (!rest.empty() && run.meter.spend(1)) {
        const std::size_t begin = text.size() - rest.size();
        std::size_t end = begin;
        if (out.size() == most) end = trim_end(text.view()).size();
        while (out.size() < most && end < text.size()) {
            const Character c = first_character(text.view().substr(end));
            if (is_space(c.value)) break;
            end += c.bytes;
        }
        out.push_back(run.string(text.slice({begin, end})));
        rest = trim_start(text.view().substr(end));
    }
    run.meter.spend_characters(text.size());
    return out;
}

std::vector<Value> split_lines(Rendering& run, const Text& text, bool keep_ends) {
    std::vector<Value> out;
    for (std::size_t at = 0; at < text.size() && run.meter.spend(1);) {
        const Line line = line_at(text.view(), at);
        out.push_back(run.string(text.slice({at, keep_ends ? line.next : line.end})));
        at = line.next;
    }
    return out;
}

Text pad(Rendering& run, const Text& text, Integer width, std::string_view fill, Side side) {
    constexpr Integer kPastEveryLimit = Integer{1} << 40;
    const auto length = static_cast<Integer>(count_characters(text.view()));
    const Integer capped = std::min(width, kPastEveryLimit);
    const auto missing = static_cast<std::uint64_t>(std::max(capped - length, Integer{0}));
    // Python puts the odd one before the text when the width is odd.
    const std::uint64_t half = missing / 2 + (missing & static_cast<std::uint64_t>(width) & 1);
    const std::uint64_t before = side == Side::start ? 0 : side == Side::end ? missing : half;
    TextBuilder out(run.meter);
    run.meter.spend_characters(text.size());
    out.append_repeated(fill, before);
    out.append(text);
    out.append_repeated(fill, missing - before);
    return out.take();
}

Text html_escaped(Rendering& run, const Text& text) {
    TextBuilder out(run.meter);
    text.each_run([&](std::string_view rest, Origin origin) {
        while (!rest.empty()) {
            const std::size_t plain = std::min(rest.find_first_of("&<>\"'"), rest.size());
            out.append(rest.substr(0, plain), origin);
            rest.remove_prefix(plain);
            if (rest.empty()) break;
            out.append(html_entity(rest[0]), origin);
            rest.remove_prefix(1);
        }
    });
    return out.take();
}

Text indent(Rendering& run, const Text& text, std::string_view by, bool first, bool blank) {
    TextBuilder out(run.meter);
    std::size_t at = 0;
    while (run.meter.spend(1)) {
        const Line line = line_at(text.view(), at);
        const bool wanted = at == 0 ? first : blank || line.end > at;
        if (wanted) out.append(by);
        out.append(text, {at, line.end});
        if (line.next == line.end) break;
        out.append("\n");
        at = line.next;
    }
    return out.take();
}

}  // namespace greenroom::runtime::jinja
