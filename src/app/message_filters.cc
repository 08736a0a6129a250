// app/message_filters.cc — see message_filters.h.
#include "app/message_filters.h"

#include <fmt/format.h>

namespace app {
namespace {

using base::Uuid;

std::optional<Uuid> read_id(const Call& call, std::string_view name, base::Problems& problems) {
  const auto text = call.request.parameter(name);
  if (!text) return std::nullopt;
  const auto id = Uuid::parse(*text);
  if (!id) problems.add(name, "Must be a valid UUID.");
  return id;
}

void read_time(const Call& call, std::string_view name, base::Time& time,
               base::Problems& problems) {
  const auto text = call.request.parameter(name);
  if (!text) return;
  if (const auto parsed = base::Time::parse_iso(*text))
    time = *parsed;
  else
    problems.add(name, "Enter a valid date-time.");
}

// Whether the parameter is `yes`; it must be `yes` or `no` when it is given.
std::optional<bool> read_choice(const Call& call, std::string_view name, std::string_view yes,
                                std::string_view no, base::Problems& problems) {
  const auto text = call.request.parameter(name);
  if (!text) return std::nullopt;
  if (*text != yes && *text != no)
    problems.add(name, fmt::format("\"{}\" is not a valid choice.", *text));
  return *text == yes;
}

// Narrows to one other party; two different ones leave nothing.
void narrow(MessageFilter& filter, const Uuid& other) {
  if (filter.other.value_or(other) != other) filter.sent = filter.received = false;
  filter.other = other;
}

}  // namespace

MessageFilter read_message_filter(const Call& call) {
  base::Problems problems;
  MessageFilter filter;
  const auto me = call.who().user_id;
  if (const auto from = read_id(call, "from_user", problems)) {
    (*from == me ? filter.received : filter.sent) = false;
    if (*from != me) narrow(filter, *from);
  }
  if (const auto to = read_id(call, "to_user", problems)) {
    (*to == me ? filter.sent : filter.received) = false;
    if (*to != me) narrow(filter, *to);
  }
  if (const auto with = read_id(call, "with", problems)) narrow(filter, *with);
  if (const auto read = read_choice(call, "read", "true", "false", problems)) {
    filter.sent = false;
    (*read ? filter.only_read : filter.only_unread) = true;
  }
  read_time(call, "since", filter.since, problems);
  read_time(call, "until", filter.until, problems);
  filter.newest_first = read_choice(call, "order", "-date", "date", problems).value_or(false);
  filter.page = call.read_page(problems, filter.newest_first);
  problems.throw_if_any();
  return filter;
}

}  // namespace app
