// admin/migrations.cc — `partywall migrate`. Tests: tests/api/migrate_test.py.
#include <fmt/format.h>

#include "admin/command.h"
#include "admin/print.h"
#include "admin/rebuild.h"
#include "db/migrate.h"

namespace admin {
namespace {

struct Line {
  std::string name;
  std::string state;
  std::optional<base::Time> applied_at;

  FIELDS(Line, name, state, applied_at)
};

void dry_run(const base::Config& config) {
  for (const auto& step : db::migration_status(config))
    if (step.state != db::Step::State::applied)
      fmt::print("-- {}: {}\n{}\n", step.name, to_text(step.state), step.sql);
}

void up(const base::Config& config, const Typed& typed) {
  if (typed.has("--dry-run")) return dry_run(config);
  std::size_t applied = 0;
  db::migrate(config, [&](std::string_view name) {
    fmt::print("applied {}\n", name);
    applied++;
  });
  if (applied == 0) fmt::print("the schema is up to date\n");
  rebuild_where_due(config, applied == db::all_migrations().size());
}

void status(const base::Config& config, const Typed& typed) {
  std::vector<Line> lines;
  for (const auto& step : db::migration_status(config))
    lines.push_back({step.name, std::string(to_text(step.state)), step.applied_at});
  print(rest::Document::of(lines), "name state applied_at", typed.has("--json"));
}

constexpr auto owner = base::Use::migrate;
constexpr Command commands[] = {
    {"migrate", "bring the schema up to date", "", "dry-run", up, owner},
    {"migrate up", "the same", "", "dry-run", up, owner},
    {"migrate status", "print what is applied and what is not", "", "json", status, owner},
};

}  // namespace

std::span<const Command> migrations() { return commands; }

}  // namespace admin
