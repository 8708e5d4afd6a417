#include "cli/out_of_memory.hpp"
#include "cli/program.hpp"

namespace {

// Before main, for the library that reads the command line takes memory there.
[[gnu::constructor(101)]] void prepare() {
    greenroom::cli::end_when_memory_runs_out();
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__)
// libedit copies the names of the functions that are added to it, and never frees them.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:wcsdup\n";
}
extern "C" const char* __lsan_default_options() {
    return "print_suppressions=0";
}
#endif

int main(int argc, char** argv) {
    return greenroom::cli::run_program({argv, argv + argc});
}
