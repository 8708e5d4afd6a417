#include "io/safetensors/tensor_entry.hpp"

#include <gtest/gtest.h>

#include "tests/io/safetensors/rejection.hpp"

namespace greenroom::io {
namespace {
using namespace tests::safetensors;

TEST(SafetensorsTensor, ReadsScalarsAsOneElement) {
    const auto entry =
        parse_json(R"({"dtype":"F16","shape":[],"data_offsets":[6,8],"more":1})", "x");
    ASSERT_TRUE(entry);
    TensorInfo tensor;
    const auto read = safetensors::read_tensor_entry(*entry, tensor);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(tensor.shape, std::vector<std::uint64_t>{1});
    EXPECT_EQ(tensor.type, ElementType::f16);
    EXPECT_EQ(tensor.range, (FileRange{0, 6, 2}));
}

TEST(SafetensorsTensor, Hazard081_Dtypes) {
    const auto of_dtype = [](const char* dtype) { return tensor_rejection({.dtype = dtype}); };
    for (const char* dtype : {"\"F4\"", "\"F8_E4M3\"", "\"F8_E5M2\"", "\"U8\"", "\"BOOL\""}) {
        EXPECT_MENTIONS(of_dtype(dtype), "(not supported); expected one of F32 F16 BF16 F64 I8");
    }
    EXPECT_MENTIONS(of_dtype("\"f32\""), "tensor a: dtype is f32 (unknown); expected one of F32");
    EXPECT_MENTIONS(of_dtype("\"\\u001b[31m\""), "dtype is \\x1b[31m (unknown)");
    EXPECT_MENTIONS(of_dtype("7"), "dtype is 7; expected a string");
    EXPECT_MENTIONS(of_dtype("null"), "dtype is null; expected a string");
    EXPECT_MENTIONS(of_dtype("[1,2]"), "dtype is an array of 2; expected a string");
}

TEST(SafetensorsTensor, Hazard082_ShapesThatAreNone) {
    const auto of_shape = [](const char* shape) { return tensor_rejection({.shape = shape}); };
    for (const char* element :
         {"-1", "2.0", "\"2\"", "null", "true", "18446744073709551616", "-0"}) {
        EXPECT_MENTIONS(of_shape(("[2," + std::string(element) + "]").c_str()),
                        "expected integers of at least 0");
    }
    EXPECT_MENTIONS(of_shape("8"), "shape is 8; expected an array of at most 8 integers");
    EXPECT_MENTIONS(of_shape("{}"), "shape is an object; expected an array");
    EXPECT_MENTIONS(of_shape("[1,1,1,1,1,1,1,1,8]"), "shape is an array of 9");
    EXPECT_EQ(of_shape("[1,1,1,1,1,1,1,8]"), "accepted");
    EXPECT_MENTIONS(of_shape("[0,8]"), "shape [0, 8] has a dimension of 0");
}

TEST(SafetensorsTensor, Hazard082_ShapesThatOverflow) {
    const auto of_shape = [](const char* shape) { return tensor_rejection({.shape = shape}); };
    EXPECT_MENTIONS(of_shape("[9007199254740993]"),
                    "F32 of shape [9007199254740993] needs 36028797");
    EXPECT_MENTIONS(of_shape("[4611686018427387904,4]"), "has more than 2^63 bytes");  // 0 mod 2^64
    EXPECT_MENTIONS(of_shape("[4611686018427387912]"), "has more than 2^63 bytes");  // 32 mod 2^64
    EXPECT_MENTIONS(of_shape("[4294967296,4294967296,2]"), "has more than 2^63 bytes");
    EXPECT_MENTIONS(of_shape("[2305843009213693952]"), "has more than 2^63 bytes");
}

TEST(SafetensorsTensor, Hazard083_DataOffsets) {
    const auto at = [](const char* offsets) { return tensor_rejection({.data_offsets = offsets}); };
    for (const char* offsets : {"[]", "[0]", "[32,0]"}) {
        EXPECT_MENTIONS(at(offsets), "expected a begin and an end after it");
    }
    EXPECT_MENTIONS(at("[0,32,64]"),
                    "data_offsets is an array of 3; expected an array of at most 2");
    for (const char* offsets : {"[-1,31]", "[0.0,32.0]", "[\"0\",32]", "[0,1e30]"}) {
        EXPECT_MENTIONS(at(offsets), "expected integers of at least 0");
    }
    EXPECT_MENTIONS(at("[0,31]"), "[0, 31] hold 31 bytes; F32 of shape [2, 4] needs 32");
    EXPECT_MENTIONS(at("[0,0]"), "hold 0 bytes");
    EXPECT_MENTIONS(at("null"), "data_offsets is null");
}

TEST(SafetensorsTensor, Hazard083_MissingFields) {
    EXPECT_MENTIONS(header_rejection(R"({"a":7})"), "tensor a: is 7; expected an object");
    EXPECT_MENTIONS(header_rejection(R"({"a":[]})"),
                    "tensor a: is an array of 0; expected an object");
    EXPECT_MENTIONS(header_rejection(R"({"a":{}})"), "tensor a: dtype is missing");
    EXPECT_MENTIONS(header_rejection(R"({"a":{"dtype":"F32"}})"), "tensor a: shape is missing");
    EXPECT_MENTIONS(header_rejection(R"({"a":{"dtype":"F32","shape":[1]}})"),
                    "tensor a: data_offsets is missing");
}

}  // namespace
}  // namespace greenroom::io
