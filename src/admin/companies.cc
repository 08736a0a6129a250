// admin/companies.cc — `partywall company …`. Tests: tests/api/admin_test.py.
#include <fmt/format.h>

#include "admin/move.h"
#include "admin/move_state.h"
#include "admin/password.h"
#include "admin/print.h"
#include "admin/task.h"
#include "auth/sessions.h"
#include "db/unscoped.h"

namespace admin {
namespace {

using base::Time;
using base::Uuid;

struct Company {
  Uuid id;
  std::string name;
  std::string address;
  Time created_at;
  std::optional<Time> suspended_at, erase_at;
  std::optional<std::string> move;   // how far one is that is not over
  std::optional<Time> moving_until;  // so long it can go on
  std::optional<std::string> moved_to;
  std::int64_t users = 0, messages = 0, customers = 0;

  static constexpr auto fields() {
    return std::tuple{base::field("id", &Company::id),
                      base::field("name", &Company::name),
                      base::field("address", &Company::address),
                      base::field("created_at", &Company::created_at),
                      base::field("suspended_at", &Company::suspended_at),
                      base::field("erase_at", &Company::erase_at),
                      base::computed("move", &Company::move),
                      base::field("moving_until", &Company::moving_until),
                      base::field("moved_to", &Company::moved_to),
                      base::computed("users", &Company::users),
                      base::computed("messages", &Company::messages),
                      base::computed("customers", &Company::customers)};
  }
};

constexpr db::Scoped<Company> select_one{R"(
    SELECT company_id AS id, name, address, created_at, suspended_at, erase_at, moving_until,
           moved_to
      FROM companies
     WHERE company_id = ?)"};

constexpr db::Scoped<db::Number> count_users{
    "SELECT COUNT(id) AS value FROM users WHERE company_id = ? AND removed_at IS NULL"};
constexpr db::Scoped<db::Number> count_messages{
    "SELECT COUNT(id) AS value FROM user_messages WHERE company_id = ?"};
constexpr db::Scoped<db::Number> count_customers{
    "SELECT COUNT(id) AS value FROM customers WHERE company_id = ?"};

constexpr db::Scoped<void, Time> suspend_one{R"(
    UPDATE companies SET suspended_at = ? WHERE company_id = ? AND suspended_at IS NULL)"};

constexpr db::Scoped<void> resume_one{R"(
    UPDATE companies SET suspended_at = NULL WHERE company_id = ? AND suspended_at IS NOT NULL)"};

constexpr db::Scoped<void, Time> keep_one{
    "UPDATE companies SET erase_at = NULL WHERE company_id = ? AND erase_at > ?"};

// What a move has left here; one that is not finished has triggers that would refuse it.
constexpr db::Scoped<void, Time> erase_moved{
    "UPDATE companies SET erase_at = ?"
    " WHERE company_id = ? AND moved_to IS NOT NULL AND moving_until IS NULL AND erase_at IS NULL"};
constexpr std::int64_t erased_after_seconds = base::day_seconds;

void list(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  std::vector<db::CompanyLine> all;
  db::for_each_row([&](const auto& batch) { return task.companies(batch); },
                   [&](const auto& company) { all.push_back(company); });
  print(rest::Document::of(all), "id name users created_at suspended_at erase_at", task.as_json());
}

void print_company(Task& task) {
  auto company = task.db.one(select_one, task.tenant());
  company.move = moved::phase(task.db.one(moved::select_state, task.tenant()).move);
  company.users = task.db.one(count_users, task.tenant()).value;
  company.messages = task.db.one(count_messages, task.tenant()).value;
  company.customers = task.db.one(count_customers, task.tenant()).value;
  print(rest::Document::of(company),
        "id name address created_at suspended_at erase_at move moving_until moved_to users"
        " messages customers",
        task.as_json());
}

void show(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  print_company(task);
}

// What HTTP answers has the two as objects.
void create(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  const auto made = task.ask("account-create", http::Method::post,
                             {{"company.name", typed.get("NAME")},
                              {"company.address", typed.get("--address")},
                              {"user.username", typed.get("ADMIN")},
                              {"user.password", read_password()}});
  if (task.as_json()) return print(made, "", true, task.urls());
  const auto account = made.value({});
  fmt::print("company\n{}admin\n{}", layout(*account.find("company"), "id name address"),
             layout(*account.find("user"), "id username role"));
}

void suspend(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  task.refuse_moved();
  task.db.transaction([&] {
    if (task.db.run(suspend_one, task.tenant(), Time::now()) == 1)
      task.audit({"company.suspend", {}});
  });
  print_company(task);
}

void resume(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  task.refuse_moved();
  task.db.transaction([&] {
    if (task.db.run(resume_one, task.tenant()) == 1) task.audit({"company.resume", {}});
  });
  print_company(task);
}

// As an admin does it (app/erasure.cc): what began before, or meanwhile, opens nothing afterwards.
// One that has moved lets nobody in, and has its sessions again where it returns.
void keep(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  const auto company = task.db.one(select_one, task.tenant());
  if (!company.erase_at) throw std::runtime_error("the company is not to be erased");
  const auto end_everything = [&] {
    if (!company.moved_to) auth::end_everything(task.db, task.tenant());
  };
  end_everything();
  task.db.transaction([&] {
    if (task.db.run(keep_one, task.tenant(), Time::now()) == 0) return;
    end_everything();
    task.audit({"company.keep", {}});
  });
  print_company(task);
}

// Said again it changes nothing.
void erase(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  const auto move = task.db.one(moved::select_state, task.tenant()).move;
  if (!move.moved_to)
    throw std::runtime_error("the company has not moved: that is its admins' to ask for");
  if (!move.is_finished())
    throw std::runtime_error("its move is not finished: type `partywall company move` again");
  task.db.transaction([&] {
    const auto day = Time::now().plus_seconds(erased_after_seconds);
    if (task.db.run(erase_moved, task.tenant(), day) == 1)
      task.audit({"company.erase", {}, "on " + day.iso()});
  });
  const auto day = task.db.one(select_one, task.tenant()).erase_at;
  if (!day) throw std::runtime_error("somebody has taken it back meanwhile");
  print_company(task);
  if (!task.as_json())
    fmt::print("`partywall clean` deletes it an hour after {0}; until {0} `partywall company keep`"
               " keeps it\n",
               day->sql().substr(0, 19));
}

constexpr Command commands[] = {
    {"company list", "print all companies", "", "json", list},
    {"company show", "print one company", "COMPANY", "json", show},
    {"company create", "make a company and its admin, whose password is asked for or read",
     "NAME ADMIN", "address json", create},
    {"company suspend", "keep its people out, from their next request on", "COMPANY", "json",
     suspend},
    {"company resume", "let them in again", "COMPANY", "json", resume},
    {"company erase", "erase here what has moved to another installation, a day later", "COMPANY",
     "json", erase},
    {"company keep", "erase it not after all, until the day on which it would be", "COMPANY",
     "json", keep},
    {"company move", "take it to another installation while its people work; goes on where it was",
     "COMPANY", "to back without-target json", move_company, base::Use::migrate},
};

}  // namespace

std::span<const Command> companies() { return commands; }

}  // namespace admin
