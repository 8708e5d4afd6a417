#include "runtime/lab/imagined_model.hpp"

#include "runtime/lab/random_blocks.hpp"
#include "runtime/model/describe.hpp"

namespace greenroom::runtime {
namespace {

// The files as they would be, but for their bytes.
io::Result<io::ModelFiles> files_of(const SynthPlan& plan, const SynthRequest& request) {
    io::ModelFiles files;
    files.root = request.shape;
    files.metadata = plan.metadata;
    std::uint64_t offset = 0;
    for (const io::TensorPlan& tensor : plan.tensors) {
        files.tensors.push_back({.name = tensor.name,
                                 .shape = tensor.shape,
                                 .type = tensor.type,
                                 .range = {0, offset, tensor.bytes()}});
        offset += (tensor.bytes() + 31) / 32 * 32;  // as GGUF aligns them
    }
    files.build_index();
    auto blank = io::File::blank(offset);
    if (!blank) return blank.error();
    files.files.push_back(*std::move(blank));
    return files;
}

}  // namespace

io::Result<ImaginedModel> imagine_model(const SynthRequest& request,
                                        const std::filesystem::path& tokenizer,
                                        const Settings& settings,
                                        const LoadHooks& hooks) {
    const auto donor = io::open_model_files(tokenizer);
    if (!donor) return donor.error();
    const auto plan = plan_synthetic_model(request, donor->metadata);
    if (!plan) return plan.error();
    auto files = files_of(*plan, request);
    if (!files) return files.error();
    const auto description = describe_model(*files);
    if (!description) return description.error();
    RandomWeights weights(request.seed);
    auto engine = load_engine_without_text(
        std::move(*files),
        settings,
        [&](const cache::MatrixHome& home, std::span<std::byte> bytes) {
            if (home.rows == 1) return RandomWeights::fill_ones(home.type, bytes);
            weights.fill(home.type, static_cast<std::uint64_t>(home.cols), bytes);
        },
        hooks);
    if (!engine) return engine.error();
    engine->identity = {description->name,
                        description->parameters,
                        static_cast<std::uint64_t>(engine->model->vocabulary_size())};
    return ImaginedModel{*std::move(engine), description->parameters, description->bytes.total()};
}

}  // namespace greenroom::runtime
