// A value per expert, found by two indices; grows to the largest key seen and then stays.
#pragma once

#include <vector>

#include "io/expert_key.hpp"

namespace greenroom::cache {

template <class T>
class KeyTable {
 public:
    T& operator[](io::ExpertKey key) {
        if (key.layer >= rows_.size()) rows_.resize(key.layer + 1u);
        auto& row = rows_[key.layer];
        if (key.expert >= row.size()) row.resize(key.expert + 1u);
        return row[key.expert];
    }
    // Null for a key never written to.
    const T* find(io::ExpertKey key) const {
        if (key.layer >= rows_.size() || key.expert >= rows_[key.layer].size()) return nullptr;
        return &rows_[key.layer][key.expert];
    }

 private:
    std::vector<std::vector<T>> rows_;
};

}  // namespace greenroom::cache
