#include "io/element_type.hpp"

#include <gtest/gtest.h>
#include <set>

#include "io/json.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {

TEST(ElementType, EveryFormatIsFoundByItsIdAndType) {
    std::set<std::string_view> names;
    for (const ElementFormat& format : element_formats()) {
        const auto found = find_element_format(static_cast<std::uint32_t>(format.type));
        ASSERT_TRUE(found);
        EXPECT_EQ(found->name, format.name);
        EXPECT_EQ(element_format(format.type).block_bytes, format.block_bytes);
        EXPECT_TRUE(names.insert(format.name).second) << format.name;
    }
}

TEST(ElementType, RemovedAndUnknownIdsHaveNone) {
    for (const std::uint32_t id : {4u, 5u, 31u, 33u, 36u, 38u, 41u, 137u, ~0u}) {
        EXPECT_FALSE(find_element_format(id)) << id;
    }
}

TEST(ElementType, AgreesWithTheReferenceBlocks) {
    GREENROOM_NEED_REFERENCE(path, "quants/index.json");
    const auto index = read_json_file(path);
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_GE((*index)["types"].size(), 20u);
    for (const Json& type : (*index)["types"]) {
        const auto format = find_element_format(type["type_id"].get<std::uint32_t>());
        ASSERT_TRUE(format) << type["type"];
        EXPECT_EQ(type["type"], format->name);
        EXPECT_EQ(type["block_elements"], format->block_elements) << format->name;
        EXPECT_EQ(type["block_bytes"], format->block_bytes) << format->name;
    }
}

}  // namespace
}  // namespace greenroom::io
