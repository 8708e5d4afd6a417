#include "cli/recording.hpp"

#include <fmt/format.h>

namespace greenroom::cli {

io::Result<std::unique_ptr<runtime::TraceRecording>> begin_recording(
    const runtime::Settings& settings, runtime::Engine& engine) {
    if (settings.trace.file.empty()) return std::unique_ptr<runtime::TraceRecording>();
    return runtime::TraceRecording::begin(
        settings.trace.file, *engine.model, engine.identity.name, settings.trace.predictions);
}

io::Result<void> finish_recording(const std::unique_ptr<runtime::TraceRecording>& recording,
                                  const SharedFlags& shared) {
    if (recording == nullptr) return {};
    if (auto ok = recording->finish(); !ok) return ok.error();
    note(shared,
         fmt::format("recorded {} events, {} choices",
                     recording->trace().events.size(),
                     recording->trace().experts.size()));
    return {};
}

}  // namespace greenroom::cli
