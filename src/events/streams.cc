// events/streams.cc — see streams.h.
#include "events/streams.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <string_view>

namespace events {

using base::Uuid;
using What = db::Change::What;

std::size_t Streams::Hash::operator()(const Uuid& id) const {
  std::size_t last = 0;
  std::memcpy(&last, id.bytes.data() + 8, sizeof last);
  return last;
}

std::size_t Streams::Hash::operator()(const Place& place) const {
  return (*this)(place.company_id) * 31 + (*this)(place.user_id);
}

void Streams::watch(const Place& place, Id id, Topic topic) {
  watching_[place].push_back({id, topic});
}

void Streams::ignore(const Place& place, Id id) {
  const auto found = watching_.find(place);
  if (found == watching_.end()) return;
  std::erase_if(found->second, [&](const auto& each) { return each.id == id; });
  if (found->second.empty()) watching_.erase(found);
}

std::size_t Streams::held_by(const Uuid& company) const {
  const auto found = of_company_.find(company);
  return found == of_company_.end() ? 0 : found->second.size();
}

// The stream that ends for one of this company; 0: none does.
Streams::Id Streams::room_for(const Uuid& company) const {
  const auto largest = std::ranges::max_element(
      of_company_, {}, [](const auto& each) { return each.second.size(); });
  const auto held = held_by(company);
  if (held >= share() || largest->second.size() <= held + 1) return 0;
  return *largest->second.begin();
}

// So nobody's script pushes their browsers out.
Streams::Id Streams::oldest_of_most(const std::set<Id>& ids) const {
  std::map<std::string_view, std::vector<Id>> of_login;
  for (const auto id : ids) of_login[all_.at(id).login].push_back(id);
  return std::ranges::max_element(of_login, {}, [](const auto& each) { return each.second.size(); })
      ->second.front();
}

Streams::Added Streams::add(const Ticket& ticket) {
  Added added;
  const auto& company = ticket.place.company_id;
  const auto held = of_person_.find(ticket.person);
  if (held != of_person_.end() && held->second.size() >= most_of_person) {
    added.replaced = oldest_of_most(held->second);
    remove(added.replaced);
  }
  if (size() >= most_) {
    added.made_room = room_for(company);
    if (added.made_room == 0) return added;
    remove(added.made_room);
  }
  added.id = ++last_;
  of_company_[company].insert(added.id);
  of_person_[ticket.person].insert(added.id);
  watch(ticket.place, added.id, messages);
  for (const auto& place : ticket.elsewhere) {
    watch(place, added.id, elsewhere);
    told_of_company_[place.company_id].insert(added.id);
  }
  all_.emplace(added.id, Stream{ticket.person, ticket.place, ticket.login, ticket.elsewhere});
  return added;
}

void Streams::remove(Id id) {
  const auto found = all_.find(id);
  if (found == all_.end()) return;
  const auto& stream = found->second;
  const auto erase_from = [&](auto& map, const Uuid& key) {
    const auto ids = map.find(key);
    if (ids == map.end()) return;
    ids->second.erase(id);
    if (ids->second.empty()) map.erase(ids);
  };
  erase_from(of_company_, stream.place.company_id);
  erase_from(of_person_, stream.person);
  ignore(stream.place, id);
  for (const auto& place : stream.elsewhere) {
    ignore(place, id);
    erase_from(told_of_company_, place.company_id);
  }
  all_.erase(found);
}

std::vector<Streams::Woken> Streams::woken_by(const db::Change& change) const {
  std::vector<Woken> woken;
  if (change.what != What::messages) return woken;
  for (const auto& user : {change.user_id, change.other_id}) {
    if (!user) continue;
    const auto found = watching_.find({change.company_id, *user});
    if (found != watching_.end())
      woken.insert(woken.end(), found->second.begin(), found->second.end());
  }
  return woken;
}

std::vector<Streams::Id> Streams::ended_by(const db::Change& ending) const {
  std::vector<Id> ended;
  if (ending.what == What::company) {
    for (const auto* map : {&of_company_, &told_of_company_}) {
      const auto found = map->find(ending.company_id);
      if (found != map->end())
        ended.insert(ended.end(), found->second.begin(), found->second.end());
    }
  } else if (ending.is_ending() && ending.user_id) {
    const auto found = watching_.find({ending.company_id, *ending.user_id});
    if (found == watching_.end()) return ended;
    for (const auto& [id, topic] : found->second)
      if (ending.what == What::user || (topic == messages && all_.at(id).login == ending.login))
        ended.push_back(id);
  }
  return ended;
}

}  // namespace events
