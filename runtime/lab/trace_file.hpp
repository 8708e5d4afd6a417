// The project's own trace format, to and from bytes: header, sizes, then columns. docs/formats.md
// has the layout. Knows no other format.
#pragma once

#include <string>

#include "io/read/byte_source.hpp"
#include "io/result.hpp"
#include "runtime/lab/trace.hpp"

namespace greenroom::runtime {

inline constexpr std::string_view kTraceMagic = "greentrc";
inline constexpr std::uint32_t kTraceVersion = 1;

// How router weights and probabilities are stored.
enum class TraceFloats { f32, f16 };

// Contract: check_trace(trace).
std::string trace_bytes(const Trace& trace, TraceFloats floats = TraceFloats::f32);

// Every count is compared with the bytes left before it is believed. An Error names the source, the
// field and its value (HAZARDS 167).
io::Result<Trace> read_trace_bytes(const io::ByteSource& source);

}  // namespace greenroom::runtime
