// app/message_filters.cc — see message_filters.h.
#include "app/message_filters.h"

namespace app {
namespace {

// Narrows to one other party; two different ones leave nothing.
void narrow(MessageFilter& filter, const base::Uuid& other) {
  if (filter.other.value_or(other) != other) filter.sent = filter.received = false;
  filter.other = other;
}

}  // namespace

MessageFilter read_message_filter(const Call& call) {
  base::Problems problems;
  MessageFilter filter;
  const auto me = call.who().user_id;
  if (const auto from = call.uuid("from_user", problems)) {
    (*from == me ? filter.received : filter.sent) = false;
    if (*from != me) narrow(filter, *from);
  }
  if (const auto to = call.uuid("to_user", problems)) {
    (*to == me ? filter.sent : filter.received) = false;
    if (*to != me) narrow(filter, *to);
  }
  if (const auto with = call.uuid("with", problems)) narrow(filter, *with);
  if (const auto read = call.choice("read", "true", "false", problems)) {
    filter.sent = false;
    (*read ? filter.only_read : filter.only_unread) = true;
  }
  filter.since = call.time("since", problems).value_or(filter.since);
  filter.until = call.time("until", problems).value_or(filter.until);
  const bool newest_first = call.choice("order", "-date", "date", problems).value_or(false);
  filter.page = call.read_page(problems, newest_first);
  return filter;
}

}  // namespace app
