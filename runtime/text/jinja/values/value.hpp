// The values of the template language. Knows what they hold, not what can be done with them.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/text/jinja/values/heap.hpp"
#include "runtime/text/jinja/values/text.hpp"

namespace greenroom::runtime::jinja {

class Rendering;
struct Arguments;
struct String;
struct List;
struct Dict;
struct Callable;

__extension__ using Integer = __int128;  // wide enough for sums and most products of values

enum class Kind : std::uint8_t {
    undefined,
    none,
    boolean,
    integer,
    real,
    string,
    list,  // also tuples, ranges, views, generators
    dict,
    space,  // namespace(): a Dict whose keys are its attributes
    callable,
};

// Sixteen bytes; copies share the object. Reading what kind() does not name is a broken contract.
class Value {
 public:
    Value() = default;  // undefined
    Value(const Value& other);
    Value(Value&& other) noexcept;
    Value& operator=(Value other) noexcept;
    ~Value();

    static Value none(Origin origin = Origin::source);
    static Value boolean(bool value, Origin origin = Origin::source);
    // `value` is_in_range.
    static Value integer(Integer value, Origin origin = Origin::source);
    static Value real(double value, Origin origin = Origin::source);
    static Value undefined(Ref<String> what);  // "'x' is undefined": what to say when it is used
    static Value string(Ref<String> string);
    static Value list(Ref<List> list);
    static Value dict(Ref<Dict> dict);
    static Value space(Ref<Dict> fields);
    static Value callable(Ref<Callable> callable);

    // Integers are those that fit in 64 bits with a sign beside them.
    static bool is_in_range(Integer value);

    Kind kind() const { return kind_; }
    bool is(Kind kind) const { return kind_ == kind; }
    bool is_integral() const { return is(Kind::integer) || is(Kind::boolean); }
    bool is_number() const { return is_integral() || is(Kind::real); }
    bool as_boolean() const { return bits_ != 0; }
    Integer as_integer() const;  // of booleans too
    double as_real() const;      // of any number
    const Text& text() const;
    std::string_view view() const { return text().view(); }
    bool is_markup() const;
    List& list() const;
    Dict& dict() const;  // of a space too
    Callable& callable() const;
    std::string_view missing() const;  // of an undefined value: what to say; may be empty
    Origin origin() const;  // of scalars and strings, containers made from the conversation
    bool is_same(const Value& other) const;  // the same object, or equal scalars of one kind

 private:
    Value(Kind kind, Object* object);
    Value(Kind kind, std::uint64_t bits, Origin origin)
        : kind_(kind), origin_(origin), bits_(bits) {}
    bool has_object() const {
        return kind_ == Kind::undefined ? bits_ != 0 : kind_ >= Kind::string;
    }
    Object* object() const { return std::bit_cast<Object*>(bits_); }

    Kind kind_ = Kind::undefined;
    bool negative_ = false;  // of an integer
    Origin origin_ = Origin::source;
    std::uint64_t bits_ = 0;  // 0 or 1, an integer's magnitude, a double, an Object*
};

struct String final : Object {
    explicit String(Text text, bool markup = false) : text(std::move(text)), markup(markup) {}
    std::size_t footprint() const override;
    const Text text;
    const bool markup;  // passed through `safe` or `escape`: what is added to it gets escaped
};

struct List final : Object {
    enum class Flavor : std::uint8_t { list, tuple, range, view, generator };

    List(std::vector<Value> items, Flavor flavor) : items(std::move(items)), flavor(flavor) {}
    std::size_t footprint() const override;
    void clear() override { std::vector<Value>().swap(items); }

    std::vector<Value> items;
    Flavor flavor;
    Origin origin = Origin::source;  // input: part of the conversation, which nothing may change
};

struct Dict final : Object {
    using Entry = std::pair<Value, Value>;

    std::size_t footprint() const override;
    void clear() override { std::vector<Entry>().swap(entries); }
    const Value* find(std::string_view key) const;

    std::vector<Entry> entries;  // in order of insertion
    Origin origin = Origin::source;
};

// Macros, methods, built-in functions, the loop variable.
struct Callable : Object {
    virtual Value call(Rendering& run, Arguments& arguments) = 0;
    virtual Value attribute(Rendering& run, std::string_view name);
    virtual std::string_view name() const = 0;
};

// As error messages call it: 'int', 'str', 'NoneType', …
std::string_view type_name(const Value& value);
bool is_flavor(const Value& value, List::Flavor flavor);

}  // namespace greenroom::runtime::jinja
