// Runs a fuzz target over its seeds and over mutations of them, in any build: a fixed number from a
// seed that is printed. The input that runs is written down first, so that one that crashes is
// there.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

#include "tests/fuzz/mutate.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/shared_data.hpp"

namespace {
namespace fs = std::filesystem;

struct Settings {
    fs::path corpus;  // a folder of seeds, or one input to run
    unsigned long long n_mutations = 4000;
    unsigned long long seed = 1;
};

bool take_number(const char* text, unsigned long long& out) {
    const char* end = text + std::strlen(text);
    return std::from_chars(text, end, out).ptr == end && end != text;
}

std::vector<std::string> read_inputs(const fs::path& path) {
    std::vector<fs::path> files;
    if (fs::is_directory(path)) {
        for (const auto& entry : fs::recursive_directory_iterator(path)) {
            if (entry.is_regular_file()) files.push_back(entry.path());
        }
    } else if (fs::exists(path)) {
        files.push_back(path);
    }
    std::ranges::sort(files);
    std::vector<std::string> inputs;
    for (const fs::path& file : files) inputs.push_back(greenroom::tests::slurp(file));
    return inputs;
}

// Stays open: some file systems write a file to the disk each time it is replaced and closed.
void write_down(int file, const std::string& bytes) {
    if (::pwrite(file, bytes.data(), bytes.size(), 0) < 0 ||
        ::ftruncate(file, static_cast<off_t>(bytes.size())) != 0) {
        std::perror("the last input");
    }
}

void run_one(int last_input, const std::string& bytes) {
    write_down(last_input, bytes);
    // A copy of exactly this size, so that a sanitizer sees the first byte past the end.
    const std::vector<char> exact(bytes.begin(), bytes.end());
    GREENROOM_FUZZ_TARGET(std::as_bytes(std::span(exact)));
}

}  // namespace

int main(int argc, char** argv) {
    Settings settings;
    if (argc < 3 || argc > 5 || (argc > 3 && !take_number(argv[3], settings.n_mutations)) ||
        (argc > 4 && !take_number(argv[4], settings.seed))) {
        std::fprintf(stderr, "usage: %s CORPUS LAST_INPUT [N_MUTATIONS [SEED]]\n", argv[0]);
        return 2;
    }
    settings.corpus = argv[1];
    const std::vector<std::string> inputs = read_inputs(settings.corpus);
    if (inputs.empty()) {
        std::fprintf(stderr, "%s: no inputs\n", argv[1]);
        return 1;
    }
    const int last_input = ::open(argv[2], O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (last_input < 0) {
        std::perror(argv[2]);
        return 1;
    }
    std::printf("%zu inputs, %llu mutations from seed %llu; the last input lies in %s\n",
                inputs.size(),
                settings.n_mutations,
                settings.seed,
                argv[2]);
    std::fflush(stdout);
    for (const std::string& input : inputs) run_one(last_input, input);
    greenroom::fuzz::Random random(settings.seed);
    for (auto i = settings.n_mutations; i > 0; --i) {
        run_one(last_input, greenroom::fuzz::mutate(inputs, random));
    }
    return 0;
}
