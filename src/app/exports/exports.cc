// app/exports/exports.cc — files with all of a company, or with what is one's own in it: asked for
// here, and looked at. Table: sql/0039_exports.sql. Tests: tests/app/exports_test.cc,
// tests/api/company_exports_test.py.
//
// Nobody waits here: the file is made by a timer's command (admin/exports.cc).
#include "app/exports/exports.h"

#include <algorithm>

#include "app/company.h"
#include "app/noun.h"

namespace app {
namespace {

using namespace exported;

// As many as are made of a company in a day, and of one person's own.
constexpr std::ptrdiff_t most_of_company = 5, most_of_person = 3;
constexpr std::ptrdiff_t attempts = 4;  // to make one, where that fails

struct Export {
  base::SelfLink<"/exports/"> url;
  Uuid id;
  std::string kind, state;
  Time created_at, expires_at;
  std::int64_t rows_written = 0, bytes_written = 0;

  static constexpr auto fields() {
    return std::tuple{
        base::field("url", &Export::url),
        base::field("id", &Export::id),
        rest::field("kind", &Export::kind, {.choices = kind_words}),
        rest::field("state", &Export::state, {.choices = state_words}),
        base::field("created_at", &Export::created_at),
        rest::field("expires_at", &Export::expires_at, {.help = "When the file goes away."}),
        rest::field("rows_written", &Export::rows_written, {.help = "So far, or in all."}),
        rest::field("bytes_written", &Export::bytes_written,
                    {.help = "So far, of text; of the file once it is done."})};
  }
};

struct ExportInput {
  std::optional<std::string> kind;

  static constexpr auto fields() {
    return std::tuple{rest::field(
        "kind", &ExportInput::kind,
        {.choices = kind_words,
         .help = "All of the company, for admins; or your messages, and what you did."})};
  }
};

struct RecentExport {
  Uuid id;
  std::string kind, state;
  Time created_at;

  FIELDS(RecentExport, id, kind, state, created_at)
};

constexpr base::Literal columns = R"(
    SELECT id, kind, state, created_at, expires_at, rows_written, bytes_written FROM exports)";
constexpr base::Literal of_user = " WHERE company_id = ? AND asked_by = ?";
constexpr OldestFirst<Export, Uuid> select_page{columns + " FORCE INDEX (of_user)" + of_user,
                                                "created_at"};
constexpr db::Scoped<Export, Uuid, Uuid> select_one{columns + of_user + " AND id = ?"};

constexpr base::Literal recent = "SELECT id, kind, state, created_at FROM exports";
constexpr db::Scoped<RecentExport, std::string_view, Time> select_recent_of_company{
    recent + " FORCE INDEX (of_kind) WHERE company_id = ? AND kind = ? AND created_at > ?"
             " ORDER BY created_at"};
constexpr db::Scoped<RecentExport, Uuid, Time> select_recent_of_user{
    recent + " FORCE INDEX (of_user)" + of_user + " AND created_at > ? ORDER BY created_at"};
constexpr db::Scoped<void, Export, Uuid, std::string_view> insert_one{R"(
    INSERT INTO exports (company_id, id, kind, state, created_at, expires_at, rows_written,
                         bytes_written, asked_by, host)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))"};

Answer index(Context& context) {
  const auto page = context.read_page();
  const auto& who = context.who();
  return context.list(select_page.all(context.db, who.tenant, page, who.user_id), page);
}

// Everybody sees their own alone, whatever is in it.
std::optional<Export> find_one(Context& context, const Uuid& id) {
  return context.db.find(select_one, context.who().tenant, context.who().user_id, id);
}

Export own_export(Context& context) {
  auto found = find_one(context, context.id);
  if (!found) base::not_found();
  return *std::move(found);
}

Answer show(Context& context) { return context.ok(own_export(context)); }

// Of a company one after the other, and only some in a day; of each person's own likewise. What
// could not be made counts against a larger bound.
void check_bounds(Context& context, std::string_view kind, Time now) {
  const auto& who = context.who();
  const auto since = now.plus_seconds(-base::day_seconds);
  check_stays(context);
  auto earlier = kind == of_company
                     ? context.db.all(select_recent_of_company, who.tenant, kind, since)
                     : context.db.all(select_recent_of_user, who.tenant, who.user_id, since);
  std::erase_if(earlier, [&](const auto& row) { return row.kind != kind; });
  const auto is_good = [](const auto& row) { return row.state != failed; };
  for (const auto& row : earlier)
    if (is_good(row) && row.state != done)
      throw base::Error(base::Code::conflict, "One is under way already: wait until it is done.");
  const auto most = kind == of_company ? most_of_company : most_of_person;
  const bool is_enough = std::ranges::count_if(earlier, is_good) >= most;
  if (!is_enough && std::ssize(earlier) < attempts * most) return;
  const auto oldest =
      std::ranges::find_if(earlier, [&](const auto& row) { return !is_enough || is_good(row); });
  base::Error error(base::Code::too_many_requests, "That is enough for one day.");
  error.retry_after_seconds =
      static_cast<int>((oldest->created_at.micros - since.micros) / 1'000'000) + 1;
  throw error;
}

Answer create(Context& context) {
  auto [in, earlier] =
      context.read_new<ExportInput>([&](const Uuid& id) { return find_one(context, id); });
  if (earlier) return *std::move(earlier);
  if (context.config.exports_account.user.empty())
    throw base::Error(base::Code::unavailable, "This installation makes no exports.");
  const auto now = Time::now();
  const Export made{.url = {},
                    .id = context.new_id(),
                    .kind = *in.kind,
                    .state = std::string(queued),
                    .created_at = now,
                    .expires_at = now.plus_seconds(lives_for_seconds)};
  context.db.transaction([&] {
    const auto& who = context.who();
    check_role(made.kind, context.lock_caller());
    check_bounds(context, made.kind, now);
    context.remember(in);
    context.db.run(insert_one, who.tenant, made, who.user_id, "");
    context.audit("export.create", who.user_id, made.kind);
  });
  return context.created(made);
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "export-list",
     .path = "/exports/",
     .poll_seconds = 3,
     .summary = "What you asked for as a file: all of your company, or what is your own in it.",
     .operations =
         {{{.method = get, .access = staff, .handle = index, .admits = auth::Admits::erasing},
           {.method = post,
            .access = staff,
            .handle = create,
            .by = By::no_api_token,
            .admits = auth::Admits::erasing,
            .summary = "Ask for a file. Only admins ask for all of the company."}}},
     .form = {post, describe_fields<Export, ExportInput>}},
    {.name = "export-detail",
     .path = "/exports/{export_id}",
     .poll_seconds = 3,
     .summary = "How far a file is. A day after it was made it goes away.",
     .operations =
         {{{.method = get, .access = staff, .handle = show, .admits = auth::Admits::erasing}}},
     .shows = shown_fields<Export>},
};

}  // namespace

std::span<const Route> exports() { return routes; }

}  // namespace app
