// db/changes.h — what a transaction changed for whom: that something did, and nothing of what is
// there now. It wakes streams of events, and ends them with the right that they stand on
// (src/events).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/fields.h"
#include "base/uuid.h"

namespace db {

struct Change {
  enum class What : std::uint8_t {
    messages,  // of user_id, and of other_id
    login,     // one login of user_id has ended
    user,      // all that user_id is known by has ended, or may have
    company,   // all that anybody of the company is known by has ended, or may have
    beat       // nothing: whoever reads the rows is still at it
  };
  static constexpr std::size_t most_login_bytes = 32;  // a SHA-256, and the column's width

  base::Uuid id{};  // its row's; all zero: it has none
  What what = What::beat;
  std::optional<base::Uuid> user_id{}, other_id{};
  std::string login{};      // auth::login_key
  base::Uuid company_id{};  // the Connection fills it

  FIELDS(Change, id, what, user_id, other_id, login)

  bool is_ending() const { return what != What::messages && what != What::beat; }

  bool operator==(const Change&) const = default;
};

// As the column has it. A word that is not known, of a newer release, counts as all of the company:
// true always.
std::string_view to_text(Change::What what);
bool from_text(std::string_view word, Change::What& what);

// As a datagram, and back; nullopt: that is none of ours.
std::string encode(const Change& change);
std::optional<Change> decode(std::string_view datagram);

// What happens to one login (auth::login_key), one user, or two people who write to each other.
Change login_ended(const base::Uuid& user_id, std::string_view login);
Change user_ended(const base::Uuid& user_id);
Change messages_changed(const base::Uuid& user_id, const base::Uuid& other_id);

}  // namespace db
