// A command's recording of what its model routes, where [trace] file asks for one.
#pragma once

#include <memory>

#include "cli/shared_flags.hpp"
#include "runtime/generate/engine.hpp"
#include "runtime/lab/trace_recorder.hpp"

namespace greenroom::cli {

// Null when nothing is to be recorded. The engine must outlive the recording.
io::Result<std::unique_ptr<runtime::TraceRecording>> begin_recording(
    const runtime::Settings& settings, runtime::Engine& engine);

// Writes the file, if there is one to write, and says so.
io::Result<void> finish_recording(const std::unique_ptr<runtime::TraceRecording>& recording,
                                  const SharedFlags& shared);

}  // namespace greenroom::cli
