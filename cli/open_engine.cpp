#include "cli/open_engine.hpp"

#include <fmt/format.h>

#include "cli/demo_model.hpp"
#include "cli/human.hpp"
#include "cli/progress.hpp"
#include "cli/tier_report.hpp"
#include "runtime/lab/expert_profile.hpp"

namespace greenroom::cli {
namespace {

io::Result<runtime::Engine> load(const ModelCommand& command, std::stop_token stop) {
    Progress progress({"loading", human_bytes}, !command.shared.quiet);
    const auto show = [&](std::uint64_t done, std::uint64_t total) {
        progress.update(done, total);
    };
    const auto profile = runtime::expert_profile(command.settings);
    if (!profile) return io::Error{"cache.profile: " + profile.error().message};
    return runtime::load_engine(
        command.settings, {.progress = show, .stop = std::move(stop)}, *profile);
}

}  // namespace

std::optional<int> open_engine(ModelCommand& command, Signals& signals, runtime::Engine& engine) {
    if (const io::Result<void> found = default_to_demo(command.settings); !found) {
        return fail(command.name, found.error().message);
    }
    const std::stop_token stop = signals.begin_work(Signals::SecondInterrupt::ends_program);
    auto loaded = load(command, stop);
    signals.end_work();
    if (stop.stop_requested()) return end_by_interrupt();
    if (!loaded) return fail(command.name, loaded.error().message);
    engine = std::move(*loaded);
    for (const std::string& warning : engine.warnings) note(command.shared, warning);
    if (command.shared.verbose) {
        note(command.shared,
             fmt::format("{}: {} in {:.2f} s, {} threads, context {}",
                         io::printable(engine.identity.name),
                         human_bytes(engine.model->weight_bytes()),
                         engine.load_seconds,
                         engine.pool->size(),
                         engine.model->context()));
        if (const auto tiers = runtime::tier_status(*engine.model)) {
            note(command.shared, tier_note(*tiers));
        }
    }
    return std::nullopt;
}

}  // namespace greenroom::cli
