// Every setting with its default, one struct per section of a settings file. Defaults live here and
// nowhere else. Knows no file, no flag.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/setting_value.hpp"

namespace greenroom::runtime {

// [model]
struct ModelSection {
    std::string path;               // GGUF file (any shard) or Hugging Face folder
    int context = 0;                // positions kept; 0: as the model says, at most 4096
    std::string load = "read";      // "read" into memory of our own, or "mmap"
    std::string kv_type = "auto";   // keys and values: f16, or f32 where `exact`
    bool exact = false;             // multiply in float, for comparing against references
    int threads = 0;                // 0: one per usable core
    int batch = 512;                // most tokens in one forward pass
    std::string cpu_path = "auto";  // vector instructions: the best, or a path by name
};

// [device]: the tier above host memory.
struct DeviceSection {
    std::string kind = "auto";  // a GPU where there is one; "cuda", "none"; "emulated": ordinary
                                // memory behind a link
    int index = 0;              // of the GPU
    std::string expert_budget = "auto";   // bytes; what is free, on a GPU
    std::string reserve = "512MiB";       // of a GPU's free memory, which stays free
    std::string link_limit = "0";         // "12GB/s" at most; 0: as fast as it goes
    std::string residency = "inclusive";  // "exclusive": gives the host copy back
};

// [host]
struct HostSection {
    std::string expert_budget = "auto";  // all experts where they fit, else what is free
};

// [disk]
struct DiskSection {
    std::string queue = "auto";  // io_uring where the system allows it, else threads
    int queue_depth = 32;        // reads in flight
};

// [cache]
struct CacheSection {
    std::string policy = "lfu-decay";
    std::string scope = "global";  // one budget for all layers; "layer": an equal share for each
    std::int64_t seed = 1;         // of the policy "random"
    std::string profile;           // a recorded trace, for "static" and for layers = "profile"
    std::string layers = "equal";  // shares with scope "layer"; "profile": where they save most
};

// [prefetch]
struct PrefetchSection {
    std::string predictor = "none";
    int look_ahead = 1;           // layers, for guesses into the tier that experts are used from
    int host_look_ahead = 2;      // layers, for guesses from disk into host memory
    int guesses = 0;              // most for one layer; 0: as many as a token uses
    double confidence = 0;        // none below
    std::string budget = "auto";  // bytes for guesses, in each tier; as many as are made at once
};

// [miss]: of what is not on the device.
struct MissSection {
    std::string path = "fetch";  // "cpu": computed in host memory; "split": some each way
};

// [trace]
struct TraceSection {
    std::string file;     // where what the model routes is recorded; empty: nowhere
    int predictions = 0;  // later layers whose predictions are recorded, too
};

// [sampling]; what is not set comes from the model's own recommendation, else from the sampler.
struct SamplingSection {
    std::optional<double> temperature;
    std::optional<int> top_k;
    std::optional<double> top_p;
    std::optional<double> min_p;
    std::optional<double> repeat_penalty;
    std::optional<int> repeat_last_n;
    std::optional<double> presence_penalty;
    std::optional<double> frequency_penalty;
    std::optional<std::int64_t> seed;  // -1: a new one each time
};

// [chat]
struct ChatSection {
    std::string system;                     // system prompt; empty: none
    std::string chat_template;              // by name; empty: the model's own
    std::string context_overflow = "stop";  // "stop" or "shift"
    int predict = -1;                       // most tokens in one reply; -1: as many as fit
    bool ignore_eos = false;                // go on where the model would end its reply
    bool stats = false;                     // one line of speeds after each reply
};

struct Settings {
    ModelSection model;
    DeviceSection device;
    HostSection host;
    DiskSection disk;
    CacheSection cache;
    PrefetchSection prefetch;
    MissSection miss;
    TraceSection trace;
    SamplingSection sampling;
    ChatSection chat;
};

// One setting: "model.context", where it lies and what it takes.
struct SettingField {
    std::string_view name;  // section.key
    Place place;
    Accepts accepts;
};

// All settings of `settings`, section by section. The places point into it.
std::vector<SettingField> setting_fields(Settings& settings);
// Contract: `name` is one of the above.
SettingField setting_field(Settings& settings, std::string_view name);

// Applies one "section.key=value", as --set gives it. An Error names the nearest setting.
io::Result<void> apply_assignment(Settings& settings, std::string_view assignment);
// Sets one setting by name from text, as --set and /set do.
io::Result<void> apply_text(Settings& settings, std::string_view name, std::string_view text);

// The same for other fields than those of Settings.
io::Error unknown_setting(std::span<const SettingField> fields, std::string_view name);
// "no setting sampling.temp; did you mean sampling.temperature?"
io::Error unknown_setting(Settings& settings, std::string_view name);

}  // namespace greenroom::runtime
