#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "io/file.hpp"
#include "runtime/model/hyperparameters.hpp"

namespace greenroom::runtime {
namespace {

// Reads `{architecture}.{suffix}` keys, remembering the first error so that the caller checks once.
class Keys {
 public:
    Keys(const io::Metadata& metadata, const std::string& architecture)
        : metadata_(metadata), prefix_(architecture + ".") {}

    const std::optional<io::Error>& error() const { return error_; }

    int required(std::string_view suffix) {
        const std::optional<int> value = integer(suffix);
        if (!value) {
            fail(fmt::format("{}: key {}{} is missing", metadata_.file_name(), prefix_, suffix));
        }
        return value.value_or(0);
    }

    int optional(std::string_view suffix, int otherwise) {
        return integer(suffix).value_or(otherwise);
    }

    double number(std::string_view suffix, std::optional<double> otherwise) {
        const auto value = metadata_.number(prefix_ + std::string(suffix));
        if (!value) {
            fail(value.error().message);
        } else if (!*value && !otherwise) {
            fail(fmt::format("{}: key {}{} is missing", metadata_.file_name(), prefix_, suffix));
        }
        return value && *value ? **value : otherwise.value_or(0);
    }

    std::string text(std::string_view suffix) {
        const auto value = metadata_.text(prefix_ + std::string(suffix));
        if (!value) fail(value.error().message);
        return value && *value != nullptr ? **value : std::string();
    }

    void fail(std::string message) {
        if (!error_) error_ = io::Error{std::move(message)};
    }

 private:
    // A scalar, or an array that holds one value for every layer.
    std::optional<int> integer(std::string_view suffix) {
        const std::string key = prefix_ + std::string(suffix);
        const io::MetadataValue* found = metadata_.find(key);
        if (found == nullptr) return std::nullopt;
        const bool is_array = std::holds_alternative<std::vector<std::uint64_t>>(*found) ||
                              std::holds_alternative<std::vector<std::int64_t>>(*found) ||
                              std::holds_alternative<std::vector<std::int32_t>>(*found) ||
                              std::holds_alternative<std::vector<std::uint8_t>>(*found);
        return is_array ? uniform(key) : scalar(key);
    }

    std::optional<int> scalar(const std::string& key) {
        const auto value = metadata_.unsigned_integer(key);
        if (!value) {
            fail(value.error().message);
            return 0;
        }
        if (!*value) return std::nullopt;
        if (**value > static_cast<std::uint64_t>(std::numeric_limits<int>::max())) {
            fail(fmt::format(
                "{}: key {} is {}, far beyond any model", metadata_.file_name(), key, **value));
            return 0;
        }
        return static_cast<int>(**value);
    }

    std::optional<int> uniform(const std::string& key) {
        const auto values = metadata_.integers(key);
        if (!values) {
            fail(values.error().message);
            return 0;
        }
        const auto layers = metadata_.unsigned_integer(prefix_ + "block_count");
        const std::size_t expected = layers && *layers ? **layers : 0;
        if ((*values)->size() != expected || expected == 0) {
            fail(fmt::format("{}: key {} has {} values for {} layers",
                             metadata_.file_name(),
                             key,
                             (*values)->size(),
                             expected));
            return 0;
        }
        const std::int64_t first = (*values)->front();
        const bool same = std::all_of(
            (*values)->begin(), (*values)->end(), [&](std::int64_t v) { return v == first; });
        if (!same || first < 0 || first > std::numeric_limits<int>::max()) {
            fail(
                fmt::format("{}: key {} differs between layers, which this architecture is not "
                            "known to do",
                            metadata_.file_name(),
                            key));
            return 0;
        }
        return static_cast<int>(first);
    }

    const io::Metadata& metadata_;
    std::string prefix_;
    std::optional<io::Error> error_;
};

RopeScaling read_rope_scaling(Keys& keys, const std::string& file) {
    RopeScaling scaling;
    const std::string type = keys.text("rope.scaling.type");
    if (type.empty() || type == "none") return scaling;
    if (type != "linear") {
        keys.fail(
            fmt::format("{}: rope scaling type '{}' is not supported (none, linear, and the "
                        "rope_freqs tensor of Llama 3.1 are)",
                        file,
                        io::printable(type)));
        return scaling;
    }
    scaling.kind = RopeScaling::Kind::linear;
    scaling.factor = keys.number("rope.scaling.factor", std::nullopt);
    return scaling;
}

}  // namespace

io::Result<Hyperparameters> read_gguf_hyperparameters(const io::Metadata& metadata,
                                                      const std::string& architecture) {
    Keys keys(metadata, architecture);
    Hyperparameters h;
    h.layers = keys.required("block_count");
    h.embed = keys.required("embedding_length");
    h.heads = keys.required("attention.head_count");
    h.kv_heads = keys.optional("attention.head_count_kv", h.heads);
    h.context = keys.required("context_length");
    h.experts = keys.optional("expert_count", 0);
    h.experts_used = keys.optional("expert_used_count", 0);
    const int ff = keys.required("feed_forward_length");
    (h.experts > 0 ? h.expert_ff : h.dense_ff) = ff;
    if (h.experts > 0) h.expert_ff = keys.optional("expert_feed_forward_length", ff);
    h.rms_eps = static_cast<float>(keys.number("attention.layer_norm_rms_epsilon", std::nullopt));
    h.rope_base = keys.number("rope.freq_base", 10000.0);
    h.vocabulary = keys.optional("vocab_size", 0);
    if (h.heads > 0 && h.embed % h.heads != 0 &&
        !metadata.find(architecture + ".attention.key_length")) {
        keys.fail(fmt::format("{}: embedding length {} does not divide into {} heads",
                              metadata.file_name(),
                              h.embed,
                              h.heads));
    }
    h.head_dim = keys.optional("attention.key_length", h.heads > 0 ? h.embed / h.heads : 0);
    if (keys.optional("attention.value_length", h.head_dim) != h.head_dim) {
        keys.fail(fmt::format("{}: keys and values of different length are not supported",
                              metadata.file_name()));
    }
    h.rope_dims = keys.optional("rope.dimension_count", h.head_dim);
    h.rope_scaling = read_rope_scaling(keys, metadata.file_name());
    if (keys.error()) return *keys.error();
    if (auto ok = check_hyperparameters(h, metadata.file_name()); !ok) return ok.error();
    return h;
}

}  // namespace greenroom::runtime
