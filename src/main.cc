// main.cc — the command line.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <stdexcept>
#include <string>

#include "admin/command_line.h"
#include "app/routes.h"
#include "base/config.h"
#include "base/log.h"
#include "base/version.h"
#include "db/connection.h"
#include "db/migrate.h"
#include "server/master.h"
#include "server/status.h"

namespace {

// A database that is away is no reason not to start; the workers look again at its return.
void refuse_other_schema(const base::Config& config) {
  db::Connection db(config);
  std::string problem;
  try {
    problem = db::schema_problem(db);
  } catch (const base::Error& error) {
    return base::log_cause(error);
  }
  if (!problem.empty()) throw std::runtime_error(problem);
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{"Partywall: company messaging behind nginx, many companies in one database"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "partywall " + std::string(base::version));
  std::string path = PARTYWALL_CONFIG;
  const auto with_config = [&](CLI::App* command) {
    command->add_option("-c,--config", path, "the configuration file")->capture_default_str();
    return command;
  };
  const auto* serve = with_config(app.add_subcommand("serve", "run the pool of workers"));
  const auto* check = with_config(app.add_subcommand("check-config", "check the configuration"));
  auto* status = with_config(app.add_subcommand("status", "show the pool that runs"));
  bool as_json = false;
  status->add_flag("--json", as_json, "as JSON");
  const auto* routes = app.add_subcommand("routes", "print every route with its least role");
  admin::CommandLine commands(app, path);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  if (*routes) {
    fmt::print("{}", app::print_routes());
    return 0;
  }
  const auto* command = commands.chosen();
  const auto config = base::read_config(path, command ? command->use : base::Use::serve);
  base::log_as_json(config.log_json);
  if (command) return commands.run(config);
  if (*status) {
    fmt::print("{}", server::describe_pool(config, as_json));
    return 0;
  }
  if (*serve) {
    refuse_other_schema(config);
    return server::run_master(path, config);
  }
  if (*check) fmt::print("{} is fine\n", path);
  return *check ? 0 : 1;
} catch (const std::exception& error) {
  fmt::print(stderr, "partywall: {}\n", error.what());
  return 1;
}
