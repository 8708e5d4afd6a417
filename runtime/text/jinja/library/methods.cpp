#include "runtime/text/jinja/library/methods.hpp"

namespace greenroom::runtime::jinja {
namespace {

struct BoundMethod final : Callable {
    BoundMethod(Value self, std::string_view name, Operation method)
        : self(std::move(self)), method_name(name), method(method) {}
    Value call(Rendering& run, Arguments& arguments) override {
        return method(run, self, arguments);
    }
    std::string_view name() const override { return method_name; }
    std::size_t footprint() const override { return sizeof(*this) + method_name.capacity(); }
    void clear() override { self = {}; }

    Value self;
    std::string method_name;
    Operation method;
};

Operation method_of(const Value& self, std::string_view name) {
    switch (self.kind()) {
        case Kind::string:
            return string_method(name);
        case Kind::list:
            return list_method(name);
        case Kind::dict:
            return dict_method(name);
        default:
            return nullptr;
    }
}

}  // namespace

Value find_method(Rendering& run, const Value& self, std::string_view name) {
    const Operation method = method_of(self, name);
    if (method == nullptr) return {};
    return Value::callable(run.heap.make<BoundMethod>(self, name, method));
}

}  // namespace greenroom::runtime::jinja
