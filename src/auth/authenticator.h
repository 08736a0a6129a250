// auth/authenticator.h — who is asking, and for which company: the only place that mints a Tenant.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/role.h"
#include "base/crypto.h"
#include "base/pass_key.h"
#include "base/uuid.h"
#include "db/connection.h"
#include "db/tenant.h"
#include "db/unscoped.h"
#include "http/request.h"

namespace auth {

class Authenticator;

// A member of a company, verified for this request. Neither copied nor kept.
class Principal {
 public:
  enum class Via { session, basic, login };

  Principal(base::PassKey<Authenticator> key, const base::Uuid& company_id)
      : tenant(key, company_id), company_id(company_id) {}

  const db::Tenant tenant;
  const base::Uuid company_id;
  base::Uuid user_id;
  base::Uuid identity_id;
  std::string username;
  Role role = Role::staff;
  Via via = Via::login;
  base::Digest session{};  // the hash of the session's token, when via is session
};

// Who a request comes from.
struct Caller {
  std::unique_ptr<const Principal> principal;  // nullptr: nobody
  bool dead_session = false;                   // a session cookie came that is (no longer) valid
};

class Authenticator {
 public:
  // `https` decides the name of the session cookie. The connection is lent for the lifetime.
  Authenticator(db::Connection& db, bool https) : db_(db), https_(https) {}

  // Resolves the session cookie, else HTTP Basic (RFC 7617), to a member as it is now in the
  // database. Throws base::Error{unauthorized} for Basic credentials that are wrong.
  Caller identify(const http::Request& request);

  // The session cookie alone. nullptr: none, or no longer valid.
  std::unique_ptr<const Principal> by_cookie(const http::Request& request);

  // Checks a name and a password, in the same time whether or not the name exists.
  std::optional<db::Identity> check(std::string_view username, std::string_view password);

  // Enters the person's default company, or the first other one. nullptr: the person has none.
  std::unique_ptr<const Principal> enter(const db::Identity& identity);

  // The founder of a company that does not exist yet: the caller writes the rows.
  std::unique_ptr<const Principal> found(const base::Uuid& company_id, const base::Uuid& user_id,
                                         const base::Uuid& identity_id);

  // Calls visit with the person in each of their companies.
  void for_each_membership(const base::Uuid& identity_id,
                           const std::function<void(const Principal&)>& visit);

 private:
  std::unique_ptr<Principal> mint(const base::Uuid& company_id) const;
  std::unique_ptr<const Principal> member(const base::Uuid& company_id,
                                          const base::Uuid& identity_id);
  std::unique_ptr<const Principal> by_basic(std::string_view credentials);

  db::Connection& db_;
  const bool https_;
};

// The form in which names are compared and unique: trimmed, NFKC, case-folded.
std::string username_key(std::string_view username);

}  // namespace auth
