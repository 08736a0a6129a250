// app/memberships.cc — one person in several companies: switching, and leaving one.
// Tests: tests/app/memberships_test.cc.
#include "app/login.h"
#include "app/me.h"
#include "app/noun.h"
#include "app/users/users.h"
#include "auth/lock.h"
#include "auth/sessions.h"

namespace app {
namespace {

constexpr std::string_view me_path = "/auth/me";

struct Switch {
  std::optional<base::Uuid> company;

  static constexpr auto fields() {
    return std::tuple{rest::field("company", &Switch::company, {.offers = "memberships"})};
  }
};

[[noreturn]] void not_a_member(std::string_view field) {
  base::invalid(field, "You do not belong to such a company.");
}

// A token is bound to its company; only a session can go elsewhere, under a new id.
Answer switch_company(Context& context) {
  const auto in = context.read<Switch>();
  const auto there = check_is_member(context, *in.company, "company");
  // A page goes on where it was; its own answer would still be about the company that was left.
  auto answer = context.format == http::Format::html
                    ? redirect(303, safe_next(context.request.form_field("next").value_or(""),
                                              context.path_of(me_path)))
                    : about(context, *there);
  // The new session ends when the one that was left would have.
  const auto& who = context.who();
  std::string cookie;
  context.db.transaction([&] {
    if (!auth::lock_caller(context.db, who).belongs_to(there->company_id)) not_a_member("company");
    auth::end_login(context.db, who, who);
    context.audit("logout", who.user_id);
    cookie = auth::begin_session(context.db, *there, context.request, who.ends_at);
    context.audit_own(there->tenant, there->user_id, there->username, "switch");
  });
  set_session_cookies(context, cookie, who.ends_at, answer);
  return answer;
}

Answer leave(Context& context) {
  const auto member = context.authenticator.enter_as(context.who(), context.id);
  if (!member) base::not_found();
  context.db.transaction([&] {
    if (!auth::lock_caller(context.db, context.who()).belongs_to(context.id)) base::not_found();
    base::Problems problems;
    check_other_admin(context, member->tenant, member->user_id, problems);
    problems.throw_if_any();
    remove_user(context, member->tenant, member->user_id, member->identity_id);
    audit_member(context, *member, "user.leave");
  });
  auto answer = no_content();
  end_at_browser(context, answer);
  return answer;
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "company-switch",
     .path = "/auth/company/",
     .since = 1,
     .summary = "Go on in another of your companies: the session gets a new id there.",
     .operations = {{{.method = post,
                      .access = staff,
                      .handle = switch_company,
                      .by = By::session,
                      .admits = auth::Admits::all,
                      .answers = 200}}},
     .form = {post, describe_fields<Switch, Switch>},
     .shows = me_fields},
    {.name = "membership-detail",
     .path = "/auth/memberships/{company_id}",
     .since = 1,
     .summary = "Leave a company.",
     .operations =
         {{{.method = delete_, .access = staff, .handle = leave, .by = By::no_api_token}}}},
};

}  // namespace

std::span<const Route> memberships() { return routes; }

std::unique_ptr<const auth::Principal> check_is_member(Context& context,
                                                       const base::Uuid& company_id,
                                                       std::string_view field) {
  auto member = context.authenticator.enter_as(context.who(), company_id, auth::Admits::erasing);
  if (!member) not_a_member(field);
  return member;
}

}  // namespace app
