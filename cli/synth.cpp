#include "runtime/lab/synth.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/demo_model.hpp"
#include "cli/human.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/shared_flags.hpp"
#include "cli/signals.hpp"
#include "runtime/lab/model_shape.hpp"

namespace greenroom::cli {
namespace {

struct SynthCommand {
    runtime::Settings settings;  // model.path: whose tokenizer is taken
    SharedFlags shared;
    runtime::SynthRequest request;
    std::optional<std::int64_t> seed;
    std::string output;
};

std::string summary() {
    std::string text =
        "Write a model of a real shape with random weights, to try a machine first.\n";
    for (const runtime::ModelShape& shape : runtime::model_shapes()) {
        text += fmt::format("\n  {:<20} {}", shape.name, shape.summary);
    }
    return text;
}

int print_written(const SynthCommand& command) {
    std::error_code gone;
    const std::uint64_t bytes = std::filesystem::file_size(command.output, gone);
    if (gone) return fail("synth", fmt::format("{}: {}", command.output, gone.message()));
    if (command.shared.json) {
        print_json({{"path", command.output}, {"file_bytes", bytes}});
    } else {
        print(fmt::format("{}: {}\n", command.output, human_bytes(bytes)));
    }
    return kDone;
}

int write(SynthCommand& command) {
    if (const auto found = default_to_demo(command.settings); !found) {
        return fail("synth", found.error().message);
    }
    if (command.seed) command.request.seed = static_cast<std::uint64_t>(*command.seed);
    Signals signals;
    const std::stop_token stop = signals.begin_work(Signals::SecondInterrupt::waits);
    const io::Result<void> written = [&] {
        Progress progress({"writing", human_bytes}, !command.shared.quiet);
        const auto show = [&](std::uint64_t done, std::uint64_t total) {
            progress.update(done, total);
        };
        return runtime::write_synthetic_model(command.output,
                                              command.request,
                                              command.settings.model.path,
                                              {.progress = show, .stop = stop});
    }();
    if (stop.stop_requested()) return end_by_interrupt();
    if (!written) return fail("synth", written.error().message);
    return print_written(command);
}

}  // namespace

int synth(CommandLine argv) {
    SynthCommand command;
    runtime::SynthRequest& request = command.request;
    Arguments arguments("synth", "NAME -o FILE [flags]", summary());
    arguments.add({"shape", "NAME", "the shape, one of the above"}, &request.shape);
    arguments.positional("shape");
    arguments.add({"o,output", "FILE", "the GGUF file to write"}, &command.output);
    arguments.add({"quant", "TYPE", "of the matrices: q4_k_m, q8_0, q3_k, ..."}, &request.quant);
    arguments.add({"layers", "N", "fewer or more layers", "the shape's"},
                  &request.layers,
                  {.least = 1, .most = runtime::kMaxLayers});
    arguments.add({"experts", "N", "experts in a layer", "the shape's"},
                  &request.experts,
                  {.least = 1, .most = runtime::kMaxExperts});
    arguments.add({"s,seed", "N", "of the weights", "1"}, &command.seed, {.least = 0});
    arguments.add({"tokenizer", "FILE", "GGUF file with the tokenizer", "the demo model's"},
                  &command.settings.model.path);
    add_output_flags(arguments, command.shared);
    if (const auto ended = start_command(arguments, argv, command.settings, command.shared)) {
        return *ended;
    }
    if (request.shape.empty()) return fail("synth", "needs the name of a shape", kUsageError);
    if (command.output.empty()) return fail("synth", "needs a file: -o FILE", kUsageError);
    return write(command);
}

}  // namespace greenroom::cli
