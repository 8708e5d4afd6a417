#include "kernels/embed_rows.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace greenroom::kernels {
namespace {

TEST(EmbedRows, CopiesTheRowsThatTokensName) {
    ThreadPool pool(2);
    const std::vector<float> table = {1, 2, /**/ 3, 4, /**/ 5, 6};
    const std::vector<std::int32_t> ids = {2, 0, 2};
    std::vector<float> out(6);
    const Matrix matrix{reinterpret_cast<const std::byte*>(table.data()), BlockType::f32, 3, 2};
    run_on_cpu(EmbedRows{matrix, ids.data(), out.data(), 3}, pool);
    EXPECT_EQ(out, (std::vector<float>{5, 6, 1, 2, 5, 6}));
}

}  // namespace
}  // namespace greenroom::kernels
