// rest/idempotency.h — what a create with an Idempotency-Key is (rest/context.h makes them).
#pragma once
#include <optional>

#include "rest/answer.h"

namespace rest {

// How long an Idempotency-Key is remembered (src/rest/README.md, "Idempotency keys").
constexpr int idempotency_days = 30;

// Throws 409: the key is the id of something that was not made with it, or too long ago to tell.
[[noreturn]] void key_is_taken();

// The body of a create; or the answer, where this very request has made its row before.
template <class In>
struct Creation {
  In in = {};
  std::optional<Answer> answer = {};
};

}  // namespace rest
