#include "cli/base64.hpp"

#include <gtest/gtest.h>

namespace greenroom::cli {
namespace {

// The vectors of RFC 4648, section 10.
TEST(Base64, AgreesWithTheStandard) {
    const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : vectors) {
        EXPECT_EQ(to_base64(bytes), text);
        EXPECT_EQ(from_base64(text), bytes);
    }
}

TEST(Base64, CarriesEveryByte) {
    std::string bytes;
    for (int b = 0; b < 256; ++b) bytes += static_cast<char>(b);
    for (std::size_t n = 0; n <= bytes.size(); ++n) {
        EXPECT_EQ(from_base64(to_base64(bytes.substr(n))), bytes.substr(n));
    }
}

TEST(Base64, RefusesWhatIsNone) {
    for (const char* bad : {"Z", "Zg", "Zg=", "=", "====", "Z===", "Zg==Zg==", "Z g=", "Zm9v\n"}) {
        EXPECT_EQ(from_base64(bad), std::nullopt) << bad;
    }
}

}  // namespace
}  // namespace greenroom::cli
