#include "runtime/generate/generation_defaults.hpp"

#include <array>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <unistd.h>

#include "io/file.hpp"

namespace greenroom::runtime {
namespace {
namespace fs = std::filesystem;

struct Recommendation {
    std::string_view setting;
    std::string_view json_key;  // of generation_config.json
    std::string_view gguf_key;
};

constexpr std::array kRecommendations = {
    Recommendation{"sampling.temperature", "temperature", "general.sampling.temp"},
    Recommendation{"sampling.top_k", "top_k", "general.sampling.top_k"},
    Recommendation{"sampling.top_p", "top_p", "general.sampling.top_p"},
    Recommendation{"sampling.min_p", "min_p", "general.sampling.min_p"},
    Recommendation{
        "sampling.repeat_penalty", "repetition_penalty", "general.sampling.penalty_repeat"},
    Recommendation{"sampling.repeat_last_n", {}, "general.sampling.penalty_last_n"},
};

// Collects what one file recommends.
class Reader {
 public:
    Reader(std::string file, std::size_t vocabulary_size)
        : file_(std::move(file)), vocabulary_size_(vocabulary_size) {}

    void take_number(const Recommendation& what, std::string_view key, double value) {
        const SettingField field = setting_field(settings_, what.setting);
        const io::Result<void> put = put_text(field.place, field.accepts, fmt::format("{}", value));
        if (!put) leave_out(key, put.error().message);
    }

    void take_end_id(std::string_view key, std::int64_t id) {
        if (id < 0 || static_cast<std::uint64_t>(id) >= vocabulary_size_) {
            leave_out(key, fmt::format("token {} is outside the vocabulary", id));
            return;
        }
        defaults_.end_ids.push_back(static_cast<TokenId>(id));
    }

    io::Error wrong_kind(std::string_view key, std::string_view expected) const {
        return {fmt::format("{}: {}: expected {}", file_, key, expected)};
    }

    GenerationDefaults take() {
        defaults_.sampling = settings_.sampling;
        return std::move(defaults_);
    }

 private:
    void leave_out(std::string_view key, std::string_view why) {
        defaults_.warnings.push_back(fmt::format("{}: {}: {}; ignored", file_, key, why));
    }

    std::string file_;
    std::size_t vocabulary_size_;
    Settings settings_;
    GenerationDefaults defaults_;
};

io::Result<void> read_end_ids(const io::Json& value, Reader& reader) {
    constexpr std::string_view kKey = "eos_token_id";
    if (value.is_null()) return {};
    if (value.is_number_integer()) {
        reader.take_end_id(kKey, value.get<std::int64_t>());
        return {};
    }
    if (!value.is_array()) return reader.wrong_kind(kKey, "a token id or a list of them");
    for (const io::Json& id : value) {
        if (!id.is_number_integer()) return reader.wrong_kind(kKey, "only token ids in the list");
        reader.take_end_id(kKey, id.get<std::int64_t>());
    }
    return {};
}

std::uint64_t new_seed() {
    std::uint64_t seed = 0;
    if (::getentropy(&seed, sizeof seed) == 0) return seed;
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

template <class T>
void choose(T& place, const std::optional<T>& asked, const std::optional<T>& recommended) {
    place = asked ? *asked : recommended.value_or(place);
}

}  // namespace

io::Result<GenerationDefaults> read_generation_defaults(const io::ModelFiles& files,
                                                        std::size_t vocabulary_size) {
    if (files.kind == io::ModelFiles::Kind::gguf) {
        return read_gguf_generation_defaults(files.metadata, vocabulary_size);
    }
    const fs::path path = files.root / "generation_config.json";
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(path, ignored))) return GenerationDefaults{};
    const io::Result<io::Json> config = io::read_json_file(path);
    if (!config) return config.error();
    return read_generation_config(*config, io::printable_path(path), vocabulary_size);
}

io::Result<GenerationDefaults> read_generation_config(const io::Json& config,
                                                      const std::string& name,
                                                      std::size_t vocabulary_size) {
    if (!config.is_object()) return io::Error{fmt::format("{}: expected an object", name)};
    Reader reader(name, vocabulary_size);
    for (const Recommendation& what : kRecommendations) {
        const auto found = config.find(what.json_key);
        if (what.json_key.empty() || found == config.end() || found->is_null()) continue;
        if (!found->is_number()) return reader.wrong_kind(what.json_key, "a number");
        reader.take_number(what, what.json_key, found->get<double>());
    }
    if (const auto ids = config.find("eos_token_id"); ids != config.end()) {
        if (const io::Result<void> ok = read_end_ids(*ids, reader); !ok) return ok.error();
    }
    return reader.take();
}

io::Result<GenerationDefaults> read_gguf_generation_defaults(const io::Metadata& metadata,
                                                             std::size_t vocabulary_size) {
    Reader reader(metadata.file_name(), vocabulary_size);
    for (const Recommendation& what : kRecommendations) {
        const io::Result<std::optional<double>> value = metadata.number(what.gguf_key);
        if (!value) return value.error();
        if (*value) reader.take_number(what, what.gguf_key, **value);
    }
    constexpr std::string_view kEndIds = "tokenizer.ggml.eos_token_ids";
    const auto ids = metadata.integers(kEndIds);
    if (!ids) return ids.error();
    if (*ids) {
        for (const std::int64_t id : **ids) reader.take_end_id(kEndIds, id);
    }
    return reader.take();
}

SamplerSettings sampler_settings(const SamplingSection& asked, const SamplingSection& recommended) {
    SamplerSettings s;
    choose(s.temperature, asked.temperature, recommended.temperature);
    choose(s.top_k, asked.top_k, recommended.top_k);
    choose(s.top_p, asked.top_p, recommended.top_p);
    choose(s.min_p, asked.min_p, recommended.min_p);
    choose(s.repeat_penalty, asked.repeat_penalty, recommended.repeat_penalty);
    choose(s.repeat_last_n, asked.repeat_last_n, recommended.repeat_last_n);
    choose(s.presence_penalty, asked.presence_penalty, recommended.presence_penalty);
    choose(s.frequency_penalty, asked.frequency_penalty, recommended.frequency_penalty);
    const std::int64_t seed = asked.seed.value_or(-1);
    s.seed = seed < 0 ? new_seed() : static_cast<std::uint64_t>(seed);
    return s;
}

}  // namespace greenroom::runtime
