#include "tests/support/held_file.hpp"

#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace greenroom::tests {
namespace {

constexpr int kLongest_ms = 60'000;

}  // namespace

HeldFile::HeldFile(const std::filesystem::path& path) {
    signal(SIGIO, SIG_IGN);  // with which the system asks for the lease
    descriptor_ = open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (fcntl(descriptor_, F_SETLEASE, F_WRLCK) != 0) release();
}

bool HeldFile::wait_for_opener() const {
    for (int waited_ms = 0; waited_ms < kLongest_ms; ++waited_ms) {
        if (fcntl(descriptor_, F_GETLEASE) != F_WRLCK) return true;
        usleep(1000);
    }
    ADD_FAILURE() << "nobody opened the file";
    return false;
}

void HeldFile::release() {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = -1;
}

}  // namespace greenroom::tests
