#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    GREENROOM_FUZZ_TARGET(std::as_bytes(std::span(data, size)));
    return 0;
}
