#include "runtime/size_list.hpp"

#include <cmath>
#include <fmt/format.h>

#include "runtime/setting_value.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::size_t kMostSizes = 10'000;

io::Error wrong(std::string_view text) {
    return {fmt::format("expected a size, a..b, a..b+step or a..b*factor, got \"{}\"", text)};
}

// From one size of a range to the next.
struct Step {
    double factor = 2;
    std::uint64_t addend = 0;
    std::uint64_t after(std::uint64_t size) const {
        return static_cast<std::uint64_t>(std::llround(static_cast<double>(size) * factor)) +
               addend;
    }
};

io::Result<Step> parse_step(std::string_view text) {
    if (text.empty()) return Step{};
    if (text[0] == '*') {
        const auto factor = parse_real(text.substr(1));
        if (!factor || *factor <= 1) return wrong(text);
        return Step{*factor, 0};
    }
    const auto addend = parse_bytes(text.substr(1));
    if (!addend || *addend == 0) return wrong(text);
    return Step{1, *addend};
}

io::Result<void> add_range(std::string_view item, std::vector<std::uint64_t>& out) {
    const std::size_t dots = item.find("..");
    if (dots == std::string_view::npos) {
        const auto size = parse_bytes(item);
        if (!size) return size.error();
        out.push_back(*size);
        return {};
    }
    const std::size_t sign = std::min(item.find_first_of("+*", dots), item.size());
    const auto first = parse_bytes(item.substr(0, dots));
    const auto last = parse_bytes(item.substr(dots + 2, sign - dots - 2));
    const auto step = parse_step(item.substr(sign));
    if (!first || !last || !step || *first > *last || *last > (1ull << 60)) return wrong(item);
    for (std::uint64_t size = *first; size <= *last && out.size() <= kMostSizes;) {
        out.push_back(size);
        const std::uint64_t next = step->after(size);
        if (next <= size) return wrong(item);  // from zero, or by less than a byte
        size = next;
    }
    return {};
}

}  // namespace

io::Result<std::vector<std::uint64_t>> parse_size_list(std::string_view text) {
    std::vector<std::uint64_t> out;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        if (auto ok = add_range(rest.substr(0, end), out); !ok) return ok.error();
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (out.empty()) return wrong(text);
    if (out.size() > kMostSizes) {
        return io::Error{fmt::format("\"{}\" has more than {} sizes", text, kMostSizes)};
    }
    return out;
}

}  // namespace greenroom::runtime
