#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/open_engine.hpp"
#include "cli/output.hpp"

namespace greenroom::cli {
namespace {

static_assert(std::endian::native == std::endian::little, "logits are written as they lie");

struct LogitsCommand : ModelCommand {
    std::string ids = {}, output = {}, routing = {};
};

// A file being written; "-" is standard output.
class OutputFile {
 public:
    static io::Result<OutputFile> create(const std::string& path) {
        if (path == "-") return OutputFile(path, stdout);
        std::FILE* file = std::fopen(path.c_str(), "wbe");
        if (file == nullptr) return failed(path);
        return OutputFile(path, file);
    }

    bool write(std::string_view bytes) {
        return std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
    }
    // What was written has arrived, or why it has not; of standard output that is said in the end.
    io::Result<void> finish() {
        if (file_.get() == stdout) return {};
        const bool whole = std::fflush(file_.get()) == 0 && std::ferror(file_.get()) == 0;
        if (whole) return {};
        return failed(path_);
    }

 private:
    struct Close {
        void operator()(std::FILE* file) const {
            if (file != stdout) std::fclose(file);
        }
    };
    OutputFile(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
    static io::Error failed(const std::string& path) {
        return {fmt::format("{}: {}", io::printable_path(path), std::strerror(errno))};
    }

    std::string path_;
    std::unique_ptr<std::FILE, Close> file_;
};

std::string routing_line(const runtime::RoutingRow& row) {
    const io::Json json = {
        {"position", row.position},
        {"layer", row.layer},
        {"experts", std::vector<std::int32_t>(row.experts.begin(), row.experts.end())},
        {"weights", std::vector<float>(row.weights.begin(), row.weights.end())}};
    return json.dump() + "\n";
}

std::string_view as_bytes(std::span<const float> values) {
    return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

// Reads the ids batch by batch and writes each batch's logits: (tokens, vocabulary).
io::Result<void> write_logits(runtime::Model& model,
                              std::span<const std::int32_t> ids,
                              OutputFile& out,
                              std::stop_token stop) {
    while (!ids.empty() && !stop.stop_requested()) {
        const auto batch = ids.first(std::min<std::size_t>(ids.size(), model.batch()));
        const auto logits = model.forward(batch, runtime::LogitRows::all);
        if (!logits) return logits.error();
        if (!out.write(as_bytes(*logits))) break;  // finish() says why
        ids = ids.subspan(batch.size());
    }
    return out.finish();
}

io::Result<void> compute(const LogitsCommand& command,
                         std::span<const std::int32_t> ids,
                         runtime::Model& model,
                         Signals& signals) {
    auto out = OutputFile::create(command.output);
    if (!out) return out.error();
    const auto stop = signals.begin_work(Signals::SecondInterrupt::ends_program);
    if (command.routing.empty()) return write_logits(model, ids, *out, stop);
    auto routing = OutputFile::create(command.routing);
    if (!routing) return routing.error();
    model.observe_routing(
        [&](const runtime::RoutingRow& row) { routing->write(routing_line(row)); });
    const io::Result<void> written = write_logits(model, ids, *out, stop);
    model.observe_routing({});
    if (!written) return written;
    return routing->finish();
}

int print_logits(LogitsCommand& command) {
    const auto ids = parse_ids(command.ids);
    if (!ids) return fail("logits", "--prompt-ids: " + ids.error().message, kUsageError);
    Signals signals;
    runtime::Engine engine;
    if (const auto ended = open_engine(command, signals, engine)) return *ended;
    if (const auto done = compute(command, *ids, *engine.model, signals); !done) {
        return fail("logits", done.error().message);
    }
    signals.end_work();
    if (signals.interrupted().take()) return end_by_interrupt();
    if (command.shared.json) {
        print_json({{"positions", ids->size()},
                    {"vocabulary", engine.model->vocabulary_size()},
                    {"file", command.output},
                    {"exact", command.settings.model.exact}});
    }
    return kDone;
}

}  // namespace

int logits(CommandLine argv) {
    LogitsCommand command{{.name = "logits"}};
    Arguments arguments("logits",
                        "[-m MODEL] --prompt-ids 1,2,3 -o FILE [flags]",
                        "Raw logits, float32, positions x vocabulary: for checking a model.");
    arguments.add({"prompt-ids", "1,2,3", "what the model reads, as token ids"}, &command.ids);
    arguments.add({"o,output", "FILE", "where the logits go; -: standard output"}, &command.output);
    arguments.add({"routing", "FILE", "experts per position and layer, JSON lines"},
                  &command.routing);
    add_model_flags(arguments, command.settings, command.shared);
    add_output_flags(arguments, command.shared);
    if (const auto ended = start_command(arguments, argv, command.settings, command.shared)) {
        return *ended;
    }
    for (const auto& [flag, value] :
         {std::pair{"--prompt-ids", &command.ids}, {"-o", &command.output}}) {
        if (value->empty()) return fail("logits", fmt::format("needs {}", flag), kUsageError);
    }
    if (command.output == "-" && command.shared.json) {
        return fail("logits", "-o - and --json both want standard output", kUsageError);
    }
    return print_logits(command);
}

}  // namespace greenroom::cli
