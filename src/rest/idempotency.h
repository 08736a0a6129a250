// rest/idempotency.h — what a create with an Idempotency-Key is (rest/context.h makes them).
#pragma once
#include <optional>

#include "rest/answer.h"
#include "rest/encode.h"
#include "rest/json.h"

namespace rest {

// How long an Idempotency-Key is remembered (src/rest/README.md, "Idempotency keys").
constexpr int idempotency_days = 30;

// Throws 409: the key is the id of something that was not made with it, or too long ago to tell.
[[noreturn]] void key_is_taken();

// The fields of a body as text, the same whichever version they were sent in: what a key stands
// for.
template <class In>
std::string fields_given(const In& in) {
  static constexpr Version with_all_fields{.number = 1000, .prefix = version_1.prefix};
  JsonSink sink({.version = &with_all_fields});
  write_given(sink, in);
  return sink.take();
}

// The body of a create; or the answer, where this very request has made its row before.
template <class In>
struct Creation {
  In in = {};
  std::optional<Answer> answer = {};
};

}  // namespace rest
