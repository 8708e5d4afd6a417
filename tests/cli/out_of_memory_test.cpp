#include "cli/out_of_memory.hpp"

#include <gtest/gtest.h>
#include <new>

#include "tests/support/program.hpp"

namespace greenroom::cli {
namespace {

using OutOfMemoryDeathTest = testing::Test;

TEST(OutOfMemoryDeathTest, EndsWithOneLine) {
    EXPECT_EXIT(
        {
            end_when_memory_runs_out();
            std::get_new_handler()();
        },
        testing::ExitedWithCode(1),
        "^greenroom: out of memory\n$");
}

// From what its libraries take to more than enough for the model.
TEST(OutOfMemory, Hazard115_NoLimitOfTheAddressSpaceCrashesTheProgram) {
    if (!tests::can_limit_address_space()) GTEST_SKIP() << "the sanitizer takes terabytes of it";
    const std::vector<std::vector<std::string>> calls = {
        {"--version"}, {"--help"}, {"inspect"}, {"run", "-p", "x", "-n", "1"}};
    for (const auto& arguments : calls) {
        int succeeded = 0;
        for (std::uint64_t mib = 40; mib <= 640; mib += 20) {
            const tests::ProgramEnd end =
                tests::run_program({.arguments = arguments, .address_space = mib << 20});
            EXPECT_EQ(end.signal, 0) << arguments[0] << ", " << mib << " MiB: " << end.err;
            succeeded += end.code == 0;
            if (end.code == 0) continue;
            EXPECT_EQ(end.code, 1) << arguments[0] << ", " << mib << " MiB";
            EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
        }
        EXPECT_GT(succeeded, 0) << arguments[0];
    }
}

}  // namespace
}  // namespace greenroom::cli
