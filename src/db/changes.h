// db/changes.h — what a transaction changed for whom: told to those who wait for news when it has
// ended, and never before.
//
// Who waits at this host is told by a datagram (events/…), and who waits at another one by a row of
// `changes`, which every host reads each second (server/change_reader.h). A change says that
// something changed, and nothing of what is there now. What ends a right always has a row: a
// datagram may be lost, and a command sends none.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/datagram.h"
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
  static constexpr std::size_t most_login_bytes = 32;

  base::Uuid id{};  // its row's; all zero: it has none
  What what = What::beat;
  std::optional<base::Uuid> user_id{}, other_id{};
  std::string login{};      // what it is known by (auth::Principal::credential)
  base::Uuid company_id{};  // the Connection fills it

  FIELDS(Change, id, what, user_id, other_id, login)

  bool is_ending() const { return what != What::messages && what != What::beat; }

  bool operator==(const Change&) const = default;
};

std::string_view to_text(Change::What what);
bool from_text(std::string_view word, Change::What& what);

// As a datagram, and back; nullopt: that is none of ours.
std::string encode(const Change& change);
std::optional<Change> decode(std::string_view datagram);

// What happens to one login, one user, or two people who write to each other.
Change login_ended(const base::Uuid& user_id, std::string_view login);
Change user_ended(const base::Uuid& user_id);
Change messages_changed(const base::Uuid& user_id, const base::Uuid& other_id);

// One process's side of it.
class Announcer {
 public:
  // What is changed gets rows alone; or also datagrams to `socket`, and then a message gets a row
  // only where there are `several_hosts`.
  Announcer() = default;
  Announcer(const std::string& socket, bool several_hosts)
      : rows_for_messages_(several_hosts), sender_(std::in_place, socket) {}

  // The following are for the Connection, of one transaction.
  void begin() { changes_.clear(), unsaid_.clear(); }
  void note(Change change) { changes_.push_back(std::move(change)); }
  // Something ended in the company. Where no change says for whom, it is for all of the company.
  void note_ending(const base::Uuid& company_id) { unsaid_.push_back(company_id); }
  // Before the commit: the changes that want a row, by company.
  std::vector<Change> rows();
  // After it. Answers how many were dropped.
  int send();

 private:
  bool rows_for_messages_ = true;
  std::optional<base::DatagramSender> sender_;
  std::vector<Change> changes_;
  std::vector<base::Uuid> unsaid_;
};

}  // namespace db
