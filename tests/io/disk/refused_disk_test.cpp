// What a system may refuse: io_uring, descriptors, locked memory, direct reads, the disk itself.
// Each test refuses it to a child of its own.
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/loop.h>
#include <linux/seccomp.h>
#include <memory>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/disk/aligned_range.hpp"
#include "io/disk/disk_file.hpp"
#include "io/disk/make_read_queue.hpp"
#include "io/disk/uring_queue.hpp"
#include "tests/support/queue_checks.hpp"

namespace greenroom::io {
namespace {

// Runs `body` in a child and says whether it returned true; `body` must use no GoogleTest.
bool holds_in_child(const std::function<bool()>& body) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(body() ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool install(std::span<sock_filter> filter) {
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

bool forbid_io_uring() {
    sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_setup, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    return install(filter);
}

// As file systems do that do not know the flag.
bool forbid_direct_reads() {
    sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_openat, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_DIRECT, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    return install(filter);
}

// Whether a read of the file's first bytes gives them.
bool reads(ReadQueue& queue, int descriptor, std::span<std::byte> to) {
    const DiskRead read{1, descriptor, 0, to};
    DiskReadDone done;
    return queue.submit({&read, 1}) == 1 && queue.wait({&done, 1}, std::chrono::seconds(10)) == 1 &&
           done.result == 3 && to[0] == std::byte{'a'};
}

class RefusedDisk : public testing::Test {
 protected:
    tests::TemporaryFolder folder_;
    Result<File> file_ = File::open(folder_.write("file", "abc"));
    std::vector<std::byte> to_ = std::vector<std::byte>(3);
};

TEST_F(RefusedDisk, Hazard096_ASandboxWithoutIoUringReadsWithThreads) {
    EXPECT_TRUE(holds_in_child([&] {
        if (!forbid_io_uring()) return false;
        const auto made = make_read_queue(QueueKind::automatic, 2);
        return made && made->queue->name() == "pread" &&
               made->notice == "io_uring: Operation not permitted; reading with threads instead" &&
               reads(*made->queue, file_->descriptor(), to_);
    }));
}

TEST_F(RefusedDisk, Hazard104_WithoutDescriptorsThreadsRead) {
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP()
        << "the sanitizer looks at objects through a pipe, for which no descriptor is left";
#endif
    EXPECT_TRUE(holds_in_child([&] {
        const int next = ::dup(0);
        const rlimit limit{static_cast<rlim_t>(next), static_cast<rlim_t>(next)};
        ::close(next);
        if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
        const auto made = make_read_queue(QueueKind::automatic, 2);
        return made && made->queue->name() == "pread" &&
               made->notice.find("Too many open files") != std::string::npos &&
               reads(*made->queue, file_->descriptor(), to_);
    }));
}

TEST_F(RefusedDisk, Hazard095_Hazard116_WithoutLockedMemoryReadsMapTheirOwn) {
    if (!UringQueue::create(1)) GTEST_SKIP() << "no io_uring here";
    if (::geteuid() != 0) GTEST_SKIP() << "not root: nobody else may give up the right to lock";
    EXPECT_TRUE(holds_in_child([&] {
        const rlimit limit{65'536, 65'536};
        if (::setrlimit(RLIMIT_MEMLOCK, &limit) != 0 || ::setuid(65'534) != 0) return false;
        auto queue = UringQueue::create(2);
        if (!queue) return false;
        std::vector<std::byte> memory(std::size_t{1} << 20);
        const std::span<std::byte> regions[] = {memory};
        const auto registered = (*queue)->register_memory(regions);
        return !registered && registered.error().message == "Cannot allocate memory" &&
               reads(**queue, file_->descriptor(), std::span(memory).first(3));
    }));
}

TEST_F(RefusedDisk, Hazard040_FilesAreReadThroughTheCacheWhereDirectReadsAreRefused) {
    EXPECT_TRUE(holds_in_child([&] {
        if (!forbid_direct_reads()) return false;
        const DiskFile disk = DiskFile::open(*file_);
        const auto made = make_read_queue(QueueKind::pread, 1);
        return !disk.is_direct() && disk.refusal() == "Invalid argument" &&
               reads(*made->queue, disk.descriptor(), to_);
    }));
}

TEST_F(RefusedDisk, Hazard103_NoProgramInheritsTheRing) {
    const auto open_now = [] {
        std::vector<int> out;
        for (int fd = 0; fd < 256; ++fd) {
            if (const int flags = ::fcntl(fd, F_GETFD); flags >= 0 && (flags & FD_CLOEXEC) == 0) {
                out.push_back(fd);
            }
        }
        return out;
    };
    const std::vector<int> before = open_now();
    const auto made = make_read_queue(QueueKind::automatic, 2);
    ASSERT_TRUE(made);
    EXPECT_EQ(open_now(), before);
}

// A block device that ends where its file was cut off: the kernel itself answers with EIO.
class LoopDevice {
 public:
    explicit LoopDevice(const std::filesystem::path& file) {
        const int control = ::open("/dev/loop-control", O_RDWR | O_CLOEXEC);
        const int number = control < 0 ? -1 : ::ioctl(control, LOOP_CTL_GET_FREE);
        if (control >= 0) ::close(control);
        if (number < 0) return;
        const std::string path = "/dev/loop" + std::to_string(number);
        const int backing = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
        device_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (device_ >= 0 && ::ioctl(device_, LOOP_SET_FD, backing) == 0) {
            is_set_ = true;
            reader_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECT);
        }
        ::close(backing);
    }
    ~LoopDevice() {
        if (reader_ >= 0) ::close(reader_);
        if (is_set_) ::ioctl(device_, LOOP_CLR_FD, 0);
        if (device_ >= 0) ::close(device_);
    }
    int descriptor() const { return reader_; }

 private:
    int device_ = -1, reader_ = -1;
    bool is_set_ = false;
};

TEST_F(RefusedDisk, Hazard092_ADeviceThatWasCutOffAnswersWithAnError) {
    const auto backing = folder_.write("disk", std::string(std::size_t{8} << 20, 'x'));
    const LoopDevice device(backing);
    if (device.descriptor() < 0) GTEST_SKIP() << "no loop device to be had: not root, or none left";
    std::filesystem::resize_file(backing, std::size_t{1} << 20);
    constexpr std::size_t kBytes = 65'536;
    std::vector<std::byte> memory(kBytes + kDiskAlignment);
    void* aligned = memory.data();
    std::size_t room = memory.size();
    std::align(kDiskAlignment, kBytes, aligned, room);
    for (const QueueKind kind : {QueueKind::automatic, QueueKind::pread}) {
        const auto made = make_read_queue(kind, 1);
        ASSERT_TRUE(made);
        const DiskRead read{7,
                            device.descriptor(),
                            std::size_t{4} << 20,
                            {static_cast<std::byte*>(aligned), kBytes}};
        ASSERT_EQ(made->queue->submit({&read, 1}), 1u);
        DiskReadDone done;
        ASSERT_EQ(made->queue->wait({&done, 1}, std::chrono::seconds(30)), 1u);
        EXPECT_EQ(done.result, -EIO);
    }
}

}  // namespace
}  // namespace greenroom::io
