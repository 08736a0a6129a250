// admin/task.cc — see task.h.
#include "admin/task.h"

#include <fmt/format.h>

#include <stdexcept>

#include "app/routes.h"
#include "auth/audit.h"
#include "auth/identities.h"
#include "base/crypto.h"
#include "base/standard_output.h"
#include "db/migrate.h"
#include "rest/crud.h"

namespace admin {
namespace {

using base::Uuid;

constexpr db::Scoped<NamedUser, Uuid> select_person{R"(
    SELECT id, identity_id, username FROM users
     WHERE company_id = ? AND identity_id = ? AND removed_at IS NULL)"};

// Names of those who cannot log in are not unique.
constexpr db::Scoped<rest::RowId, std::string> select_without_login{R"(
    SELECT id FROM users FORCE INDEX (by_name)
     WHERE company_id = ? AND username = ? AND identity_id IS NULL AND removed_at IS NULL LIMIT 2)"};
struct User {
  std::optional<Uuid> identity_id;
  std::string username;

  FIELDS(User, identity_id, username)
};
constexpr db::Scoped<User, Uuid> select_user{R"(
    SELECT identity_id, username FROM users
     WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

struct Address {
  std::optional<std::string> moved_to;

  FIELDS(Address, moved_to)
};
constexpr db::Scoped<Address> select_address{"SELECT moved_to FROM companies WHERE company_id = ?"};

const rest::Route& route_named(std::string_view name) {
  for (const auto* route : app::all_routes())
    if (route->name == name) return *route;
  throw std::logic_error("no such route");
}

}  // namespace

Task::Task(const base::Config& config, const Typed& typed, bool ends_rights)
    : db(config, {}, ends_rights ? &announcer : nullptr),
      config_(config),
      typed_(typed),
      board_(base::Scoreboard::make(1)),
      hasher_(board_, board_.slot(0)),
      authenticator_(db, config, hasher_) {
  request_.id = base::hex(base::random_string(16));
  request_.remote_address = "local";
  if (const auto problem = db::schema_problem(db); !problem.empty())
    throw std::runtime_error(problem);
}

Task::~Task() { db.wait_until_it_acts(); }

const auth::Principal& Task::company() {
  if (company_) return *company_;
  const auto name = typed_.find("--company").value_or(typed_.get("COMPANY"));
  auto id = Uuid::parse(name);
  if (!id) {
    const auto named = db.all({}, db::Exempt::companies_named, name);
    if (named.size() > 1)
      throw std::runtime_error(fmt::format(
          "there is more than one company \"{}\", as {} and {}: say the id in place of the name",
          name, named[0].id.text(), named[1].id.text()));
    if (!named.empty()) id = named.front().id;
    if (id && !is_there(*id))
      throw std::runtime_error(
          fmt::format("the day on which \"{}\" is erased has come: it cannot be kept", name));
  }
  if (id) company_ = authenticator_.as_operator({}, *id);
  if (!company_) throw std::runtime_error(fmt::format("there is no company \"{}\"", name));
  return *company_;
}

bool Task::has_moved(const db::Tenant& tenant) {
  const auto row = db.find(select_address, tenant);
  return row && row->moved_to;
}

void Task::refuse_moved() {
  if (const auto row = db.find(select_address, tenant()); row && row->moved_to)
    throw std::runtime_error("the company has moved to " + *row->moved_to);
}

bool Task::is_called_so_twice(const std::string& name) {
  return db.all({}, db::Exempt::companies_named, name).size() > 1;
}

bool Task::is_there(const Uuid& company_id) {
  return authenticator_.as_operator({}, company_id) != nullptr;
}

void Task::take_unseen_company(const Uuid& company_id) {
  company_ = authenticator_.as_cleaner({}, company_id);
}

void Task::found_company() { company_ = authenticator_.found_company(); }

const db::Tenant& Task::tenant() { return company().tenant; }

Uuid Task::company_id() { return company().company_id; }

void Task::for_each_company(const std::function<void(const db::Tenant&, const base::Uuid&)>& work) {
  if (is_of_one_company()) return work(tenant(), company_id());
  db::for_each_row([&](const auto& batch) { return companies(batch); },
                   [&](const auto& company) {
                     const auto principal = authenticator_.as_operator({}, company.id);
                     if (!principal) return;
                     try {
                       work(principal->tenant, company.id);
                     } catch (const base::Error&) {
                       base::complain("in the company " + company.id.text() + ":");
                       throw;
                     }
                   });
}

void Task::for_each_membership(
    const Uuid& identity_id,
    const std::function<void(const db::Tenant&, const db::Membership&)>& work) {
  for (const auto& membership : auth::Identities(db).memberships(identity_id))
    if (const auto principal = authenticator_.as_operator({}, membership.company_id))
      work(principal->tenant, membership);
}

void Task::for_each_to_purge(base::Time before,
                             const std::function<void(const db::Tenant&)>& work) {
  db::for_each_row(
      [&](const auto& batch) {
        return db.all({}, db::Exempt::companies_to_purge, before, before, batch);
      },
      [&](const auto& company) { work(authenticator_.as_cleaner({}, company.id)->tenant); });
}

void Task::for_each_company_with_exports(
    const std::function<void(const db::Tenant&, const Uuid&)>& work) {
  db::for_each_row(
      [&](const auto& batch) { return db.all({}, db::Exempt::companies_with_exports, batch); },
      [&](const auto& company) {
        if (const auto principal = authenticator_.as_operator({}, company.id))
          work(principal->tenant, company.id);
      });
}

std::vector<db::CompanyLine> Task::companies(const db::Batch& batch) {
  return db.all({}, db::Exempt::companies, batch);
}

NamedUser Task::person(const std::string& username) {
  const auto identity = auth::Identities(db).by_key(auth::username_key(username));
  auto person = identity ? db.find(select_person, tenant(), identity->id) : std::nullopt;
  if (!person) person = person_without_login(username);
  if (!person)
    throw std::runtime_error(fmt::format("there is no user \"{}\" in this company", username));
  return *std::move(person);
}

std::optional<NamedUser> Task::person_without_login(const std::string& name) {
  auto id = Uuid::parse(name);
  if (!id) {
    const auto called = db.all(select_without_login, tenant(), name);
    if (called.size() > 1)
      throw std::runtime_error(fmt::format(
          "there is more than one \"{}\" without a login: take the id of `user list`", name));
    if (called.empty()) return std::nullopt;
    id = called.front().id;
  }
  const auto user = db.find(select_user, tenant(), *id);
  if (!user || user->identity_id) return std::nullopt;
  return NamedUser{*id, {}, user->username};
}

NamedUser Task::person_anywhere(const std::string& username) {
  auth::Identities identities(db);
  const auto identity = identities.by_key(auth::username_key(username));
  const auto memberships =
      identity ? identities.memberships(identity->id) : std::vector<db::Membership>();
  // One whose day has come is there no more, and one that has moved has nobody to be let in.
  for (const auto& membership : memberships) {
    company_ = authenticator_.as_operator({}, membership.company_id);
    if (company_ && !has_moved(company_->tenant)) return person(username);
  }
  throw std::runtime_error(fmt::format("there is no user \"{}\"", username));
}

rest::Document Task::ask(std::string_view route, http::Method method, const Form& form,
                         const NamedUser& about) {
  request_.method = method;
  request_.method_name = http::name_of(method);
  request_.form = {form};
  const rest::Match match{.route = &route_named(route), .id = about.id};
  rest::Context context(request_, match, app::all_routes(), config_, db, hasher_);
  context.by_operator = true;
  if (company_ || is_of_one_company()) {
    if (!http::is_safe(method)) refuse_moved();
    context.caller.principal = authenticator_.as_operator({}, company_id(), about.identity_id);
  }
  const auto handle = match.route->operation(method)->handle;
  try {
    return handle(context).document;
  } catch (const db::DuplicateKey&) {  // somebody was faster; see Service::run
    return handle(context).document;
  }
}

void Task::audit(const auth::Event& event) { audit(tenant(), event); }

void Task::audit(db::Connection& connection, const auth::Event& event) {
  auth::note(connection, tenant(), auth::operator_actor(request_), event);
}

void Task::audit(const db::Tenant& tenant, const auth::Event& event) {
  auth::note(db, tenant, auth::operator_actor(request_), event);
}

}  // namespace admin
