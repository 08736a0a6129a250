// app/archive/logins.h — the logins of an archive, on their way to people of a company that is
// being imported. Tests: tests/app/archive_logins_test.cc, tests/api/import_test.py.
//
// Whoever wrote the archive may have wanted somebody else's login, or one that costs a worker much.
// So a login is for somebody of the archive, its name is one that could be chosen here, its hash is
// one that this program makes, and a name that somebody has here stays with them. They are held in
// memory until all of the archive was read: no name is taken by an import that is refused.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "app/archive/tables.h"
#include "app/archive/values.h"
#include "base/uuid.h"
#include "db/connection.h"
#include "db/tenant.h"

namespace app::archive {

// More would be a second of a transaction for each five thousand, and more than 1 KiB each.
inline constexpr std::size_t most_logins = 50'000;

struct GivenLogins {
  std::int64_t given = 0;
  std::vector<std::string> taken;  // names that somebody has here already
};

class Logins {
 public:
  // Of a user whose row was read; the reader calls it in the order of their ids. Throws Refusal.
  void add(db::Connection& db, const db::Tenant& tenant, LoginRow row);

  // Lets those people log in whose names are free here, inside the transaction that shows the
  // company (show() in reader.h). Their passwords count as given by an admin.
  GivenLogins give(db::Connection& db, const db::Tenant& tenant, const base::Uuid& company) const;

 private:
  std::vector<LoginRow> rows_;
  std::set<std::string> keys_;  // of the names
};

// Whether that is what base::hash_password makes: its algorithm, its cost, its lengths.
bool is_password_hash(std::string_view text);

}  // namespace app::archive
