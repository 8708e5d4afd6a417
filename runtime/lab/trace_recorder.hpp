// Writes down what a running model routes. Knows no command and no format.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "io/result.hpp"
#include "io/write/draft.hpp"
#include "runtime/lab/trace.hpp"
#include "runtime/model/model.hpp"

namespace greenroom::runtime {

// The trace of what it is told. One caller at a time.
class TraceRecorder {
 public:
    TraceRecorder(const RoutingFacts& facts, std::string model_name);

    // As a RoutingObserver. Tokens that go through the model together are a prefill, a single one
    // is a decode step. What does not fit a trace (2^32 rows) is left out.
    void record(const RoutingRow& row);
    const Trace& trace() const { return trace_; }

 private:
    void begin_event(const RoutingRow& row);
    void record_ahead(const ScoresAhead& scores);

    Trace trace_;
    std::uint32_t step_ = 0;
    std::vector<std::uint16_t> order_;  // of one layer's experts, the likeliest first
};

// A recording of `model` into a file that is there when finish() returns, and not before.
class TraceRecording {
 public:
    // Whether `path` can be written is found out now. The model must outlive the recording, and
    // tells nobody else about its routing meanwhile. Predictions are recorded of so many later
    // layers.
    static io::Result<std::unique_ptr<TraceRecording>> begin(const std::filesystem::path& path,
                                                             Model& model,
                                                             std::string model_name,
                                                             int layers_ahead = 0);
    // Without finish(): leaves no file.
    ~TraceRecording();
    TraceRecording(const TraceRecording&) = delete;
    TraceRecording& operator=(const TraceRecording&) = delete;

    const Trace& trace() const { return recorder_.trace(); }
    // An Error when nothing was routed, or when the file cannot be written.
    io::Result<void> finish();

 private:
    TraceRecording(io::Draft draft, Model& model, std::string model_name);

    io::Draft draft_;
    Model& model_;
    TraceRecorder recorder_;
};

}  // namespace greenroom::runtime
