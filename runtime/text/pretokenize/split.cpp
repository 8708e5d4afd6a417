#include "runtime/text/pretokenize/split.hpp"

#include <utility>

namespace greenroom::runtime {
namespace {

// Adds the ends of the pieces that `rule` makes of characters [begin, end).
void split_piece(Text text, Rule rule, std::size_t begin, std::vector<std::size_t>& ends) {
    std::size_t unmatched = 0;  // where the stretch without a match starts
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = rule(text, at);
        if (end == at) {
            ++at;
            continue;
        }
        if (unmatched < at) ends.push_back(begin + at);
        ends.push_back(begin + end);
        at = unmatched = end;
    }
    if (unmatched < text.size()) ends.push_back(begin + text.size());
}

}  // namespace

std::vector<std::string_view> split_words(std::string_view text, std::span<const Rule> rules) {
    const std::vector<Character> characters = characters_of(text);
    std::vector<std::size_t> ends;  // of the pieces so far, counted in characters
    if (!characters.empty()) ends.push_back(characters.size());
    for (const Rule rule : rules) {
        std::vector<std::size_t> finer;
        std::size_t begin = 0;
        for (const std::size_t end : ends) {
            split_piece(Text(characters).subspan(begin, end - begin), rule, begin, finer);
            begin = end;
        }
        ends = std::move(finer);
    }
    std::vector<std::string_view> words;
    words.reserve(ends.size());
    std::size_t at = 0;
    for (const std::size_t end : ends) {
        std::size_t bytes = 0;
        for (; at < end; ++at) bytes += characters[at].bytes();
        words.push_back(text.substr(0, bytes));
        text.remove_prefix(bytes);
    }
    return words;
}

}  // namespace greenroom::runtime
