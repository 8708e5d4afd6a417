// A trace from a file of any known format, and to one.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "io/result.hpp"
#include "runtime/lab/trace.hpp"
#include "runtime/lab/trace_file.hpp"

namespace greenroom::runtime {

// Told apart by how the file begins: our own ("greentrc"), BigMoeOnEdge CSV ("# route_trace v1"),
// speculative-moe JSON lines ("{"), in which sizes of experts are unknown and come out as 1. An
// Error names file, line or field, and value (HAZARDS 167).
io::Result<Trace> read_trace(const std::filesystem::path& path);

// "greenroom", "bigmoe-csv", "speculative-jsonl"
std::span<const std::string_view> trace_formats();
// As the format of this name; an Error names those there are.
io::Result<std::string> trace_text(const Trace& trace,
                                   std::string_view format,
                                   TraceFloats floats = TraceFloats::f32);

// Writes `text` in place of `path`, whole or not at all.
io::Result<void> write_text(const std::filesystem::path& path, std::string_view text);

// An Error when the file is not of this format, or when there is no such format.
io::Result<void> expect_format(const std::filesystem::path& path, std::string_view format);

// The name of the format that the file has.
io::Result<std::string_view> trace_format(const std::filesystem::path& path);

// Which format a file of these first bytes has; empty: none that is known.
std::string_view trace_format_of(std::string_view beginning);

}  // namespace greenroom::runtime
