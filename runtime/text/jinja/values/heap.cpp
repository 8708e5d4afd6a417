#include "runtime/text/jinja/values/heap.hpp"

namespace greenroom::runtime::jinja {

void Object::release() {
    if (--references_ == 0) heap_->bury(*this);
}

void Heap::adopt(Object& object) {
    object.heap_ = this;
    object.next_ = first_;
    if (first_ != nullptr) first_->previous_ = &object;
    first_ = &object;
    settle(object);
}

void Heap::settle(Object& object) {
    const std::size_t bytes = object.footprint();
    meter_.let_go(object.held_);
    meter_.hold(bytes);
    object.held_ = bytes;
}

// Deleting an object may bury others: they queue up, so that a deep value needs no deep stack.
void Heap::bury(Object& object) {
    if (object.previous_ != nullptr) object.previous_->next_ = object.next_;
    if (object.next_ != nullptr) object.next_->previous_ = object.previous_;
    if (first_ == &object) first_ = object.next_;
    object.previous_ = dead_;
    dead_ = &object;
    if (burying_) return;
    burying_ = true;
    while (dead_ != nullptr) {
        Object* next = std::exchange(dead_, dead_->previous_);
        meter_.let_go(next->held_);
        delete next;  // NOLINT: made by make()
    }
    burying_ = false;
}

// What is left hangs in cycles: hold everything, cut every reference, let go.
Heap::~Heap() {
    for (Object* each = first_; each != nullptr; each = each->next_) each->retain();
    for (Object* each = first_; each != nullptr; each = each->next_) each->clear();
    while (first_ != nullptr) first_->release();
}

}  // namespace greenroom::runtime::jinja
