#include "runtime/lab/synth.hpp"

#include <algorithm>

#include "io/model_files.hpp"
#include "runtime/lab/random_blocks.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::uint64_t kChunkBytes = std::uint64_t{1} << 20;  // at least; whole rows

std::uint64_t total_bytes(const std::vector<io::TensorPlan>& tensors) {
    std::uint64_t sum = 0;
    for (const io::TensorPlan& tensor : tensors) sum += tensor.bytes();
    return sum;
}

// Writes the tensors of one file.
class WeightWriter {
 public:
    WeightWriter(io::GgufWriter& file, std::uint64_t seed, const LoadHooks& hooks)
        : file_(file), weights_(seed), hooks_(hooks) {}

    io::Result<void> write_all(const std::vector<io::TensorPlan>& tensors) {
        const std::uint64_t total = total_bytes(tensors);
        std::uint64_t done = 0;
        for (const io::TensorPlan& tensor : tensors) {
            std::uint64_t left = tensor.bytes();
            while (left > 0) {
                if (hooks_.stop.stop_requested()) return io::Error{"stopped"};
                if (auto ok = write_chunk(tensor, left); !ok) return ok.error();
                left -= chunk_.size();
                done += chunk_.size();
                if (hooks_.progress) hooks_.progress(done, total);
            }
        }
        return {};
    }

 private:
    io::Result<void> write_chunk(const io::TensorPlan& tensor, std::uint64_t left) {
        const auto type = static_cast<kernels::BlockType>(tensor.type);
        const kernels::BlockFormat& format = kernels::block_format(type);
        const std::uint64_t row_bytes = tensor.shape[0] / format.elements * format.bytes;
        const std::uint64_t rows = std::max<std::uint64_t>(1, kChunkBytes / row_bytes);
        chunk_.resize(std::min(left, rows * row_bytes));
        if (tensor.shape.size() == 1) {
            RandomWeights::fill_ones(type, chunk_);
        } else {
            weights_.fill(type, tensor.shape[0], chunk_);
        }
        return file_.write(chunk_);
    }

    io::GgufWriter& file_;
    RandomWeights weights_;
    const LoadHooks& hooks_;
    std::vector<std::byte> chunk_;
};

}  // namespace

io::Result<void> write_synthetic_model(const std::filesystem::path& path,
                                       const SynthRequest& request,
                                       const std::filesystem::path& tokenizer,
                                       const LoadHooks& hooks) {
    const io::Result<io::ModelFiles> donor = io::open_model_files(tokenizer);
    if (!donor) return donor.error();
    const io::Result<SynthPlan> plan = plan_synthetic_model(request, donor->metadata);
    if (!plan) return plan.error();
    io::Result<io::GgufWriter> file = io::GgufWriter::create(path, plan->metadata, plan->tensors);
    if (!file) return file.error();
    WeightWriter weights(*file, request.seed, hooks);
    if (auto ok = weights.write_all(plan->tensors); !ok) return ok.error();
    return file->finish();
}

}  // namespace greenroom::runtime
