// What tests run once for each of: block formats and the paths of the processor, by their names.
#pragma once

#include <gtest/gtest.h>
#include <ostream>
#include <string>
#include <vector>

#include "kernels/block_type.hpp"
#include "kernels/cpu/path.hpp"

namespace greenroom::kernels {

// GoogleTest looks for these beside the types.
inline void PrintTo(const BlockFormat& format, std::ostream* out) {
    *out << format.name;
}
inline void PrintTo(CpuPath path, std::ostream* out) {
    *out << name(path);
}

}  // namespace greenroom::kernels

namespace greenroom::tests {

// The formats for which `wanted` says so.
template <class Wanted>
std::vector<kernels::BlockFormat> formats_that(const Wanted& wanted) {
    std::vector<kernels::BlockFormat> found;
    for (const kernels::BlockFormat& format : kernels::block_formats()) {
        if (wanted(format)) found.push_back(format);
    }
    return found;
}

inline std::string format_name(const testing::TestParamInfo<kernels::BlockFormat>& info) {
    return std::string(info.param.name);
}
inline std::string path_name(const testing::TestParamInfo<kernels::CpuPath>& info) {
    return std::string(kernels::name(info.param));
}

}  // namespace greenroom::tests
