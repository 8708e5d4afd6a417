// Tests that ask what a file's permissions forbid, also where they run as root.
#pragma once

#include <unistd.h>

namespace greenroom::tests {

// While one lives, this process has nobody's rights. One at a time.
class Unprivileged {
 public:
    Unprivileged() : was_root_(geteuid() == 0) {
        if (was_root_ && seteuid(kNobody) != 0) was_root_ = false;
    }
    ~Unprivileged() {
        if (was_root_ && seteuid(0) != 0) _exit(1);
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;

    // False in a container that knows no other user than root.
    bool holds() const { return geteuid() != 0; }

 private:
    static constexpr uid_t kNobody = 65534;
    bool was_root_;
};

}  // namespace greenroom::tests
