// app/audit.cc — what happened to the security of a company, for its admins. Rows are only ever
// added (auth/audit.h). Table: sql/0012_audit.sql. Tests: tests/app/audit_list_test.cc.
#include "app/noun.h"
#include "app/users/users.h"
#include "rest/reference.h"

namespace app {
namespace {

struct AuditEntry {
  Uuid id;
  Time date;
  std::string event;
  std::optional<UserUrl> actor;  // null: an operator, or somebody who is not known
  std::string actor_name;        // as they were called then; "operator", ""
  std::optional<UserUrl> user;   // whom it is about
  std::string detail, address, request_id;

  static constexpr auto fields() {
    using Row = AuditEntry;
    return std::tuple{
        base::field("id", &Row::id),
        base::field("date", &Row::date),
        rest::field("event", &Row::event, {.help = "What happened: login, user.create, …"}),
        rest::field("actor", &Row::actor,
                    {.help = "Who did it; null: an operator, or nobody known."}),
        rest::field("actor_name", &Row::actor_name, {.help = "What they were called then."}),
        rest::field("user", &Row::user, {.help = "Whom it is about."}),
        base::field("detail", &Row::detail),
        rest::field("address", &Row::address, {.help = "From where; empty: in another company."}),
        rest::field("request_id", &Row::request_id, {.help = "As the log has it."})};
  }
  static constexpr std::size_t most_statement_bytes = 640;
};

Position position_of(const AuditEntry& row) { return {row.date, row.id}; }

struct AuditFilters {
  Prefix event;  // or its beginning: "login", "user."
  std::optional<Reference<users_path>> actor, user;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("event", &AuditFilters::event,
                    {.max_length = 40,
                     .help = "What happened, or its beginning: \"login\", \"user.\".",
                     .example = "user."}),
        rest::field("actor", &AuditFilters::actor, {.offers = "people", .help = "Who did it."}),
        rest::field("user", &AuditFilters::user,
                    {.offers = "people", .help = "Whom it is about."})};
  }
  static constexpr auto placeholders() {
    using In = AuditFilters;
    return std::tuple{&In::event, &In::actor, &In::actor, &In::user, &In::user};
  }
  bool narrow() const { return event.is_given || actor || user; }
};

constexpr base::Literal columns = R"(
    SELECT id, date, event, actor_id AS actor, actor AS actor_name, user_id AS user, detail,
           address, request_id)";
constexpr base::Literal from = " FROM audit FORCE INDEX (by_date) WHERE company_id = ?";
constexpr BothOrders<AuditEntry> all{columns + from, "date"};
constexpr BothOrders<AuditEntry, AuditFilters> fitting{
    columns + from +
        " AND event LIKE ? AND (? IS NULL OR actor_id = ?) AND (? IS NULL OR user_id = ?)",
    "date"};
// No key has what narrows the list: such a page ends early.
constexpr Places<> places{"SELECT date AS time, id" + from, "date"};

Answer index(Context& context) {
  base::Problems problems;
  const auto filters = context.read_filters<AuditFilters>(problems);
  auto page = context.read_page(problems);
  const auto& tenant = context.who().tenant;
  if (!filters.narrow()) return context.list(all.all(context.db, tenant, page), page);
  const auto place = places.limit(context.db, tenant, page);
  return context.list(fitting.all(context.db, tenant, page, filters), page, place);
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "audit-list",
     .path = "/accounts/audit/",
     .summary = "Who came in, who was let in or kept out, and by whom, the newest first.",
     .operations = {{{get, admin, index}}},
     .shows = shown_fields<AuditEntry>,
     .list = {describe_filters<AuditFilters>, &by_date, true}},
};

}  // namespace

std::span<const Route> audit() { return routes; }

}  // namespace app
