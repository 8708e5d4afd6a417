// A file that keeps whoever opens it waiting: it stands for a slow disk, without a clock.
#pragma once

#include <filesystem>

namespace greenroom::tests {

class HeldFile {
 public:
    // Nobody else may have it open yet. Check held(): not every file system can do this.
    explicit HeldFile(const std::filesystem::path& path);
    ~HeldFile() { release(); }
    HeldFile(const HeldFile&) = delete;
    HeldFile& operator=(const HeldFile&) = delete;

    bool held() const { return descriptor_ >= 0; }
    // Returns once somebody waits for it. False, and a failure of the test, when nobody came.
    bool wait_for_opener() const;
    // Who waits goes on. The system does it too after its lease-break-time, 45 s.
    void release();

 private:
    int descriptor_ = -1;
};

}  // namespace greenroom::tests
