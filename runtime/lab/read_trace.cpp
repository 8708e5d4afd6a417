#include "runtime/lab/read_trace.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "io/file.hpp"
#include "io/write/replace_file.hpp"
#include "runtime/lab/route_csv.hpp"
#include "runtime/lab/routing_jsonl.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::uint64_t kLargestText = 1ull << 30;
constexpr std::uint64_t kLargestFile = 8ull << 30;
constexpr std::array<std::string_view, 3> kFormats = {
    "greenroom", "bigmoe-csv", "speculative-jsonl"};

io::Result<Trace> read_text(const std::filesystem::path& path, std::string_view format) {
    const auto text = io::read_text_file(path, kLargestText);
    if (!text) return text.error();
    const std::string name = io::printable_path(path);
    auto trace =
        format == "bigmoe-csv" ? parse_route_csv(*text, name) : parse_routing_jsonl(*text, name);
    if (!trace) return trace.error();
    if (auto ok = check_trace(*trace); !ok) {
        return io::Error{fmt::format("{}: {}", name, ok.error().message)};
    }
    return trace;
}

io::Result<std::string_view> format_of(const io::File& file) {
    const std::string name = io::printable_path(file.path());
    if (file.size() > kLargestFile)
        return io::Error{fmt::format("{}: larger than any trace", name)};
    std::string beginning(std::min<std::uint64_t>(file.size(), 16), '\0');
    if (auto ok = file.read_at(0, std::as_writable_bytes(std::span(beginning))); !ok) {
        return ok.error();
    }
    const std::string_view format = trace_format_of(beginning);
    if (format.empty()) return io::Error{fmt::format("{}: not a known trace format", name)};
    return format;
}

io::Error unknown(std::string_view format) {
    return {fmt::format(
        "trace format '{}' is not known; there are: {}", format, fmt::join(kFormats, ", "))};
}

}  // namespace

std::span<const std::string_view> trace_formats() {
    return kFormats;
}

std::string_view trace_format_of(std::string_view beginning) {
    if (beginning.starts_with(kTraceMagic)) return kFormats[0];
    if (beginning.starts_with("# route_trace v1")) return kFormats[1];
    if (beginning.starts_with("{")) return kFormats[2];
    return {};
}

io::Result<Trace> read_trace(const std::filesystem::path& path) {
    const auto file = io::File::open(path);
    if (!file) return file.error();
    const auto format = format_of(*file);
    if (!format) return format.error();
    if (*format == "greenroom") return read_trace_bytes(io::FileSource(*file));
    return read_text(path, *format);
}

io::Result<std::string_view> trace_format(const std::filesystem::path& path) {
    const auto file = io::File::open(path);
    if (!file) return file.error();
    return format_of(*file);
}

io::Result<void> expect_format(const std::filesystem::path& path, std::string_view format) {
    if (std::ranges::find(kFormats, format) == kFormats.end()) return unknown(format);
    const auto found = trace_format(path);
    if (!found) return found.error();
    if (*found == format) return {};
    return io::Error{fmt::format("{}: is {}, not {}", io::printable_path(path), *found, format)};
}

io::Result<void> write_text(const std::filesystem::path& path, std::string_view text) {
    return io::replace_file(path, text);
}

io::Result<std::string> trace_text(const Trace& trace,
                                   std::string_view format,
                                   TraceFloats floats) {
    if (format == "greenroom") return trace_bytes(trace, floats);
    if (format == "bigmoe-csv") return route_csv(trace);
    if (format == "speculative-jsonl") return routing_jsonl(trace);
    return unknown(format);
}

}  // namespace greenroom::runtime
