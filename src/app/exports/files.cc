// app/exports/files.cc — the file of an export: a link to it, good once, and the way there.
// Tests: tests/app/exports_test.cc, tests/api/company_exports_test.py.
//
// No worker hands a file out: nginx does. Which files it can, the request says (Request::files_of):
// for those of another host it passes the request on to there, and only where the file is its link
// is used up.
#include "app/exports/exports.h"
#include "app/noun.h"
#include "app/own_password.h"
#include "auth/tokens.h"
#include "base/host_name.h"
#include "http/protect.h"
#include "rest/preconditions.h"

namespace app {
namespace {

using namespace exported;

constexpr std::int64_t link_seconds = 600;
constexpr int retry_seconds = 5;
constexpr std::string_view media_type = "application/gzip";

struct ExportLink {
  Time expires_at;
  SiteLink link;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("expires_at", &ExportLink::expires_at, {.help = "Ten minutes later."}),
        rest::field("link", &ExportLink::link, {.help = "Good once, in this session."})};
  }
};

struct FileParameters {
  std::optional<std::string> token;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("token", &FileParameters::token, {.help = "As the link has it."})};
  }
};

struct Kind {
  std::string kind, state;

  FIELDS(Kind, kind, state)
};

struct ExportFile {
  std::string kind, host;
  Time created_at;

  FIELDS(ExportFile, kind, host, created_at)
};

constexpr db::Scoped<Kind, Uuid, Uuid> select_kind{
    "SELECT kind, state FROM exports WHERE company_id = ? AND asked_by = ? AND id = ?"};

constexpr db::Scoped<void, std::string, std::string, Time, Uuid, Uuid, std::string_view, Time>
    set_link{R"(
    UPDATE exports SET link_hash = ?, link_session = ?, link_expires_at = ?
     WHERE company_id = ? AND id = ? AND asked_by = ? AND state = ? AND expires_at > ?)"};

constexpr db::Scoped<ExportFile, Uuid, Uuid, std::string, std::string, Time, std::string_view, Time>
    lock_file{R"(
    SELECT kind, host, created_at FROM exports
     WHERE company_id = ? AND id = ? AND asked_by = ? AND link_hash = ? AND link_session = ?
       AND link_expires_at > ? AND state = ? AND expires_at > ? FOR UPDATE)"};

constexpr db::Scoped<void, Uuid> end_link{R"(
    UPDATE exports SET link_hash = NULL, link_session = NULL, link_expires_at = NULL
     WHERE company_id = ? AND id = ?)"};

// A file that is being made is worth asking for again.
[[noreturn]] void no_file(std::string_view state) {
  const bool will_be = state == queued || state == running;
  base::Error error(base::Code::conflict,
                    will_be ? "The file is not made yet." : "There is no file of it any more.");
  if (will_be) error.retry_after_seconds = retry_seconds;
  throw error;
}

// Whoever holds the session alone cannot take all of a company away: that wants the password, too,
// and a code where there is a second factor.
Answer make_link(Context& context) {
  const auto in = context.read<OwnPassword>();
  const auto& who = context.who();
  const auto made = context.db.one(select_kind, who.tenant, who.user_id, context.id);
  check_role(made.kind, who.role);
  const auto confirmed = confirm_own_password(context, *in.current_password, in.code);
  const auto secret = auth::make_secret(who.company_id);
  const auto now = Time::now(), ends_at = now.plus_seconds(link_seconds);
  context.db.transaction([&] {
    check_role(made.kind, lock_confirmed(context, confirmed).role);
    if (context.db.run(set_link, who.tenant, secret.hash, who.credential, ends_at, context.id,
                       who.user_id, done, now) == 0)
      no_file(made.state);
    context.audit("export.link", who.user_id, made.kind);
  });
  const auto path = context.path_of("/exports/" + context.id.text() + "/file?token=" + secret.text);
  auto answer = context.made(ExportLink{ends_at, SiteLink{path}});
  http::keep_nowhere(answer.headers);
  return answer;
}

// All that can be wrong with a link is one answer.
[[noreturn]] void invalid_link() {
  throw base::Error(base::Code::not_found,
                    "This link is not good, or not any more: it is good once, for ten minutes, "
                    "where you were logged in. Ask for a new one.");
}

// Where nginx goes on: to the file, where it has that, and the link is used up; else to the host
// that has.
Answer hand_over(Context& context, const ExportFile& file) {
  Answer answer;
  http::keep_nowhere(answer.headers);
  if (file.host == context.request.files_of) {
    answer.ticket = "here/" + file_name(context.who().company_id, context.id);
    answer.set("Content-Disposition", fmt::format("attachment; filename=\"partywall-{}-{}.tar.gz\"",
                                                  file.kind, file.created_at.iso().substr(0, 10)));
    answer.text = {std::string(media_type), ""};
    context.db.run(end_link, context.who().tenant, context.id);
    context.audit("export.fetch", context.who().user_id, file.kind);
  } else if (!context.request.files_of.empty() &&
             !context.request.header("x-partywall-passed-on") && base::is_host_name(file.host)) {
    answer.ticket = "at/" + file.host;
  } else {  // nginx knows nothing of files, or the host that was asked calls itself something else
    base::Error error(base::Code::unavailable, "The host that has the file is not there now.");
    error.retry_after_seconds = retry_seconds;
    throw error;
  }
  return answer;
}

// Nginx would compare these with the file, and refuse it when its link is used up.
void refuse_conditions(const http::Request& request) {
  if (rest::has_condition(request) || request.header("if-modified-since") ||
      request.header("if-range"))
    throw base::Error(base::Code::invalid, "A file is had by its link, and under no condition.");
}

Answer fetch(Context& context) {
  refuse_conditions(context.request);
  base::Problems problems;
  const auto in = context.read_filters<FileParameters>(problems);
  problems.throw_if_any();
  const auto claim = auth::read_secret(in.token.value_or(""));
  const auto& who = context.who();
  if (!claim || claim->company_id != who.company_id) invalid_link();
  Answer answer;
  context.db.transaction([&] {
    const auto role = context.lock_caller();
    const auto now = Time::now();
    const auto file = context.db.find(lock_file, who.tenant, context.id, who.user_id, claim->hash,
                                      who.credential, now, done, now);
    if (!file) invalid_link();
    check_role(file->kind, role);
    if (context.request.method == http::Method::head)
      answer.text = {std::string(media_type), ""};  // and the link stays good
    else
      answer = hand_over(context, *file);
  });
  return answer;
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "export-link",
     .path = "/exports/{export_id}/link",
     .summary = "A link to the file: good once, for ten minutes, in this session.",
     .operations = {{{.method = post,
                      .access = staff,
                      .handle = make_link,
                      .by = By::session,
                      .admits = auth::Admits::erasing}}},
     .form = {post, describe_fields<ExportLink, OwnPassword>}},
    {.name = "export-file",
     .path = "/exports/{export_id}/file",
     .summary = "The file itself, by such a link.",
     .operations = {{{.method = get,
                      .access = staff,
                      .handle = fetch,
                      .by = By::session,
                      .admits = auth::Admits::erasing}}},
     .list = {describe_filters<FileParameters>},
     .media_type = media_type,
     .hands_over_to = "/.exports/"},
};

}  // namespace

std::span<const Route> export_files() { return routes; }

}  // namespace app
