#include "runtime/text/jinja/values/from_json.hpp"

namespace greenroom::runtime::jinja {
namespace {

Value string(Rendering& run, const std::string& text, Origin origin) {
    if (!run.meter.spend_bytes(text.size()) || !run.meter.fits(text.size())) return {};
    return run.string(Text(text, origin));
}

Value list(Rendering& run, const io::Json& json, Origin origin, int depth) {
    const Ref<List> out = run.heap.make<List>(std::vector<Value>(), List::Flavor::list);
    out->origin = origin;
    out->items.reserve(json.size());
    for (const io::Json& item : json) {
        if (run.meter.failed()) break;
        out->items.push_back(from_json(run, item, origin, depth + 1));
    }
    run.heap.settle(*out);
    return Value::list(out);
}

Value dict(Rendering& run, const io::Json& json, Origin origin, int depth) {
    const Ref<Dict> out = run.heap.make<Dict>();
    out->origin = origin;
    out->entries.reserve(json.size());
    for (const auto& [key, value] : json.get_ref<const io::Json::object_t&>()) {
        if (run.meter.failed()) break;
        Value name = string(run, key, origin);
        out->entries.emplace_back(std::move(name), from_json(run, value, origin, depth + 1));
    }
    run.heap.settle(*out);
    return Value::dict(out);
}

}  // namespace

Value from_json(Rendering& run, const io::Json& json, Origin origin, int depth) {
    if (!run.meter.spend(1) || !run.meter.nests(depth)) return {};
    switch (json.type()) {
        case io::Json::value_t::object:
            return dict(run, json, origin, depth);
        case io::Json::value_t::array:
            return list(run, json, origin, depth);
        case io::Json::value_t::string:
            return string(run, json.get_ref<const std::string&>(), origin);
        case io::Json::value_t::boolean:
            return Value::boolean(json.get<bool>(), origin);
        case io::Json::value_t::number_integer:
            return Value::integer(json.get<std::int64_t>(), origin);
        case io::Json::value_t::number_unsigned:
            return Value::integer(json.get<std::uint64_t>(), origin);
        case io::Json::value_t::number_float:
            return Value::real(json.get<double>(), origin);
        default:
            return Value::none(origin);
    }
}

}  // namespace greenroom::runtime::jinja
