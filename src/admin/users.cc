// admin/users.cc — `partywall user …`. Tests: tests/api/admin_test.py.
#include "admin/password.h"
#include "admin/print.h"
#include "admin/task.h"
#include "db/batch.h"

namespace admin {
namespace {

using base::Time;
using base::Uuid;
using http::Method;

struct User {
  Uuid id;
  std::string username;
  auth::Role role = auth::Role::staff;
  Time created_at;
  std::optional<Time> removed_at;
  std::int64_t has_login = 0;  // 1: can log in

  FIELDS(User, id, username, role, created_at, removed_at, has_login)
};

constexpr db::Scoped<User, db::Batch> select_batch{
    "SELECT id, username, role, created_at, removed_at, IF(identity_id IS NULL, 0, 1) AS has_login"
    " FROM users WHERE company_id = ? AND removed_at IS NULL" +
    db::in_batches("id")};

constexpr db::Scoped<User, Uuid> select_one{R"(
    SELECT id, username, role, created_at, removed_at, IF(identity_id IS NULL, 0, 1) AS has_login
      FROM users WHERE company_id = ? AND id = ?)"};

void list(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  std::vector<User> all;
  db::for_each_row(
      [&](const auto& batch) { return task.db.all(select_batch, task.tenant(), batch); },
      [&](const auto& user) { all.push_back(user); });
  print(rest::Document::of(all), "id username role has_login created_at", task.as_json());
}

void print_user(Task& task, const Uuid& id) {
  print(rest::Document::of(task.db.one(select_one, task.tenant(), id)),
        "id username role created_at removed_at", task.as_json());
}

void create(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  task.tenant();  // a company that is not there is told before a password is asked for
  task.ask("user-list", Method::post,
           {{"username", typed.get("USERNAME")},
            {"role", typed.find("--role").value_or("staff")},
            {"password", read_password()}});
  print_user(task, task.person(typed.get("USERNAME")).id);
}

void change_password(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  const auto person = task.person(typed.get("USERNAME"));
  task.ask("user-detail", Method::patch, {{"password", read_password()}}, person);
  print_user(task, person.id);
}

void disable(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  const auto person = task.person(typed.get("USERNAME"));
  task.ask("user-detail", Method::delete_, {}, person);
  print_user(task, person.id);
}

// Where nobody saw the link it is left to end within the hour (for who cannot log in yet: the
// week), or with the next one.
void link(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  const auto name = typed.get("USERNAME");
  const auto person = typed.has("--company") ? task.person(name) : task.person_anywhere(name);
  print(task.ask("user-password-link", Method::post, {}, person), "link username expires_at",
        task.as_json(), task.urls());
}

constexpr Command commands[] = {
    {"user list", "print the people of a company", "COMPANY", "json", list},
    {"user create", "add one, whose password is asked for or read", "COMPANY USERNAME", "role json",
     create},
    {"user passwd", "set a new password, which is asked for or read; all sessions and tokens end",
     "COMPANY USERNAME", "json", change_password},
    {"user link", "make a link with which a person chooses a new password, or gets a login",
     "USERNAME", "company json", link},
    {"user disable", "remove one from the company; what they wrote stays", "COMPANY USERNAME",
     "json", disable},
};

}  // namespace

std::span<const Command> users() { return commands; }

}  // namespace admin
