#include "tests/support/reference_model.hpp"

#include <cstring>
#include <nlohmann/json.hpp>

#include "tests/support/shared_data.hpp"

namespace greenroom::tests {
namespace {

using Json = nlohmann::json;

std::vector<std::vector<ReferenceChoice>> read_routing(const Json& layers) {
    std::vector<std::vector<ReferenceChoice>> out;
    if (layers.is_null()) return out;
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const Json& layer = layers.at(std::to_string(l));
        std::vector<ReferenceChoice>& choices = out.emplace_back();
        for (std::size_t p = 0; p < layer.at("expert_ids").size(); ++p) {
            choices.push_back({layer.at("expert_ids").at(p), layer.at("weights").at(p)});
        }
    }
    return out;
}

}  // namespace

ReferenceModel read_reference_model(const std::filesystem::path& expected,
                                    std::string_view logits) {
    const Json whole = Json::parse(slurp(expected));
    const Json* form = &whole;
    if (whole.contains("quants")) {
        for (const Json& quant : whole.at("quants")) {
            if (quant.at("logits").at("file") == logits) form = &quant;
        }
    }
    ReferenceModel out;
    out.vocabulary = whole.at("n_vocab");
    out.prompt_ids = whole.at("prompt_ids").get<std::vector<std::int32_t>>();
    out.logits = read_floats(expected.parent_path() / logits);
    out.greedy_ids = form->at("greedy_ids").get<std::vector<std::int32_t>>();
    out.routing = read_routing(form->at("routing"));
    if (form != &whole) out.peer_mean_difference = form->at("llama_cpp").at("mean_abs_diff");
    return out;
}

std::vector<float> read_floats(const std::filesystem::path& path) {
    const std::string bytes = slurp(path);
    std::vector<float> out(bytes.size() / sizeof(float));
    std::memcpy(out.data(), bytes.data(), out.size() * sizeof(float));
    return out;
}

}  // namespace greenroom::tests
