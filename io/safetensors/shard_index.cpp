#include "io/safetensors/shard_index.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "io/json.hpp"
#include "io/shard_name.hpp"

namespace greenroom::io {
namespace {

// An entry of file_of besides its strings' heap: a hash node and a bucket.
constexpr std::uint64_t kEntryMemory = sizeof(std::string) + 48;

bool is_plain_file_name(std::string_view name) {
    return !name.empty() && name != "." && name != ".." && name.size() <= 255 &&
           name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

// Fills `index` with file numbers in the order in which the map names the files.
Result<void> read_weight_map(const Json::object_t& map, HeaderBudget& budget, ShardIndex& index) {
    std::map<std::string_view, std::uint32_t> numbers;
    for (const auto& [tensor, file] : map) {
        const auto* name = file.get_ptr<const Json::string_t*>();
        if (name == nullptr || !is_plain_file_name(*name)) {
            return Error{
                fmt::format("weight_map: {} lies in {}; expected the name of a file in the "
                            "same folder",
                            printable(tensor),
                            name == nullptr ? "no string" : printable(*name))};
        }
        const auto [place, is_new] =
            numbers.try_emplace(*name, static_cast<std::uint32_t>(numbers.size()));
        if (is_new && numbers.size() > kMostShards) {
            return Error{fmt::format("weight_map names more than {} files", kMostShards)};
        }
        if (!budget.take(1, kEntryMemory + string_heap_bytes(tensor.size()))) {
            return Error{fmt::format("weight_map: headers may take {} MiB of memory",
                                     kHeaderLimitBytes >> 20)};
        }
        index.file_of.emplace(tensor, place->second);
    }
    // From the order of the map to the order of names.
    std::vector<std::uint32_t> sorted(numbers.size());
    for (const auto& [name, number] : numbers) {
        sorted[number] = static_cast<std::uint32_t>(index.files.size());
        index.files.emplace_back(name);
    }
    for (auto& [tensor, number] : index.file_of) number = sorted[number];
    return {};
}

}  // namespace

Result<ShardIndex> parse_shard_index(std::string_view text,
                                     std::string_view name,
                                     HeaderBudget& budget) {
    const std::uint64_t left = budget.left_bytes();
    const auto json =
        parse_json(text,
                   name,
                   {.bytes = kLongestIndex,
                    .depth = 8,
                    .memory_bytes = left - std::min<std::uint64_t>(left, text.size())});
    if (!json) return json.error();
    const auto found = json->is_object() ? json->find("weight_map") : json->end();
    const auto* map = found == json->end() ? nullptr : found->get_ptr<const Json::object_t*>();
    if (map == nullptr || map->empty()) {
        return Error{fmt::format(
            "{}: weight_map is missing or empty; expected an object from tensors to files", name)};
    }
    ShardIndex index;
    if (auto ok = read_weight_map(*map, budget, index); !ok) {
        return Error{fmt::format("{}: {}", name, ok.error().message)};
    }
    return index;
}

}  // namespace greenroom::io
