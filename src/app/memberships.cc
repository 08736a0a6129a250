// app/memberships.cc — one person in several companies: switching, and leaving one.
// Tests: tests/app/memberships_test.cc.
#include "app/describe.h"
#include "app/login.h"
#include "app/me.h"
#include "app/users.h"
#include "auth/lock.h"
#include "auth/sessions.h"

namespace app {
namespace {

constexpr std::string_view me_path = "/api/v1/auth/me";

struct Switch {
  std::optional<base::Uuid> company;

  static constexpr auto fields() {
    return std::tuple{base::field("company", &Switch::company, {.offers = "memberships"})};
  }
};

[[noreturn]] void not_a_member(std::string_view field) {
  base::invalid(field, "You do not belong to such a company.");
}

// A token is bound to its company; only a session can go elsewhere, under a new id.
http::Response switch_company(Call& call) {
  if (call.who().via != auth::Principal::Via::session) base::forbidden();
  const auto in = call.read<Switch>();
  const auto there = check_is_member(call, *in.company, "company");
  // A page goes on where it was; its own answer would still be about the company that was left.
  auto response =
      call.format == http::Format::html
          ? http::redirect(303,
                           safe_next(http::form_field(call.request, "next").value_or(""), me_path))
          : about(call, *there);
  // The new session ends when the one that was left would have.
  const auto& who = call.who();
  std::string cookie;
  call.db.transaction([&] {
    if (!auth::lock_caller(call.db, who).belongs_to(there->company_id)) not_a_member("company");
    auth::end_login(call.db, who, who);
    call.audit("logout", who.user_id);
    cookie = auth::begin_session(call.db, *there, call.request, who.ends_at);
    call.audit_own(there->tenant, there->user_id, there->username, "switch");
  });
  set_session_cookies(call, cookie, who.ends_at, response);
  return response;
}

http::Response leave(Call& call) {
  const auto member = call.authenticator.enter_as(call.who(), call.id);
  if (!member) base::not_found();
  call.db.transaction([&] {
    if (!auth::lock_caller(call.db, call.who()).belongs_to(call.id)) base::not_found();
    check_other_admin(call, member->tenant, member->user_id);
    remove_member(call, {member->tenant, member->user_id, member->identity_id});
    call.audit_own(member->tenant, member->user_id, member->username, "user.leave");
  });
  auto response = http::no_content();
  end_at_browser(call, response);
  return response;
}

using enum http::Method;
using enum auth::Access;
constexpr View views[] = {
    {.name = "company-switch",
     .path = "/api/v1/auth/company/",
     .summary = "Go on in another of your companies: the session gets a new id there.",
     .operations =
         {{{.method = post, .access = staff, .handle = switch_company, .while_suspended = true}}},
     .form = {post, describe_fields<Switch, Switch>}},
    {.name = "membership-detail",
     .path = "/api/v1/auth/memberships/{company_id}",
     .summary = "Your place in one company: DELETE leaves it.",
     .operations =
         {{{.method = delete_, .access = staff, .handle = leave, .for_api_tokens = false}}}},
};

}  // namespace

std::span<const View> memberships() { return views; }

std::unique_ptr<const auth::Principal> check_is_member(Call& call, const base::Uuid& company_id,
                                                       std::string_view field) {
  auto member = call.authenticator.enter_as(call.who(), company_id);
  if (!member) not_a_member(field);
  return member;
}

}  // namespace app
