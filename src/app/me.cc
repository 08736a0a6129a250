// app/me.cc — who am I, where, and where else. Tests: tests/app/memberships_test.cc.
#include "app/me.h"

#include "app/company.h"
#include "app/noun.h"
#include "app/own_erasure.h"
#include "app/users/users.h"
#include "auth/identities.h"

namespace app {
namespace {

// One company of the person, as they see it.
struct Membership {
  base::Uuid company;
  std::string name;
  std::string role;
  bool is_default = false;
  std::int64_t unread_messages = 0;
  std::optional<base::Time> erase_at;

  static constexpr auto fields() {
    return std::tuple{base::field("company", &Membership::company),
                      base::field("name", &Membership::name),
                      rest::field("role", &Membership::role, {.choices = auth::role_words}),
                      base::field("default", &Membership::is_default),
                      base::field("unread_messages", &Membership::unread_messages),
                      rest::field("erase_at", &Membership::erase_at,
                                  {.help = "When the company is erased, where an admin asked for "
                                           "that.",
                                   .since = 2})};
  }
};

struct Me {
  User user;
  Company company;
  std::int64_t unread_messages = 0;
  std::vector<Membership> memberships;
  std::optional<std::string> notice;
  std::optional<WrongCodes> wrong_codes;

  static constexpr auto fields() {
    return std::tuple{base::field("user", &Me::user),
                      base::field("company", &Me::company),
                      base::field("unread_messages", &Me::unread_messages),
                      base::field("memberships", &Me::memberships),
                      rest::field("notice", &Me::notice,
                                  {.help = "What each login tells for 14 days: "
                                           "second_factor_ended, an operator or joining a company "
                                           "has ended it.",
                                   .since = notices_since}),
                      rest::field("wrong_codes", &Me::wrong_codes,
                                  {.help = "What a login tells once: how many wrong codes of the "
                                           "second factor were entered beside your password, and "
                                           "when the last one was.",
                                   .since = notices_since})};
  }
};

struct MeInput {
  std::optional<base::Uuid> default_company;

  static constexpr auto fields() {
    return std::tuple{rest::field("default_company", &MeInput::default_company,
                                  {.required = false, .offers = "memberships"})};
  }
};

Answer show(Context& context) { return about(context, context.who()); }

void lock(Context& context) { auth::Identities(context.db).lock(context.who().identity_id); }

// A company that the person is not in answers as one that does not exist.
Answer update(Context& context) {
  const auto in = context.read<MeInput>();
  if (in.default_company) {
    check_is_member(context, *in.default_company, "default_company");
    auth::Identities(context.db)
        .set_default_company(context.who().identity_id, *in.default_company);
  }
  return show(context);
}

using enum http::Method;
using enum auth::Access;
constexpr Operation show_it{
    .method = get, .access = staff, .handle = show, .admits = auth::Admits::erasing};
constexpr Operation patch_it{.method = patch,
                             .access = staff,
                             .handle = update,
                             .by = By::no_api_token,
                             .summary = "Choose the company in which you begin."};
constexpr std::string_view summary =
    "Who you are, the company that you work in, and your other companies.";
constexpr Route routes[] = {
    {.name = "me",
     .path = "/auth/me",
     .since = 1,
     .until = 1,
     .poll_seconds = 3,
     .summary = summary,
     .operations = {{show_it, patch_it}},
     .form = {patch, describe_fields<Me, MeInput>},
     .lock = lock},
    {.name = "me",
     .path = "/auth/me",
     .poll_seconds = 3,
     .summary = summary,
     .operations = {{show_it,
                     patch_it,
                     {.method = delete_,
                      .access = staff,
                      .handle = erase_me,
                      .looks_at_condition = true,
                      .by = By::no_api_token,
                      .takes = own_erasure_fields,
                      .summary = "Erase your account, in all your companies."}}},
     .form = {patch, describe_fields<Me, MeInput>},
     .lock = lock},
};

}  // namespace

std::span<const Route> me() { return routes; }

Fields me_fields(const rest::Version& version) { return shown_fields<Me>(version); }

std::vector<db::OwnCompany> own_companies(const Context& context, const auth::Principal& who) {
  auto companies =
      auth::Identities(context.db).own_companies(who.identity_id, context.counts_are_kept);
  if (who.via == auth::Principal::Via::api_token)
    std::erase_if(companies,
                  [&](const auto& company) { return company.company_id != who.company_id; });
  return companies;
}

Answer about(Context& context, const auth::Principal& who, const LoginNotices& notices) {
  Me me;
  me.notice = notices.notice;
  me.wrong_codes = notices.wrong_codes;
  me.user.id = who.user_id;
  me.user.username = who.username;
  me.user.role = who.role;
  for (auto& own : own_companies(context, who)) {
    me.memberships.push_back({.company = own.company_id,
                              .name = own.name,
                              .role = std::move(own.role),
                              .is_default = own.is_default != 0,
                              .unread_messages = own.unread_messages,
                              .erase_at = own.erase_at});
    if (own.company_id != who.company_id) continue;
    me.company = {
        .id = own.company_id, .name = std::move(own.name), .address = std::move(own.address)};
    me.user.display_name = std::move(own.display_name);
    me.unread_messages = own.unread_messages;
  }
  return context.ok(me);
}

}  // namespace app
