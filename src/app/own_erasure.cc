// app/own_erasure.cc — erasing one's own account, in every company. Tests:
// tests/app/own_erasure_test.cc.
//
// What somebody wrote stays with those they wrote to, and what they did stays in the audit, with
// the name that they had: or whoever did harm would take the traces along.
#include "app/own_erasure.h"

#include <fmt/format.h>

#include "app/company.h"
#include "app/login.h"
#include "app/noun.h"
#include "app/own_password.h"
#include "app/users/users.h"

namespace app {
namespace {

// No username has a blank in it, so nobody can be called so.
constexpr const char* nobodys_name = "former colleague";

struct OwnErasure {
  std::optional<std::string> current_password;
  std::optional<std::string> code;
  std::optional<std::string> name;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("current_password", &OwnErasure::current_password, own_password_rule),
        rest::field("code", &OwnErasure::code, code_rule),
        rest::field("name", &OwnErasure::name,
                    {.required = false,
                     .choices = "keep forget",
                     .help = "Whether your messages keep your name, or are those of a former "
                             "colleague."})};
  }
};

constexpr db::Scoped<void, std::string, std::string, Uuid> set_names{
    "UPDATE users SET username = ?, display_name = ? WHERE company_id = ? AND id = ?"};

struct Going {
  std::optional<base::Time> erase_at;

  FIELDS(Going, erase_at)
};
constexpr db::Scoped<Going> select_going{"SELECT erase_at FROM companies WHERE company_id = ?"};

// Nobody is kept by a company that goes as well. Whether it does is read when it is locked: from
// then on nobody keeps it.
void check_not_last(Context& context, const auth::Principal& member) {
  if (member.role != auth::Role::admin) return;
  base::Problems problems;
  check_other_admin(context, member.tenant, member.user_id, problems);
  if (!problems.empty() && !context.db.one(select_going, member.tenant).erase_at)
    base::invalid("company",
                  fmt::format("You are the last admin of {}. Make somebody else an admin there, or "
                              "erase that company, first.",
                              one_company(context, member.tenant).name));
}

void end_membership(Context& context, const auth::Principal& member, bool forgets) {
  if (forgets) context.db.run(set_names, member.tenant, nobodys_name, "", member.user_id);
  remove_user(context, member.tenant, member.user_id, member.identity_id);
  audit_member(context, member, "user.erase", forgets ? "without the name" : "");
}

}  // namespace

Fields own_erasure_fields(const rest::Version& version) {
  return all_fields<OwnErasure, OwnErasure>(version);
}

Answer erase_me(Context& context) {
  const auto& who = context.who();
  const auto in = context.read<OwnErasure>();
  const auto confirmed = confirm_own_password(context, *in.current_password, in.code);
  context.transaction([&] {
    lock_confirmed(context, confirmed);
    context.authenticator.for_each_membership(
        who, [&](const auto& member) { check_not_last(context, member); });
    context.authenticator.for_each_membership(
        who, [&](const auto& member) { end_membership(context, member, in.name == "forget"); });
  });
  auto answer = no_content();
  end_at_browser(context, answer);
  if (context.format == http::Format::html)
    answer = {.headers = std::move(answer.headers),
              .page = PlainPage{"Your account is erased", "You are logged out everywhere."}};
  return answer;
}

}  // namespace app
