// A file of random bytes that stands for a model's experts, and where they lie in it.
#pragma once

#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "cache/tiers/slot_sizes.hpp"
#include "io/file.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {

class ExpertFile {
 public:
    // Experts of layer l have matrices of (rows + l, 8) floats; nothing is aligned to anything.
    ExpertFile(int n_layers, int n_experts, int rows = 300) {
        std::mt19937 random(1);
        for (int l = 0; l < n_layers; ++l) {
            homes_.emplace_back();
            for (int e = 0; e < n_experts; ++e) {
                cache::ExpertHome home;
                for (cache::MatrixHome* matrix : {&home.gate, &home.up, &home.down}) {
                    const std::int64_t n = rows + l;
                    bytes_.resize(bytes_.size() + random() % 100);
                    *matrix = {{0, bytes_.size(), static_cast<std::uint64_t>(n) * 32},
                               kernels::BlockType::f32,
                               n,
                               8};
                    bytes_.resize(bytes_.size() + static_cast<std::size_t>(n) * 32);
                }
                homes_.back().push_back(home);
            }
        }
        for (char& c : bytes_) c = static_cast<char>(random());
        files_.push_back(std::move(*io::File::open(folder_.write("experts", bytes_))));
    }

    const cache::ExpertHomes& homes() const { return homes_; }
    const std::vector<io::File>& files() const { return files_; }
    std::filesystem::path path() const { return folder_.path() / "experts"; }

    // Whether these are the weights of that expert.
    bool holds(io::ExpertKey key, const kernels::ExpertWeights& weights) const {
        const cache::ExpertHome& home = homes_[key.layer][key.expert];
        const kernels::Matrix* const matrices[] = {&weights.gate, &weights.up, &weights.down};
        for (std::size_t i = 0; i < 3; ++i) {
            const io::FileRange& range = home.matrices()[i]->range;
            if (matrices[i]->bytes() != range.bytes ||
                std::memcmp(matrices[i]->data, bytes_.data() + range.offset, range.bytes) != 0) {
                return false;
            }
        }
        return true;
    }

 private:
    TemporaryFolder folder_;
    std::string bytes_;
    cache::ExpertHomes homes_;
    std::vector<io::File> files_;
};

}  // namespace greenroom::tests
