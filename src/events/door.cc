// events/door.cc — see door.h.
#include "events/door.h"

#include <algorithm>
#include <string>

namespace events {
namespace {

using base::Uuid;

// One company, one user of it, one login of theirs: each begins with the one before.
std::string key_of(const Uuid& company) { return std::string(company.view()); }
std::string key_of(const Place& place) {
  return key_of(place.company_id) + std::string(place.user_id.view());
}
std::string key_of(const Place& place, std::string_view login) {
  return key_of(place) + std::string(login);
}

std::string key_of(const db::Change& ending) {
  const Place place{ending.company_id, ending.user_id.value_or(Uuid{})};
  if (ending.what == db::Change::What::company) return key_of(ending.company_id);
  if (ending.what == db::Change::What::user) return key_of(place);
  return key_of(place, ending.login);
}

}  // namespace

void Door::note(const db::Change& ending, std::int64_t now) { endings_.note(key_of(ending), now); }

bool Door::opens(const Ticket& ticket, std::int64_t now) {
  if (ticket.asked_at > now || now - ticket.asked_at > Ticket::good_micros) return false;
  if (ticket.ends_at <= now) return false;
  auto heard = std::max({hears_since_, endings_.pushed_out_at(), used_.pushed_out_at(),
                         endings_.moment(key_of(ticket.place.company_id)),
                         endings_.moment(key_of(ticket.place)),
                         endings_.moment(key_of(ticket.place, ticket.login))});
  for (const auto& place : ticket.elsewhere)
    heard = std::max(
        {heard, endings_.moment(key_of(place.company_id)), endings_.moment(key_of(place))});
  return ticket.asked_at > heard && used_.note(std::string(ticket.id.view()), now);
}

}  // namespace events
