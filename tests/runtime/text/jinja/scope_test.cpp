#include "runtime/text/jinja/scope.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime::jinja {
namespace {

TEST(Scope, SeesItsOwnVariablesThenThoseAround) {
    Rendering run({}, 0);
    const Ref<Scope> outer = run.heap.make<Scope>(Ref<Scope>());
    const Ref<Scope> inner = run.heap.make<Scope>(outer);
    outer->set(run, "a", Value::integer(1));
    outer->set(run, "b", Value::integer(2));
    inner->set(run, "b", Value::integer(3));
    EXPECT_TRUE(inner->find("a")->as_integer() == 1);
    EXPECT_TRUE(inner->find("b")->as_integer() == 3);
    EXPECT_TRUE(outer->find("b")->as_integer() == 2);
    EXPECT_EQ(inner->find("c"), nullptr);
}

TEST(Scope, SettingAgainReplaces) {
    Rendering run({}, 0);
    const Ref<Scope> scope = run.heap.make<Scope>(Ref<Scope>());
    scope->set(run, "a", Value::integer(1));
    scope->set(run, "a", Value::integer(2));
    EXPECT_EQ(scope->variables.size(), 1u);
    EXPECT_TRUE(scope->find("a")->as_integer() == 2);
}

}  // namespace
}  // namespace greenroom::runtime::jinja
