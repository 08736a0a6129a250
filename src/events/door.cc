// events/door.cc — see door.h.
#include "events/door.h"

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

void Door::note(const db::Change& ending, std::int64_t now) {
  if (endings_.size() >= most_endings) {
    all_before_ = now;
    endings_.clear();
    ended_.clear();
  }
  endings_.push_back({key_of(ending), now});
  ended_[endings_.back().key] = now;
}

bool Door::has_ended(const std::string& key, std::int64_t asked_at) const {
  const auto found = ended_.find(key);
  return found != ended_.end() && asked_at <= found->second;
}

bool Door::opens(const Ticket& ticket, std::int64_t now) {
  if (ticket.asked_at > now || now - ticket.asked_at > Ticket::good_micros) return false;
  if (ticket.ends_at <= now || ticket.asked_at <= all_before_) return false;
  if (has_ended(key_of(ticket.place.company_id), ticket.asked_at) ||
      has_ended(key_of(ticket.place), ticket.asked_at) ||
      has_ended(key_of(ticket.place, ticket.login), ticket.asked_at))
    return false;
  const std::string id(ticket.id.view());
  if (!used_.insert(id).second) return false;
  uses_.push_back({id, now});
  return true;
}

void Door::forget(std::int64_t now) {
  for (; !endings_.empty() && now - endings_.front().at > remembered_micros; endings_.pop_front()) {
    const auto found = ended_.find(endings_.front().key);
    if (found != ended_.end() && found->second == endings_.front().at) ended_.erase(found);
  }
  for (; !uses_.empty() && now - uses_.front().at > Ticket::good_micros; uses_.pop_front())
    used_.erase(uses_.front().key);
}

}  // namespace events
