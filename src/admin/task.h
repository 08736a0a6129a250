// admin/task.h — one command of an operator at work: its database, and the door to the handlers.
//
// What a request can do is done by the request's own handler, as an admin of the company who is
// nobody's user: the same checks, the same rows. What only an operator does runs statements of its
// own on the same Tenant.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "admin/command.h"
#include "auth/authenticator.h"
#include "auth/hasher.h"
#include "base/scoreboard.h"
#include "base/uuid.h"
#include "db/connection.h"
#include "db/unscoped.h"
#include "rest/context.h"

namespace admin {

// Names and values of a form.
using Form = http::Pairs;

// A member of the company.
struct NamedUser {
  base::Uuid id;
  base::Uuid identity_id;  // all zero: cannot log in
  std::string username;

  FIELDS(NamedUser, id, identity_id, username)
};

class Task {
 public:
  // Both are lent for the lifetime. Throws std::runtime_error for a schema that is not this
  // program's. `ends_rights` is false for an account that may not write
  // `changes`, where what is deleted has ended by itself.
  Task(const base::Config& config, const Typed& typed, bool ends_rights = true);
  // Waits until what was changed acts in every pool, so that it does when the command has ended.
  ~Task();

  db::Announcer announcer;  // tells streams of events by rows alone
  db::Connection db;

  // How links look in what is printed.
  rest::Urls urls() const { return {.base = config_.public_urls.front()}; }
  bool as_json() const { return typed_.has("--json"); }

  // The company that was typed as COMPANY or with --company, by its id or its name.
  const db::Tenant& tenant();
  // Throws std::runtime_error where it has moved to another installation: whoever changes it here
  // changes what nobody sees.
  void refuse_moved();
  bool has_moved(const db::Tenant& tenant);
  base::Uuid company_id();
  // Whether commands see a company of this id.
  bool is_there(const base::Uuid& company_id);
  // Whether there is more than one company of this name.
  bool is_called_so_twice(const std::string& name);
  // From here on the company of the command is a new one, whose rows the caller writes.
  void found_company();
  // From here on it is that one, which nobody sees.
  void take_unseen_company(const base::Uuid& company_id);
  // Calls work(tenant, id) for each company in the order of their ids; where a COMPANY was typed,
  // for that one alone.
  void for_each_company(const std::function<void(const db::Tenant&, const base::Uuid&)>& work);
  // Whether a COMPANY was typed.
  bool is_of_one_company() const { return typed_.has("COMPANY") || typed_.has("--company"); }
  // Calls work(tenant, membership) for each company that a person is in.
  void for_each_membership(
      const base::Uuid& identity_id,
      const std::function<void(const db::Tenant&, const db::Membership&)>& work);
  // Calls work(tenant) for each company that is to be deleted since before that moment: of which
  // the import was given up, or whose day of being erased has come. Nobody gets into them.
  void for_each_to_purge(base::Time before, const std::function<void(const db::Tenant&)>& work);
  // Calls work(tenant, id) for each company of which somebody has asked for an export.
  void for_each_company_with_exports(
      const std::function<void(const db::Tenant&, const base::Uuid&)>& work);
  // A batch of all companies.
  std::vector<db::CompanyLine> companies(const db::Batch& batch);
  // The member of it of this name; or who cannot log in and is shown by this name, or has this id.
  NamedUser person(const std::string& username);
  // The person of this name, whatever companies they are in; the one that they have been in for
  // longest is the company from here on, as if it had been typed.
  NamedUser person_anywhere(const std::string& username);

  // The answer of a route's handler (its route's name and method) to a form; `about` has the id in
  // its URL. Throws what it throws.
  rest::Document ask(std::string_view route, http::Method method, const Form& form = {},
                     const NamedUser& about = {});

  // Notes an event of the company that was typed, or of that one, in the transaction that makes it
  // so.
  void audit(const auth::Event& event);
  void audit(const db::Tenant& tenant, const auth::Event& event);
  // The first of them by another connection, which has the transaction.
  void audit(db::Connection& connection, const auth::Event& event);

 private:
  const auth::Principal& company();
  std::optional<NamedUser> person_without_login(const std::string& name);

  const base::Config& config_;
  const Typed& typed_;
  base::Scoreboard& board_;
  auth::Hasher hasher_;
  http::Request request_;  // there is none; it says from where, and joins what one command notes
  auth::Authenticator authenticator_;
  std::unique_ptr<const auth::Principal> company_;
};

}  // namespace admin
