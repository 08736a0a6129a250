// app/me.cc — who am I, and where. Tests: tests/app/me_test.cc.
#include "app/me.h"

#include "app/company.h"
#include "app/nouns.h"
#include "app/users.h"

namespace app {
namespace {

// A company with what waits there for one of its people.
struct Desk {
  base::Uuid company_id;
  std::string name;
  std::string address;
  std::int64_t unread_messages = 0;

  static constexpr auto fields() {
    return std::tuple{base::field("company_id", &Desk::company_id),
                      base::field("name", &Desk::name), base::field("address", &Desk::address),
                      base::field("unread_messages", &Desk::unread_messages)};
  }
};

struct Me {
  User user;
  Company company;
  std::int64_t unread_messages = 0;

  static constexpr auto fields() {
    return std::tuple{base::field("user", &Me::user), base::field("company", &Me::company),
                      base::field("unread_messages", &Me::unread_messages)};
  }
};

constexpr db::Scoped<Desk, base::Uuid> select_desk{R"(
    SELECT c.company_id, c.name, c.address, COUNT(m.id) FROM companies c
      LEFT JOIN user_messages m
        ON m.company_id = c.company_id AND m.to_user = ? AND m.read_at IS NULL
     WHERE c.company_id = ? GROUP BY c.company_id, c.name, c.address)"};

http::Response show(Call& call) { return about(call, call.who()); }

constexpr View views[] = {
    {.name = "me",
     .path = "/api/v1/auth/me",
     .summary = "Who you are, the company that you work in, and what waits for you.",
     .operations = {{{http::Method::get, auth::Access::staff, show}}}},
};

}  // namespace

std::span<const View> me() { return views; }

http::Response about(Call& call, const auth::Principal& who) {
  auto desk = call.db.one(select_desk, who.tenant, who.user_id);
  return call.ok(Me{{{who.user_id}, who.user_id, who.username, who.role, {}},
                    {desk.company_id, std::move(desk.name), std::move(desk.address)},
                    desk.unread_messages});
}

}  // namespace app
