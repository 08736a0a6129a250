// auth/identities.h — the people who can log in, and in which companies they are: the one place
// that runs the statements on `identities`, and those on `users` that know no company.
//
// What it writes belongs into a transaction that has locked the person (auth/lock.h).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/uuid.h"
#include "db/connection.h"
#include "db/unscoped.h"

namespace auth {

class Identities {
 public:
  // The connection is lent for the lifetime.
  explicit Identities(db::Connection& db) : db_(db) {}

  // The person whose name has that key (username_key in auth/authenticator.h).
  std::optional<db::Identity> by_key(const std::string& name_key);
  std::optional<db::Identity> find(const base::Uuid& id);
  // The same, locked until the transaction ends.
  std::optional<db::Identity> lock(const base::Uuid& id);

  // A batch of all people, each with a company where there is a user of theirs, removed or not.
  std::vector<db::IdentityLine> with_companies(const db::Batch& batch);

  // In which companies the person is: the oldest membership first; or by company, and locked.
  std::vector<db::Membership> memberships(const base::Uuid& id);
  std::vector<db::Membership> lock_memberships(const base::Uuid& id);
  // The same with what the person sees of them. What is unread is counted, or read where it is kept
  // (app/conversations.h).
  std::vector<db::OwnCompany> own_companies(const base::Uuid& id, bool counts_are_kept);

  // Throws db::DuplicateKey when somebody has the name.
  void insert(const db::Identity& identity);
  void rename(const base::Uuid& id, const std::string& username);
  // `given`: an admin or operator has ever set the password.
  void set_password(const base::Uuid& id, const std::string& password_hash, bool given);
  void set_factor(const base::Uuid& id, const db::Factor& factor);
  // The addresses of a person. An address that several people have is found for the first so many.
  db::Email email(const base::Uuid& id);
  void set_email(const base::Uuid& id, const db::Email& email);
  std::vector<db::IdentityId> with_email(std::string_view address, std::int64_t most);
  void set_default_company(const base::Uuid& id, const base::Uuid& company_id);
  void erase(const base::Uuid& id);

  // For an account that may see no more of people than their ids (db/grants.h). Locks one; and
  // erases them where they are in no company any more: whether that was so.
  void lock_alone(const base::Uuid& id);
  bool erase_if_nowhere(const base::Uuid& id);

 private:
  db::Connection& db_;
};

}  // namespace auth
