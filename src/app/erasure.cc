// app/erasure.cc — erasing one's company: asked for by an admin, and taken back until its day.
// Table: sql/0040_erasing_companies.sql. Tests: tests/app/erasure_test.cc.
//
// From the moment that it is asked for nobody is let in but admins, and they to what has
// Operation::admits. After its day `partywall clean` deletes the rows (admin/purge.h).
#include "app/erasure.h"

#include <fmt/format.h>

#include "app/company.h"
#include "app/login.h"
#include "app/noun.h"
#include "app/own_password.h"
#include "auth/sessions.h"
#include "base/text.h"

namespace app {
namespace {

constexpr std::int64_t grace_seconds = 30 * base::day_seconds;

struct Erasure {
  std::optional<Time> erase_at;

  static constexpr auto fields() {
    return std::tuple{rest::field(
        "erase_at", &Erasure::erase_at,
        {.help = "When it is erased, if it is not kept before: 30 days after an admin asked."})};
  }
};

struct ErasureRequest {
  std::optional<std::string> name;
  std::optional<std::string> current_password;
  std::optional<std::string> code;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("name", &ErasureRequest::name,
                    {.help = "The company's name, so that it is meant.", .example = "Acme"}),
        rest::field("current_password", &ErasureRequest::current_password, own_password_rule),
        rest::field("code", &ErasureRequest::code, code_rule)};
  }
};

constexpr db::Scoped<Erasure> select_erasure{"SELECT erase_at FROM companies WHERE company_id = ?"};

constexpr db::Scoped<void, Time> set_day{
    "UPDATE companies SET erase_at = ? WHERE company_id = ? AND erase_at IS NULL"};

constexpr db::Scoped<void, Time> take_back{
    "UPDATE companies SET erase_at = NULL WHERE company_id = ? AND erase_at > ?"};

db::Identity check_request(Context& context, const ErasureRequest& in) {
  const auto company = one_company(context, context.who().tenant);
  if (base::nfc(*in.name) != base::nfc(company.name))
    base::invalid("name", "This is not the company's name.");
  return confirm_own_password(context, *in.current_password, in.code);
}

Answer show(Context& context) {
  return context.ok(context.db.one(select_erasure, context.who().tenant));
}

[[noreturn]] void stays() {
  throw base::Error(base::Code::conflict, "The company is not to be erased.");
}

// What began before it was asked for, or meanwhile, opens nothing when the company is kept. Who
// keeps it goes on.
Answer keep(Context& context) {
  const auto& who = context.who();
  context.transaction([&] {
    context.lock_admin();
    if (!context.db.one(select_erasure, who.tenant).erase_at) stays();
  });
  auth::end_everything(context.db, who.tenant, &who);
  context.db.transaction([&] {
    context.lock_admin();
    if (context.db.run(take_back, who.tenant, Time::now()) == 0) {
      if (!context.db.one(select_erasure, who.tenant).erase_at) stays();
      throw base::Error(base::Code::conflict, "The company's day has come: it is erased.");
    }
    auth::end_everything(context.db, who.tenant, &who);
    context.audit("company.keep");
  });
  return no_content();
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "erasure-detail",
     .path = erasure_path,
     .summary = "When your company will be erased, where an admin asked for that.",
     .operations =
         {{{.method = get, .access = admin, .handle = show, .admits = auth::Admits::erasing},
           {.method = delete_,
            .access = admin,
            .handle = keep,
            .looks_at_condition = true,
            .by = By::no_api_token,
            .admits = auth::Admits::erasing,
            .summary = "Keep your company. Everybody may log in again."}}},
     .shows = shown_fields<Erasure>,
     .lock = lock_company},
};

}  // namespace

std::span<const Route> erasure() { return routes; }

Fields erasure_fields(const rest::Version& version) {
  return all_fields<ErasureRequest, ErasureRequest>(version);
}

// From the commit on nobody gets in but admins. So what everybody had may end after it, some rows
// at a time, however many they are.
Answer erase_company(Context& context) {
  const auto& who = context.who();
  const auto confirmed = check_request(context, context.read<ErasureRequest>());
  const auto day = Time::now().plus_seconds(grace_seconds);
  context.transaction([&] {
    if (lock_confirmed(context, confirmed).role != auth::Role::admin) base::forbidden();
    check_stays(context);
    if (context.db.run(set_day, who.tenant, day) == 0)
      throw base::Error(base::Code::conflict, "Somebody has asked for that already.");
    context.audit("company.erase", {}, "on " + day.iso());
  });
  auth::end_everything(context.db, who.tenant);
  auto answer = show_company(context);
  end_at_browser(context, answer);
  if (context.format == http::Format::html)
    answer.page = PlainPage{"Your company will be erased",
                            fmt::format("On {}. Until then an admin who logs in can keep it.",
                                        day.iso().substr(0, 10))};
  return answer;
}

}  // namespace app
