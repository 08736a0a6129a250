// events/streams.h — who holds a stream, and whose a change wakes or ends. Knows no connections.
#pragma once
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "db/changes.h"
#include "events/ticket.h"

namespace events {

// What a stream says that has changed, as bits.
enum Topic : std::uint8_t {
  nothing = 0,
  messages = 1,  // of the person, in the company of the stream
  elsewhere = 2  // in another of their companies
};

class Streams {
 public:
  using Id = std::uint64_t;  // counts up; 0 is none

  // A person may hold so many: when another one begins, the oldest of the login that has the most
  // of them ends. A company may have all, until others want them: then the oldest of the company
  // with the most makes room for one of a company that has fewer, and less than a quarter of all.
  static constexpr std::size_t most_of_person = 20;

  // `most` of all together, 4 at least.
  explicit Streams(std::size_t most) : most_(most) {}

  struct Added {
    Id id = 0;         // 0: there is no room for it
    Id replaced = 0;   // the person's oldest, which is to end for good
    Id made_room = 0;  // a stream of a company that has more than its share
  };
  Added add(const Ticket& ticket);
  void remove(Id id);

  struct Woken {
    Id id = 0;
    Topic topic = nothing;
  };
  // Whose people's messages changed; and who stands on what has ended, or is told of a company
  // where it has. Work in the number of those alone.
  std::vector<Woken> woken_by(const db::Change& change) const;
  std::vector<Id> ended_by(const db::Change& ending) const;

  std::size_t size() const { return all_.size(); }

 private:
  struct Stream {
    base::Uuid person;
    Place place;
    std::string login;
    std::vector<Place> elsewhere;
  };
  // Ids are random enough in their last bytes (RFC 9562).
  struct Hash {
    std::size_t operator()(const base::Uuid& id) const;
    std::size_t operator()(const Place& place) const;
  };

  std::size_t share() const { return most_ / 4; }
  std::size_t held_by(const base::Uuid& company) const;
  Id room_for(const base::Uuid& company) const;
  Id oldest_of_most(const std::set<Id>& ids) const;
  void watch(const Place& place, Id id, Topic topic);
  void ignore(const Place& place, Id id);

  const std::size_t most_;
  Id last_ = 0;
  std::unordered_map<Id, Stream> all_;
  std::unordered_map<Place, std::vector<Woken>, Hash> watching_;
  std::unordered_map<base::Uuid, std::set<Id>, Hash> of_company_, of_person_;
  std::unordered_map<base::Uuid, std::set<Id>, Hash> told_of_company_;  // elsewhere
};

}  // namespace events
