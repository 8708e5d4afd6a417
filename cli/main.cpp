#include "cli/program.hpp"

int main(int argc, char** argv) {
    return greenroom::cli::run_program({argv, argv + argc});
}
