#include "runtime/text/jinja/values/value.hpp"

namespace greenroom::runtime::jinja {

Value::Value(Kind kind, Object* object) : kind_(kind), bits_(std::bit_cast<std::uint64_t>(object)) {
    if (object != nullptr) object->retain();
}

Value::Value(const Value& other)
    : kind_(other.kind_), negative_(other.negative_), origin_(other.origin_), bits_(other.bits_) {
    if (has_object()) object()->retain();
}

Value::Value(Value&& other) noexcept
    : kind_(std::exchange(other.kind_, Kind::undefined)),
      negative_(other.negative_),
      origin_(other.origin_),
      bits_(std::exchange(other.bits_, 0)) {}

Value& Value::operator=(Value other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(negative_, other.negative_);
    std::swap(origin_, other.origin_);
    std::swap(bits_, other.bits_);
    return *this;
}

Value::~Value() {
    if (has_object()) object()->release();
}

Value Value::none(Origin origin) {
    return {Kind::none, 0, origin};
}

Value Value::boolean(bool value, Origin origin) {
    return {Kind::boolean, std::uint64_t{value}, origin};
}

Value Value::integer(Integer value, Origin origin) {
    Value out(Kind::integer, static_cast<std::uint64_t>(value < 0 ? -value : value), origin);
    out.negative_ = value < 0;
    return out;
}

Value Value::real(double value, Origin origin) {
    return {Kind::real, std::bit_cast<std::uint64_t>(value), origin};
}

Value Value::undefined(Ref<String> what) {
    return {Kind::undefined, what.get()};
}
Value Value::string(Ref<String> string) {
    return {Kind::string, string.get()};
}
Value Value::list(Ref<List> list) {
    return {Kind::list, list.get()};
}
Value Value::dict(Ref<Dict> dict) {
    return {Kind::dict, dict.get()};
}
Value Value::space(Ref<Dict> fields) {
    return {Kind::space, fields.get()};
}
Value Value::callable(Ref<Callable> callable) {
    return {Kind::callable, callable.get()};
}

bool Value::is_in_range(Integer value) {
    constexpr Integer kLimit = Integer{1} << 64;
    return value > -kLimit && value < kLimit;
}

Integer Value::as_integer() const {
    const auto magnitude = static_cast<Integer>(bits_);
    return negative_ ? -magnitude : magnitude;
}

double Value::as_real() const {
    return is(Kind::real) ? std::bit_cast<double>(bits_) : static_cast<double>(as_integer());
}

const Text& Value::text() const {
    return static_cast<const String*>(object())->text;
}
bool Value::is_markup() const {
    return is(Kind::string) && static_cast<const String*>(object())->markup;
}
List& Value::list() const {
    return *static_cast<List*>(object());
}
Dict& Value::dict() const {
    return *static_cast<Dict*>(object());
}
Callable& Value::callable() const {
    return *static_cast<Callable*>(object());
}

std::string_view Value::missing() const {
    return has_object() ? static_cast<const String*>(object())->text.view() : std::string_view();
}

Origin Value::origin() const {
    switch (kind_) {
        case Kind::string:
            return text().origin();
        case Kind::list:
            return list().origin;
        case Kind::dict:
            return dict().origin;
        default:
            return origin_;
    }
}

bool Value::is_same(const Value& other) const {
    return kind_ == other.kind_ && negative_ == other.negative_ && bits_ == other.bits_;
}

std::size_t String::footprint() const {
    return sizeof(*this) + text.bytes.capacity() + text.input.capacity() * sizeof(ByteRange);
}

std::size_t List::footprint() const {
    return sizeof(*this) + items.capacity() * sizeof(Value);
}

std::size_t Dict::footprint() const {
    return sizeof(*this) + entries.capacity() * sizeof(Entry);
}

const Value* Dict::find(std::string_view key) const {
    for (const auto& [name, value] : entries) {
        if (name.is(Kind::string) && name.view() == key) return &value;
    }
    return nullptr;
}

std::string_view type_name(const Value& value) {
    switch (value.kind()) {
        case Kind::undefined:
            return "Undefined";
        case Kind::none:
            return "NoneType";
        case Kind::boolean:
            return "bool";
        case Kind::integer:
            return "int";
        case Kind::real:
            return "float";
        case Kind::string:
            return "str";
        case Kind::dict:
            return "dict";
        case Kind::space:
            return "Namespace";
        case Kind::callable:
            return "function";
        case Kind::list:
            break;
    }
    switch (value.list().flavor) {
        case List::Flavor::list:
            return "list";
        case List::Flavor::tuple:
            return "tuple";
        case List::Flavor::range:
            return "range";
        case List::Flavor::view:
            return "view";
        case List::Flavor::generator:
            return "generator";
    }
    return "";
}

bool is_flavor(const Value& value, List::Flavor flavor) {
    return value.is(Kind::list) && value.list().flavor == flavor;
}

}  // namespace greenroom::runtime::jinja
