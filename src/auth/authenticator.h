// auth/authenticator.h — who is asking, and for which company: the only place that mints a Tenant.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/role.h"
#include "auth/tokens.h"
#include "base/config.h"
#include "base/pass_key.h"
#include "base/text.h"
#include "base/uuid.h"
#include "db/connection.h"
#include "db/tenant.h"
#include "db/unscoped.h"
#include "http/request.h"

namespace admin {
class Task;
}

namespace auth {

class Authenticator;
class CallerMemory;
class Hasher;
class Throttle;
struct Shown;

// A member of a company, verified for this request. Neither copied nor kept.
class Principal {
 public:
  enum class Via { session, web_token, api_token, password };

  Principal(base::PassKey<Authenticator> key, const base::Uuid& company_id)
      : tenant(key, company_id), company_id(company_id) {}

  const db::Tenant tenant;
  const base::Uuid company_id;
  base::Uuid user_id;
  base::Uuid identity_id;
  std::string username;
  Role role = Role::staff;
  std::int64_t token_generation = 0;
  Via via = Via::password;
  // What they are known by (auth/lock.h): the hash of the secret of a session or API token, the
  // bytes of the id of a web token's family, or the stored hash of the password that was right.
  std::string credential;
  base::Time ends_at;  // of a session or web token: when the login that it is from ends
  // When what they came with is good no more, if nobody ends it before. Not of who was remembered.
  base::Time good_until = base::Time::highest();
  bool may_write = true;                // false: a read-only API token
  bool suspended = false;               // an operator keeps the company's people out
  std::optional<base::Time> erase_at;   // then the company is erased; until then admins come in
  std::optional<std::string> moved_to;  // its address, where it has moved to another installation
  bool has_factor = false;              // a second one, which is on
  bool needs_factor = false;            // an admin, and the company keeps those out who have none
  bool by_code = false;  // of a password: a code of a second factor was right beside it
};

// What came of a password that somebody showed, and of the code beside it.
struct Verdict {
  // As read, with the stored hash that the password matched, so that whoever writes a credential
  // later looks under a lock whether the hash is still that one. nullopt: refused.
  std::optional<db::Identity> person = {};
  // Of a refusal, for programs: "second_factor_required" or "second_factor_wrong" where the
  // password is right; "": it, or the name, is wrong.
  std::string_view reason = {};

  explicit operator bool() const { return person.has_value(); }
};

// What an invitation allows.
struct Invitation {
  base::Uuid id;
  Role role = Role::staff;
  std::string username;  // who may use it; "": anybody who has it
  base::Time expires_at;

  FIELDS(Invitation, id, role, username, expires_at)
};

// A link with which a person chooses a new password.
struct PasswordLink {
  base::Uuid id;
  std::optional<base::Uuid> created_by;  // an admin; themselves, by mail; empty: an operator

  FIELDS(PasswordLink, id, created_by)
};

// Who a request comes from.
struct Caller {
  std::unique_ptr<const Principal> principal;  // nullptr: nobody
  bool dead_session = false;                   // a session cookie came that is (no longer) valid
};

class Authenticator {
 public:
  // Everything is lent for the lifetime. Without a memory the database is asked every time.
  Authenticator(db::Connection& db, const base::Config& config, Hasher& hasher,
                CallerMemory* memory = nullptr)
      : db_(db), config_(config), hasher_(hasher), memory_(memory) {}

  // Resolves a bearer token, else the session cookie, else HTTP Basic (RFC 7617), to a member as it
  // is now in the database, or for GET and HEAD as the memory has it. Throws
  // base::Error{unauthorized} for a token or Basic credentials that are wrong: they are never
  // ignored. For credentials that are right, in a company that is not open: base::Error{forbidden}
  // (check_open), unless that is admitted; so do all below that enter a company. For what asks for
  // `access`: where that is anyone, the session of a company that has moved is nobody's.
  Caller identify(const http::Request& request, Access access, Admits admits = Admits::open);

  // The session cookie alone, also where the company is not open or has moved. nullptr: none, or no
  // longer valid.
  std::unique_ptr<const Principal> by_cookie(const http::Request& request);

  // The one function that verifies a password, in two forms: of a name, for whoever gives it, and
  // of the person who asks, for what wants the password beside another credential. Both are
  // throttled (base::Error{too_many_requests}) and their failures audited; a name that nobody has
  // takes as long as a wrong password. Neither may run inside a transaction: it takes long, and
  // what a failure counts must stay.
  //
  // Whoever has a second factor shows a code of it as well ("": none) where they come in by name;
  // a code that is right is used up, and one that is wrong counts as a wrong password does. In the
  // second form the code is asked for by confirm_with_code alone.
  Verdict check(std::string_view username, std::string_view password, std::string_view code,
                const http::Request& request);
  std::optional<db::Identity> confirm(const Principal& who, std::string_view password,
                                      const http::Request& request);
  Verdict confirm_with_code(const Principal& who, std::string_view password, std::string_view code,
                            const http::Request& request);

  // Enters the person's default company, or the first other one; one that has moved is entered by
  // nobody, but passed over only where it is not the default. nullptr: the person has none.
  // (What an admin can do in one that is to be erased is the operation's to say.)
  std::unique_ptr<const Principal> enter(const db::Identity& identity);
  // The same for somebody who looks where they have come to: a company that keeps them out, or is
  // to be erased, is passed over while there is another.
  std::unique_ptr<const Principal> enter_open(const db::Identity& identity);
  // Enters one company. nullptr: the person does not belong to it, or it does not exist.
  std::unique_ptr<const Principal> enter(const db::Identity& identity,
                                         const base::Uuid& company_id);
  // The person in one of their companies, for what is about them and no company: not to let them
  // in. Suspended or not. nullptr: the person has none that has not moved.
  std::unique_ptr<const Principal> home(const db::Identity& identity);
  // The same person in another of their companies. nullptr as above.
  std::unique_ptr<const Principal> enter_as(const Principal& who, const base::Uuid& company_id,
                                            Admits admits = Admits::open);
  // Calls visit with the same person in each of their companies, this one included, and also where
  // a company is not open, or has moved: what ends here ends there, too, should it come back.
  void for_each_membership(const Principal& who,
                           const std::function<void(const Principal&)>& visit);

  // The user of a web token that we signed, as long as its family and the user's tokens were not
  // ended, also where the company is not open or has moved; nullptr: they were.
  std::unique_ptr<const Principal> by_claims(const Claims& claims);
  // The same of a refresh token; the caller looks up the token's row. Throws
  // base::Error{unauthorized} in the reference's words.
  std::unique_ptr<const Principal> by_refresh_token(std::string_view token, Claims& claims);

  // A company that does not exist yet: the caller writes its rows.
  std::unique_ptr<const Principal> found_company();

  // A company, for a command of an operator: as an admin of it who is nobody's user. nullptr: there
  // is none. `identity_id` is the person whom the command is about, if it is about one; so
  // for_each_membership visits that person's companies.
  std::unique_ptr<const Principal> as_operator(base::PassKey<admin::Task>,
                                               const base::Uuid& company_id,
                                               const base::Uuid& identity_id = {});

  // A company that is to be deleted, where nobody gets in any more. Nothing is asked: that it is to
  // be is how the command came by its id (db/unscoped.h).
  std::unique_ptr<const Principal> as_cleaner(base::PassKey<admin::Task>,
                                              const base::Uuid& company_id);

  // The company that an invitation is for, with nobody in it yet. nullptr: the invitation never
  // was, was revoked, is used up or has expired.
  std::unique_ptr<const Principal> by_invitation(std::string_view token, Invitation& invitation);

  // Whom a link for a new password is for, in the company in which it was made. They are not logged
  // in by it: it is no credential that anything else is made from. nullptr: the link never was, is
  // used or replaced, has expired, or has ended with its maker's right. Throws base::Error{gone}.
  std::unique_ptr<const Principal> by_password_link(std::string_view token, PasswordLink& link);

 private:
  std::unique_ptr<Principal> mint(const base::Uuid& company_id) const;
  Caller resolve(const http::Request& request, bool passes_over_moved);
  CallerMemory* memory_for(const http::Request& request) const;
  std::unique_ptr<const Principal> by_bearer(std::string_view authorization,
                                             const http::Request& request);
  std::unique_ptr<Principal> member(const base::Uuid& company_id, const base::Uuid& identity_id,
                                    const std::string& password_hash = {}, bool by_code = false);
  std::unique_ptr<Principal> member(const base::Uuid& company_id, const db::Identity& verified);
  std::unique_ptr<const Principal> first(const db::Identity& identity);
  std::unique_ptr<const Principal> by_api_token(std::string_view token,
                                                const http::Request& request);
  std::unique_ptr<const Principal> by_basic(std::string_view credentials,
                                            const http::Request& request);
  enum class Factor { asked_for, passed_over };
  Verdict confirm(const Principal& who, std::string_view password, std::string_view code,
                  Factor factor, const http::Request& request);
  Verdict judge(std::optional<db::Identity> identity, Shown shown, Factor factor,
                Throttle& throttle, const std::function<void(const std::string&)>& note_failure);
  bool is_right(const std::optional<db::Identity>& identity, const Shown& shown,
                Throttle& throttle);
  bool take_code(const db::Identity& identity, std::string_view code);
  void note_failed_login(const std::optional<db::Identity>& identity, const std::string& detail,
                         const http::Request& request);

  db::Connection& db_;
  const base::Config& config_;
  Hasher& hasher_;
  CallerMemory* memory_;
};

// The longest a name can be, in code points after NFKC (the contract), and in bytes before it.
inline constexpr std::size_t most_name_length = 150;
inline constexpr std::size_t most_name_bytes = most_name_length * base::most_bytes_a_code_point;

// Throws base::Error{forbidden} with the reason "company_suspended", "second_factor_missing" of an
// admin without the second factor that the company wants, or "company_erasing" where it is to be
// erased; or base::Error{gone} (company_moved). Unless that is admitted.
void check_open(const Principal& principal, Admits admits = Admits::open);

// Says where a company is that has moved to another installation (admin/move.h): base::Error{gone}
// with the reason "company_moved", and the detail "moved_to". To whoever has shown a credential of
// it that is good: who has none learns nothing. It is read with the credential, in one statement,
// as the company may come back at any moment.
[[noreturn]] void company_moved(const std::string& address);

// The form in which names are compared and unique: trimmed, NFKC, case-folded. "", which is
// nobody's, for what is too long to be a name: that is not even normalised.
std::string username_key(std::string_view username);

}  // namespace auth
