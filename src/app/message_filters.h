// app/message_filters.h — which messages a list is asked for.
#pragma once
#include <optional>

#include "app/call.h"
#include "app/view.h"
#include "base/clock.h"
#include "base/uuid.h"

namespace app {

inline constexpr Filter message_filters[] = {{"with", Filter::Kind::person},
                                             {"from_user", Filter::Kind::person},
                                             {"to_user", Filter::Kind::person},
                                             {"read", Filter::Kind::choice, "true false"},
                                             {"since", Filter::Kind::time},
                                             {"until", Filter::Kind::time},
                                             {"order", Filter::Kind::choice, "date -date"}};

// The query parameters, brought into the terms of the two halves of a person's messages: those sent
// and those received. `other` narrows both to one other party.
struct MessageFilter {
  bool sent = true;
  bool received = true;
  std::optional<base::Uuid> other;
  bool only_read = false;  // of those received
  bool only_unread = false;
  base::Time since = base::Time::lowest();   // inclusive
  base::Time until = base::Time::highest();  // exclusive
  Page page;
};

// Throws base::Error with all parameters that are malformed.
MessageFilter read_message_filter(const Call& call);

}  // namespace app
