#include "kernels/best_tokens.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <vector>

#include "tests/support/device_case.hpp"
#include "tests/support/random_values.hpp"

namespace greenroom::kernels {
namespace {

using tests::DeviceCase;
using tests::normal;
using tests::OnDevice;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

struct Best {
    std::vector<std::int32_t> ids;
    std::vector<float> values;
};

Best on_cpu(const std::vector<float>& logits, int k) {
    const auto n = static_cast<std::size_t>(k);
    Best out{std::vector<std::int32_t>(n), std::vector<float>(n)};
    run_on_cpu(BestTokens{
        logits.data(), out.ids.data(), out.values.data(), static_cast<int>(logits.size()), k});
    return out;
}

Best on_device(DeviceCase& device, const std::vector<float>& logits, int k) {
    const auto n = static_cast<std::size_t>(k);
    OnDevice<float> from(device, logits), values(device, n);
    OnDevice<std::int32_t> ids(device, n);
    launch(BestTokens{from.data(), ids.data(), values.data(), static_cast<int>(logits.size()), k},
           device.stream());
    return {ids.values(), values.values()};
}

void expect_the_twins_choice(const std::vector<float>& logits, int k) {
    SCOPED_TRACE(testing::Message() << k << " of " << logits.size());
    const Best expected = on_cpu(logits, k);
    std::vector<float> values;
    const auto ids = tests::in_both_orders([&](DeviceCase& device) {
        Best got = on_device(device, logits, k);
        values = got.values;
        return got.ids;
    });
    EXPECT_EQ(ids, expected.ids);
    for (std::size_t i = 0; i < values.size(); ++i) {
        EXPECT_TRUE(values[i] == expected.values[i] ||
                    (std::isnan(values[i]) && std::isnan(expected.values[i])))
            << i;
    }
}

TEST(BestTokensBody, ChoosesWhatItsTwinChooses) {
    expect_the_twins_choice({3}, 1);
    expect_the_twins_choice(normal(33, 1), 33);
    expect_the_twins_choice(normal(1023, 2), 5);
    expect_the_twins_choice(normal(2050, 3), 64);
    expect_the_twins_choice(normal(151'936, 4), 1);
    expect_the_twins_choice(normal(151'936, 5), 20);
}

TEST(BestTokensBody, TakesAllFromOneThreadWhereItHasTheBest) {
    std::vector<float> logits(4000, -1);
    for (std::size_t i = 5; i < logits.size(); i += 1024) logits[i] = static_cast<float>(i);
    expect_the_twins_choice(logits, 6);
}

TEST(BestTokensBody, TiesGoToTheLowerId) {
    std::mt19937 random(6);
    std::vector<float> logits(3000);
    for (float& logit : logits) logit = static_cast<float>(random() % 4) - 2;
    for (std::size_t i = 0; i < logits.size(); i += 7) logits[i] = -0.0F;
    expect_the_twins_choice(logits, 50);
    expect_the_twins_choice(std::vector<float>(1500, 0), 40);
}

TEST(BestTokensBody, NansRankBelowEveryNumber) {
    std::vector<float> logits(1100, kNan);
    logits[3] = -kInf;
    logits[1050] = kInf;
    logits[1060] = -1e-40F;
    expect_the_twins_choice(logits, 5);
    expect_the_twins_choice(std::vector<float>(40, kNan), 2);
}

}  // namespace
}  // namespace greenroom::kernels
