// Owns the objects of one rendering: counted references, a budget of bytes, no leaks through
// cycles, no recursion when deep values go. Knows nothing of what the objects are.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "runtime/text/jinja/values/meter.hpp"

namespace greenroom::runtime::jinja {

class Heap;

// Used by one thread, as is everything of a rendering.
class Object {
 public:
    Object() = default;
    virtual ~Object() = default;
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;

    void retain() { ++references_; }
    void release();
    virtual std::size_t footprint() const = 0;  // bytes, with what it owns
    virtual void clear() {}                     // drops every reference it holds

 private:
    friend class Heap;
    Heap* heap_ = nullptr;
    Object* previous_ = nullptr;
    Object* next_ = nullptr;
    std::size_t held_ = 0;  // what the meter was told
    std::uint32_t references_ = 0;
};

// A counted reference.
template <class T>
class Ref {
 public:
    Ref() = default;
    explicit Ref(T* object) : object_(object) { retain(); }
    Ref(const Ref& other) : object_(other.object_) { retain(); }
    Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    template <class Derived>
    requires std::derived_from<Derived, T> Ref(const Ref<Derived>& other)
        : Ref(other.get()) {}  // NOLINT: as of pointers
    Ref& operator=(Ref other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~Ref() {
        if (object_ != nullptr) object_->release();
    }
    T* get() const { return object_; }
    T* operator->() const { return object_; }
    T& operator*() const { return *object_; }

 private:
    void retain() {
        if (object_ != nullptr) object_->retain();
    }
    T* object_ = nullptr;
};

// Outlives every reference to its objects.
class Heap {
 public:
    explicit Heap(Meter& meter) : meter_(meter) {}
    ~Heap();
    Heap(const Heap&) = delete;
    Heap& operator=(const Heap&) = delete;

    template <class T, class... Arguments>
    Ref<T> make(Arguments&&... arguments) {
        auto* object = new T(std::forward<Arguments>(arguments)...);  // NOLINT: counted
        adopt(*object);
        return Ref<T>(object);
    }
    void settle(Object& object);  // after it grew or shrank

 private:
    friend class Object;
    void adopt(Object& object);
    void bury(Object& object);

    Meter& meter_;
    Object* first_ = nullptr;
    Object* dead_ = nullptr;  // linked by previous_: waiting to be deleted
    bool burying_ = false;
};

}  // namespace greenroom::runtime::jinja
