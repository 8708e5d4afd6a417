#include "runtime/text/space_mark.hpp"

namespace greenroom::runtime {
namespace {

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
    std::string out;
    out.reserve(text.size());
    for (;;) {
        const std::size_t at = text.find(from);
        out.append(text.substr(0, at));
        if (at == std::string_view::npos) return out;
        out.append(to);
        text.remove_prefix(at + from.size());
    }
}

}  // namespace

std::string mark_spaces(std::string_view text) {
    return replaced(text, " ", kSpaceMark);
}

std::string unmark_spaces(std::string_view text) {
    return replaced(text, kSpaceMark, " ");
}

}  // namespace greenroom::runtime
