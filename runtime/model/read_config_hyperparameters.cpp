#include <cmath>
#include <fmt/format.h>
#include <initializer_list>
#include <limits>

#include "io/file.hpp"
#include "runtime/model/hyperparameters.hpp"

namespace greenroom::runtime {
namespace {

using io::Json;

// Reads fields of a config.json under any of their names, remembering the first error.
class Fields {
 public:
    Fields(const Json& object, const std::string& file) : object_(object), file_(file) {}

    const std::optional<io::Error>& error() const { return error_; }
    void fail(std::string message) {
        if (!error_) error_ = io::Error{std::move(message)};
    }

    int required(std::initializer_list<const char*> names) {
        const std::optional<int> value = integer(names);
        if (!value) fail(fmt::format("{}: field {} is missing", file_, *names.begin()));
        return value.value_or(0);
    }

    // Absent and null both mean `otherwise`.
    int optional(std::initializer_list<const char*> names, int otherwise) {
        return integer(names).value_or(otherwise);
    }

    double number(const char* name, std::optional<double> otherwise) {
        const Json* value = find({name});
        if (value != nullptr && value->is_number()) return value->get<double>();
        if (value != nullptr) fail(wrong(name, *value, "a number"));
        if (value == nullptr && !otherwise)
            fail(fmt::format("{}: field {} is missing", file_, name));
        return otherwise.value_or(0);
    }

    // The value under the first of the names that is there and not null.
    const Json* find(std::initializer_list<const char*> names) const {
        for (const char* name : names) {
            const auto at = object_.find(name);
            if (at != object_.end() && !at->is_null()) return &*at;
        }
        return nullptr;
    }

    std::string wrong(const char* name, const Json& value, const char* expected) const {
        return fmt::format("{}: field {} is {}, expected {}",
                           file_,
                           name,
                           io::printable(value.dump(-1, ' ', true, Json::error_handler_t::replace)),
                           expected);
    }

 private:
    static constexpr std::uint32_t kMost = 0x7fffffff;

    std::optional<int> integer(std::initializer_list<const char*> names) {
        std::optional<int> first;
        for (const char* name : names) {
            const Json* value = find({name});
            if (value == nullptr) continue;
            if (!value->is_number_integer()) {
                fail(wrong(name, *value, "a whole number"));
                return 0;
            }
            const bool fits = value->is_number_unsigned()
                                  ? value->get<std::uint64_t>() <= kMost
                                  : value->get<std::int64_t>() >= 0 &&
                                        value->get<std::int64_t>() <= std::int64_t{kMost};
            if (!fits) {
                fail(wrong(name, *value, "a number from 0 to 2147483647"));
                return 0;
            }
            const int found = value->get<int>();
            if (first && *first != found) {
                fail(fmt::format("{}: field {} is {} but another name for it says {}",
                                 file_,
                                 name,
                                 found,
                                 *first));
            }
            first = found;
        }
        return first;
    }

    const Json& object_;
    const std::string& file_;
    std::optional<io::Error> error_;
};

void read_rope_scaling(const Json& scaling,
                       Fields& outer,
                       Hyperparameters& h,
                       const std::string& file) {
    if (!scaling.is_object()) {
        outer.fail(outer.wrong("rope_scaling", scaling, "an object"));
        return;
    }
    Fields fields(scaling, file);
    const Json* type = fields.find({"rope_type", "type"});
    const std::string kind = type != nullptr && type->is_string() ? type->get<std::string>() : "";
    RopeScaling& out = h.rope_scaling;
    if (kind == "linear" || kind == "llama3") {
        out.kind = kind == "linear" ? RopeScaling::Kind::linear : RopeScaling::Kind::llama3;
        out.factor = fields.number("factor", std::nullopt);
    } else if (kind != "default" && !(kind.empty() && scaling.contains("rope_theta"))) {
        outer.fail(
            fmt::format("{}: rope scaling type '{}' is not supported (default, linear and "
                        "llama3 are)",
                        file,
                        io::printable(kind)));
    }
    if (out.kind == RopeScaling::Kind::llama3) {
        out.low_freq_factor = fields.number("low_freq_factor", std::nullopt);
        out.high_freq_factor = fields.number("high_freq_factor", std::nullopt);
        out.original_context = fields.number("original_max_position_embeddings", std::nullopt);
    }
    h.rope_base = fields.number("rope_theta", h.rope_base);
    if (fields.error()) outer.fail(fields.error()->message);
}

// Settings that change the arithmetic in ways nothing here implements.
void refuse_unsupported(Fields& fields, const std::string& file) {
    if (const Json* quantisation = fields.find({"quantization_config", "compression_config"})) {
        std::string method = "of unknown method";
        if (quantisation->is_object()) {
            const auto at = quantisation->find("quant_method");
            if (at != quantisation->end() && at->is_string()) method = at->get<std::string>();
        }
        fields.fail(
            fmt::format("{}: the weights are quantised ({}), which is not supported in "
                        "folders; use the original folder or a GGUF file",
                        file,
                        io::printable(method)));
    }
    const Json* activation = fields.find({"hidden_act", "hidden_activation"});
    if (activation != nullptr && *activation != "silu") {
        fields.fail(fields.wrong("hidden_act", *activation, "\"silu\""));
    }
    for (const char* name : {"attention_bias", "mlp_bias"}) {
        const Json* bias = fields.find({name});
        if (bias != nullptr && *bias != false) fields.fail(fields.wrong(name, *bias, "false"));
    }
}

}  // namespace

io::Result<Hyperparameters> read_config_hyperparameters(const Json& config,
                                                        const std::string& name) {
    if (!config.is_object()) return io::Error{fmt::format("{}: not a JSON object", name)};
    Fields fields(config, name);
    refuse_unsupported(fields, name);
    Hyperparameters h;
    h.layers = fields.required({"num_hidden_layers"});
    h.embed = fields.required({"hidden_size"});
    h.heads = fields.required({"num_attention_heads"});
    h.kv_heads = fields.optional({"num_key_value_heads"}, h.heads);
    h.experts = fields.optional({"num_local_experts", "num_experts"}, 0);
    h.experts_used = fields.optional({"num_experts_per_tok"}, 0);
    (h.experts > 0 ? h.expert_ff : h.dense_ff) = fields.required({"intermediate_size"});
    h.vocabulary = fields.required({"vocab_size"});
    h.context = fields.optional({"max_position_embeddings"}, 2048);
    h.window = fields.optional({"sliding_window"}, 0);
    h.rms_eps = static_cast<float>(fields.number("rms_norm_eps", std::nullopt));
    h.rope_base = fields.number("rope_theta", 10000.0);
    if (const Json* scaling = fields.find({"rope_parameters", "rope_scaling"})) {
        read_rope_scaling(*scaling, fields, h, name);
    }
    const bool says_head_dim = fields.find({"head_dim"}) != nullptr;
    if (!says_head_dim && h.heads > 0 && h.embed % h.heads != 0) {
        fields.fail(fmt::format(
            "{}: hidden_size {} does not divide into {} heads", name, h.embed, h.heads));
    }
    h.head_dim = fields.optional({"head_dim"}, h.heads > 0 ? h.embed / h.heads : 0);
    h.rope_dims = h.head_dim;
    if (fields.error()) return *fields.error();
    if (auto ok = check_hyperparameters(h, name); !ok) return ok.error();
    return h;
}

}  // namespace greenroom::runtime
