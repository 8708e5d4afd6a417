// The tests of device bodies, and of models on a device, on the card of this machine. Exits with 77
// where there is none, which CTest calls skipped.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "kernels/device/cuda/cuda_gpu.hpp"
#include "tests/on_card/card.hpp"

int main(int argc, char** argv) {
    constexpr int kSkipped = 77;
    // Those faults are made by an emulated GPU.
    GTEST_FLAG_SET(filter, "-*Hazard128*:*Hazard129*:*AreRoundedOnce*:*AFailedDevice*");
    testing::InitGoogleTest(&argc, argv);
    const auto runtime = greenroom::kernels::cuda_build().runtime;
    if (const std::string why = greenroom::tests::why_no_card(runtime.get()); !why.empty()) {
        fmt::print(stderr, "gpu_tests: skipped: {}\n", why);
        return kSkipped;
    }
    return RUN_ALL_TESTS();
}
