// app/memberships.cc — one person in several companies: switching, and leaving one.
// Tests: tests/app/memberships_test.cc.
#include "app/describe.h"
#include "app/login.h"
#include "app/me.h"
#include "app/users.h"
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
  start_session(call, *there, "switch", response);
  return response;
}

http::Response leave(Call& call) {
  const auto member = call.authenticator.enter_as(call.who(), call.id);
  if (!member) base::not_found();
  call.db.transaction([&] {
    const auto admins = lock_admins(call, member->tenant);
    if (admins.size() == 1 && admins.front().id == member->user_id)
      base::invalid("role", "A company needs at least one admin.");
    remove_member(call, {member->tenant, member->user_id, member->identity_id});
    call.audit_own(member->tenant, member->user_id, member->username, "user.leave");
  });
  auto response = http::no_content();
  if (member->company_id == call.who().company_id)
    http::set_cookie(response, {auth::session_cookie, "", 0, true}, call.config.https());
  return response;
}

using enum http::Method;
using enum auth::Access;
constexpr View views[] = {
    {.name = "company-switch",
     .path = "/api/v1/auth/company/",
     .summary = "Go on in another of your companies: the session gets a new id there.",
     .operations = {{{post, staff, switch_company}}},
     .form = {post, describe_fields<Switch, Switch>}},
    {.name = "membership-detail",
     .path = "/api/v1/auth/memberships/{company_id}",
     .summary = "Your place in one company: DELETE leaves it.",
     .operations = {{{delete_, staff, leave}}}},
};

}  // namespace

std::span<const View> memberships() { return views; }

std::unique_ptr<const auth::Principal> check_is_member(Call& call, const base::Uuid& company_id,
                                                       std::string_view field) {
  auto member = call.authenticator.enter_as(call.who(), company_id);
  if (!member) base::invalid(field, "You do not belong to such a company.");
  return member;
}

}  // namespace app
