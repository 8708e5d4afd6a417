#include "io/file.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

#include "tests/support/held_file.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/unprivileged.hpp"

namespace greenroom::io {
namespace {
namespace fs = std::filesystem;
using ::testing::Test;
using tests::TemporaryFolder;

std::string error_of(const fs::path& path) {
    const auto file = File::open(path);
    return file ? "opened" : file.error().message;
}

bool mentions(const std::string& message, std::string_view words) {
    return message.find(words) != std::string::npos;
}

TEST(File, Hazard045_WaitsUntilALeaseIsGivenBack) {
    const TemporaryFolder folder;
    const fs::path path = folder.write("a", "0123456789");
    tests::HeldFile held(path);
    if (!held.held()) GTEST_SKIP() << "files cannot be held here";
    const std::jthread server([&] {
        held.wait_for_opener();
        held.release();
    });
    EXPECT_EQ(error_of(path), "opened");
}

TEST(File, ReadsFromAPosition) {
    const TemporaryFolder folder;
    const auto file = File::open(folder.write("a", "0123456789"));
    ASSERT_TRUE(file) << file.error().message;
    std::string got(4, ' ');
    ASSERT_TRUE(file->read_at(3, std::as_writable_bytes(std::span(got))));
    EXPECT_EQ(got, "3456");
    EXPECT_EQ(file->size(), 10u);
}

TEST(File, Hazard035_NamesWhatItIsInsteadOfAFile) {
    const TemporaryFolder folder;
    const fs::path root = folder.path();
    EXPECT_TRUE(mentions(error_of(root / "none"), "No such file"));
    EXPECT_TRUE(mentions(error_of(root), "is a folder"));
    EXPECT_TRUE(mentions(error_of("/dev/zero"), "is a device"));
    ASSERT_EQ(mkfifo((root / "pipe").c_str(), 0600), 0);
    EXPECT_TRUE(mentions(error_of(root / "pipe"), "is a pipe"));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (root / "socket").native().copy(address.sun_path, sizeof(address.sun_path) - 1);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_TRUE(mentions(error_of(root / "socket"), "is a socket"));
    close(socket);
}

TEST(File, Hazard035_SymbolicLinks) {
    const TemporaryFolder folder;
    const fs::path root = folder.path();
    fs::create_symlink("absent", root / "dangling");
    EXPECT_TRUE(mentions(error_of(root / "dangling"), "symbolic link to absent, which does not"));
    fs::create_symlink("loop", root / "loop");
    EXPECT_TRUE(mentions(error_of(root / "loop"), "symbolic links"));
    fs::create_symlink(folder.write("real", "x"), root / "good");
    EXPECT_EQ(error_of(root / "good"), "opened");
}

TEST(File, Hazard035_OddPaths) {
    const TemporaryFolder folder;
    EXPECT_TRUE(mentions(error_of(fs::path("/" + std::string(5000, 'a'))), "too long"));
    EXPECT_EQ(error_of(folder.write("-x", "x")), "opened");
    EXPECT_EQ(error_of(folder.write("bad\xFFname", "x")), "opened");
    const std::string message = error_of(folder.path() / "bad\xFF\x1b[31mname2");
    EXPECT_TRUE(mentions(message, "bad\\xff\\x1b[31mname2: cannot open")) << message;
}

TEST(File, Hazard035_NoPermission) {
    const TemporaryFolder folder;
    const fs::path secret = folder.write("secret", "x"), open = folder.write("open", "x");
    fs::permissions(secret, fs::perms::none);
    fs::permissions(folder.path(), fs::perms(0755));
    const tests::Unprivileged rights;
    if (!rights.holds()) GTEST_SKIP() << "root may read everything";
    EXPECT_TRUE(mentions(error_of(secret), "Permission denied"));
    EXPECT_EQ(error_of(open), "opened");
}

// A regular file whose first page cannot be read, as a disk that has gone away answers.
TEST(File, Hazard041_AFailingReadNamesFileAndPlace) {
    const auto file = File::open("/proc/self/mem");
    if (!file) GTEST_SKIP() << file.error().message;
    std::string got(16, ' ');
    const auto read = file->read_at(0, std::as_writable_bytes(std::span(got)));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message,
              "/proc/self/mem: cannot read 16 bytes at 0: Input/output error");
}

TEST(File, Hazard038_ShrinkingIsAnErrorNotAHang) {
    const TemporaryFolder folder;
    const fs::path path = folder.write("a", std::string(100, 'x'));
    const auto file = File::open(path);
    ASSERT_TRUE(file);
    fs::resize_file(path, 40);
    std::string got(100, ' ');
    const auto read = file->read_at(0, std::as_writable_bytes(std::span(got)));
    ASSERT_FALSE(read);
    EXPECT_TRUE(mentions(read.error().message, "ends at 40 bytes; it had 100"));
    EXPECT_TRUE(mentions(file->check_unchanged().error().message, "it had 100 bytes, now 40"));
}

TEST(File, Hazard039_NoticesEditsAndReplacement) {
    const TemporaryFolder folder;
    const fs::path path = folder.write("a", "xxxx");
    const auto file = File::open(path);
    ASSERT_TRUE(file);
    EXPECT_TRUE(file->check_unchanged());
    fs::rename(folder.write("b", "yyyy"), path);
    EXPECT_TRUE(mentions(file->check_unchanged().error().message, "replaced by another file"));
    fs::remove(path);
    EXPECT_TRUE(file->check_unchanged());

    const auto edited = File::open(folder.write("c", "xxxx"));
    ASSERT_TRUE(edited);
    fs::last_write_time(edited->path(), fs::file_time_type::clock::now() + std::chrono::hours(1));
    EXPECT_TRUE(mentions(edited->check_unchanged().error().message, "modified since"));
}

TEST(File, MovesGiveTheDescriptorAway) {
    const TemporaryFolder folder;
    auto first = File::open(folder.write("a", "x"));
    ASSERT_TRUE(first);
    const int descriptor = first->descriptor();
    File second = std::move(*first);
    EXPECT_EQ(second.descriptor(), descriptor);
    EXPECT_EQ(first->descriptor(), -1);
}

TEST(ReadTextFile, RefusesMoreThanTheLimit) {
    const TemporaryFolder folder;
    const fs::path path = folder.write("a", "hello");
    ASSERT_TRUE(read_text_file(path, 5));
    EXPECT_EQ(*read_text_file(path, 5), "hello");
    EXPECT_TRUE(
        mentions(read_text_file(path, 4).error().message, "has 5 bytes; expected at most 4"));
}

TEST(Printable, ShowsWhatATerminalWouldObey) {
    EXPECT_EQ(printable("plain über 字"), "plain über 字");
    EXPECT_EQ(printable(std::string_view("a\0b\x1b[2J\r\n\x7f", 10)),
              "a\\x00b\\x1b[2J\\x0d\\x0a\\x7f");
    EXPECT_EQ(printable("\xc2\x9b"
                        "31m"),
              "\\u009b31m");
    EXPECT_EQ(printable("\xe2\x80\xae"), "\\u202e");
}

TEST(Printable, ShowsBytesThatAreNotUtf8) {
    EXPECT_EQ(printable("\xff"), "\\xff");
    EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");           // overlong
    EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // surrogate
    EXPECT_EQ(printable("ab\xe2\x82"), "ab\\xe2\\x82");       // cut off
    EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(Printable, CutsBetweenCharacters) {
    EXPECT_EQ(printable("abcdef", 4), "abcd…");
    EXPECT_EQ(printable("aüb", 2), "a…");
    EXPECT_EQ(printable("abcd", 4), "abcd");
}

TEST(File, ABlankOneReadsAsZerosAndLiesNowhere) {
    const auto file = File::blank(std::uint64_t{1} << 40);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->size(), std::uint64_t{1} << 40);
    std::byte bytes[16];
    std::ranges::fill(bytes, std::byte{1});
    ASSERT_TRUE(file->read_at((std::uint64_t{1} << 40) - 16, bytes));
    for (const std::byte b : bytes) EXPECT_EQ(b, std::byte{0});
    EXPECT_TRUE(file->check_unchanged());
}

}  // namespace
}  // namespace greenroom::io
