// app/message_filters.h — which messages a list is asked for.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "app/noun.h"
#include "base/fields.h"
#include "base/uuid.h"
#include "rest/filters.h"

namespace app {

// The query parameters.
struct MessageFilters {
  std::optional<base::Uuid> with, from_user, to_user;  // user ids; `with`: from or to
  std::optional<std::string> read;                     // of what was received

  static constexpr auto fields() {
    return std::tuple{
        rest::field("with", &MessageFilters::with, {.offers = "people"}),
        rest::field("from_user", &MessageFilters::from_user, {.offers = "people"}),
        rest::field("to_user", &MessageFilters::to_user, {.offers = "people"}),
        rest::field("read", &MessageFilters::read, {.blank = true, .choices = "true false"})};
  }
};

// The same in the terms of the two halves of a person's messages: those sent and those received.
struct MessageHalves {
  std::optional<base::Uuid> sender;     // the person, or nobody where the half is not wanted: that
  std::optional<base::Uuid> recipient;  // is NULL, which no row equals
  Filter<base::Uuid> other;             // narrows both to one other party
  std::int64_t only_read = 0;           // of those received
  std::int64_t only_unread = 0;
};
MessageHalves halves_of(const MessageFilters& filters, const base::Uuid& person);

}  // namespace app
