#include "runtime/settings.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace greenroom::runtime {
namespace {

// Positions and batches that no machine reaches; they keep later products of sizes in range.
constexpr double kMostPositions = 1 << 24;
constexpr double kMostThreads = 4096;

void add_model_fields(ModelSection& s, std::vector<SettingField>& out) {
    out.push_back({"model.path", &s.path, {}});
    out.push_back({"model.context", &s.context, {.least = 0, .most = kMostPositions}});
    out.push_back({"model.load", &s.load, {.choices = {"read", "mmap"}}});
    out.push_back({"model.kv_type", &s.kv_type, {.choices = {"auto", "f16", "f32", "q8_0"}}});
    out.push_back({"model.exact", &s.exact, {}});
    out.push_back({"model.threads", &s.threads, {.least = 0, .most = kMostThreads}});
    out.push_back({"model.batch", &s.batch, {.least = 1, .most = 65536}});
    out.push_back({"model.cpu_path", &s.cpu_path, {}});
}

void add_prefetch_fields(PrefetchSection& s, std::vector<SettingField>& out) {
    constexpr double kMostLayers = 1024;
    out.push_back({"prefetch.predictor", &s.predictor, {}});
    out.push_back({"prefetch.look_ahead", &s.look_ahead, {.least = 0, .most = kMostLayers}});
    out.push_back(
        {"prefetch.host_look_ahead", &s.host_look_ahead, {.least = 0, .most = kMostLayers}});
    out.push_back({"prefetch.guesses", &s.guesses, {.least = 0, .most = 65535}});
    out.push_back({"prefetch.confidence", &s.confidence, {.least = 0, .most = 1}});
    out.push_back({"prefetch.budget", &s.budget, {}});
}

void add_tier_fields(Settings& s, std::vector<SettingField>& out) {
    out.push_back(
        {"device.kind", &s.device.kind, {.choices = {"auto", "cuda", "none", "emulated"}}});
    out.push_back({"device.index", &s.device.index, {.least = 0, .most = 1023}});
    out.push_back({"device.reserve", &s.device.reserve, {}});
    out.push_back({"device.expert_budget", &s.device.expert_budget, {}});
    out.push_back({"device.link_limit", &s.device.link_limit, {}});
    out.push_back(
        {"device.residency", &s.device.residency, {.choices = {"inclusive", "exclusive"}}});
    out.push_back({"host.expert_budget", &s.host.expert_budget, {}});
    out.push_back({"disk.queue", &s.disk.queue, {.choices = {"auto", "io_uring", "pread"}}});
    out.push_back({"disk.queue_depth", &s.disk.queue_depth, {.least = 1, .most = 4096}});
    out.push_back({"cache.policy", &s.cache.policy, {}});
    out.push_back({"cache.scope", &s.cache.scope, {.choices = {"global", "layer"}}});
    out.push_back({"cache.profile", &s.cache.profile, {}});
    out.push_back({"cache.layers", &s.cache.layers, {.choices = {"equal", "profile"}}});
    out.push_back({"cache.seed", &s.cache.seed, {.least = 0, .most = 9.2e18}});
    add_prefetch_fields(s.prefetch, out);
    out.push_back({"miss.path", &s.miss.path, {.choices = {"fetch", "cpu", "split"}}});
    out.push_back({"trace.file", &s.trace.file, {}});
    out.push_back({"trace.predictions", &s.trace.predictions, {.least = 0}});
}

void add_sampling_fields(SamplingSection& s, std::vector<SettingField>& out) {
    out.push_back({"sampling.temperature", &s.temperature, {.least = 0, .most = 100}});
    out.push_back({"sampling.top_k", &s.top_k, {.least = 0}});
    out.push_back({"sampling.top_p", &s.top_p, {.least = 0, .most = 1}});
    out.push_back({"sampling.min_p", &s.min_p, {.least = 0, .most = 1}});
    out.push_back({"sampling.repeat_penalty", &s.repeat_penalty, {.least = 0.01, .most = 100}});
    out.push_back({"sampling.repeat_last_n", &s.repeat_last_n, {.least = -1}});
    out.push_back({"sampling.presence_penalty", &s.presence_penalty, {.least = -100, .most = 100}});
    out.push_back(
        {"sampling.frequency_penalty", &s.frequency_penalty, {.least = -100, .most = 100}});
    out.push_back({"sampling.seed", &s.seed, {.least = -1, .most = 9.2e18}});
}

void add_chat_fields(ChatSection& s, std::vector<SettingField>& out) {
    out.push_back({"chat.system", &s.system, {}});
    out.push_back({"chat.template", &s.chat_template, {}});
    out.push_back({"chat.context_overflow", &s.context_overflow, {.choices = {"stop", "shift"}}});
    out.push_back({"chat.predict", &s.predict, {.least = -1}});
    out.push_back({"chat.ignore_eos", &s.ignore_eos, {}});
    out.push_back({"chat.stats", &s.stats, {}});
}

}  // namespace

std::vector<SettingField> setting_fields(Settings& settings) {
    std::vector<SettingField> out;
    add_model_fields(settings.model, out);
    add_tier_fields(settings, out);
    add_sampling_fields(settings.sampling, out);
    add_chat_fields(settings.chat, out);
    return out;
}

SettingField setting_field(Settings& settings, std::string_view name) {
    const std::vector<SettingField> fields = setting_fields(settings);
    return *std::find_if(fields.begin(), fields.end(), [&](const SettingField& field) {
        return field.name == name;
    });
}

io::Result<void> apply_assignment(Settings& settings, std::string_view assignment) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string_view::npos) {
        return io::Error{fmt::format("expected section.key=value, got \"{}\"", assignment)};
    }
    return apply_text(settings, assignment.substr(0, equals), assignment.substr(equals + 1));
}

io::Result<void> apply_text(Settings& settings, std::string_view name, std::string_view text) {
    for (const SettingField& field : setting_fields(settings)) {
        if (field.name != name) continue;
        const io::Result<void> put = put_text(field.place, field.accepts, text);
        if (!put) return io::Error{fmt::format("{}: {}", name, put.error().message)};
        return {};
    }
    return unknown_setting(settings, name);
}

io::Error unknown_setting(Settings& settings, std::string_view name) {
    return unknown_setting(setting_fields(settings), name);
}

io::Error unknown_setting(std::span<const SettingField> fields, std::string_view name) {
    std::vector<std::string_view> names;
    for (const SettingField& field : fields) names.push_back(field.name);
    const std::string_view key = name.substr(name.find('.') + 1);
    std::optional<std::string_view> near = nearest_name(name, names);
    for (std::size_t i = 0; !near && i < names.size(); ++i) {
        const std::string_view known = names[i].substr(names[i].find('.') + 1);
        if (nearest_name(key, {known})) near = names[i];
    }
    if (!near) return {fmt::format("no setting \"{}\"", name)};
    return {fmt::format("no setting \"{}\"; did you mean {}?", name, *near)};
}

}  // namespace greenroom::runtime
