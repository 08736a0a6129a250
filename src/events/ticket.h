// events/ticket.h — what lets somebody hold a stream of events: made by a worker for who asked it,
// handed over by nginx, and taken by `partywall events`, once.
//
// It is signed with a key that `partywall events` makes at its start and the pool reads from its
// board (events/board.h), so one of before a restart opens nothing. All moments are those of the
// host's clock that goes on (base::boottime_micros): a ticket is for one host.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/uuid.h"

namespace events {

// A person in one company.
struct Place {
  base::Uuid company_id, user_id;

  auto operator<=>(const Place&) const = default;
};

struct Ticket {
  static constexpr std::int64_t good_micros = 10'000'000;
  static constexpr std::size_t most_elsewhere = 30;

  base::Uuid id{};                 // random: of two that are equal the second opens nothing
  std::int64_t asked_at = 0;       // from before the database was asked who it is
  std::int64_t ends_at = 0;        // when what they came with ends by itself
  base::Uuid person{};             // the same in each of their companies
  Place place{};                   // whom the stream is for
  std::string login{};             // what they came with; "": there is no ending it by itself
  std::vector<Place> elsewhere{};  // the same person in other companies; more than most_elsewhere
                                   // are left out

  bool operator==(const Ticket&) const = default;
};

std::string write_ticket(const Ticket& ticket, std::string_view key);
// nullopt: it was not written with this key.
std::optional<Ticket> read_ticket(std::string_view text, std::string_view key);

}  // namespace events
