// Runs a fuzz target over its seeds and over mutations of them, in any build: a fixed number from a
// seed that is printed. The input that runs is written down first, so that one that crashes is
// there.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/fuzz/mutate.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/shared_data.hpp"

namespace {
namespace fs = std::filesystem;

struct Settings {
    fs::path corpus;      // a folder of seeds, or one input to run
    fs::path last_input;  // written before each run
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

void run_one(const Settings& settings, const std::string& bytes) {
    if (std::FILE* file = std::fopen(settings.last_input.c_str(), "wb")) {
        std::fwrite(bytes.data(), 1, bytes.size(), file);
        std::fclose(file);
    }
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
    settings.last_input = argv[2];
    const std::vector<std::string> inputs = read_inputs(settings.corpus);
    if (inputs.empty()) {
        std::fprintf(stderr, "%s: no inputs\n", argv[1]);
        return 1;
    }
    std::printf("%zu inputs, %llu mutations from seed %llu; the last input lies in %s\n",
                inputs.size(),
                settings.n_mutations,
                settings.seed,
                argv[2]);
    std::fflush(stdout);
    for (const std::string& input : inputs) run_one(settings, input);
    greenroom::fuzz::Random random(settings.seed);
    for (auto i = settings.n_mutations; i > 0; --i) {
        run_one(settings, greenroom::fuzz::mutate(inputs, random));
    }
    return 0;
}
