// main.cc — the command line.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "admin/command_line.h"
#include "admin/sendmail.h"
#include "app/routes.h"
#include "base/config.h"
#include "base/log.h"
#include "base/standard_output.h"
#include "base/version.h"
#include "db/connection.h"
#include "db/health.h"
#include "db/migrate.h"
#include "server/master.h"
#include "server/nginx_settings.h"
#include "server/status.h"
#include "server/stream_server.h"

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

// With the account of [exports], whose password each host's package has made by itself where it was
// not copied from the first host.
db::Health look_as_exports(const std::string& path) {
  auto config = base::read_config(path, base::Use::exports);
  config.db_account = config.exports_account;
  return db::look_at_database(config);
}

// Exit status 1 for a database that is away: what the file says of it is most likely wrong. One
// that answers and is not ready, as before the first `migrate`, is no fault of the configuration.
int check_config(const std::string& path, const base::Config& config, bool ask_database) {
  using enum db::Health::State;
  const auto health = ask_database ? db::look_at_database(config) : db::Health{};
  fmt::print("{} is fine\n", path);
  if (config.clean_account.user.empty())
    fmt::print("[clean] names no account: what has expired is not deleted\n");
  if (config.exports_account.user.empty())
    fmt::print("[exports] names no account: nobody can ask for an export\n");
  if (!config.sends_mail())
    fmt::print("[mail] names no sendmail: no mail is sent\n");
  else if (const auto problem = admin::problem_of_program(config.sendmail); !problem.empty())
    fmt::print("[mail] names {}, which cannot be run: {}\n", config.sendmail, problem);
  const auto nginx =
      std::filesystem::absolute(path).parent_path().parent_path() / "nginx/nginx.conf";
  for (const auto& advice : server::nginx_advice(nginx)) fmt::print("{}\n", advice);
  base::flush_standard_output();
  if (!ask_database) return 0;
  if (health.state == away) throw std::runtime_error(health.problem);
  fmt::print("the database answers {} ({}){}\n", config.db_account.user, config.db_place(),
             health.state == up ? "" : ", but is not ready: " + health.problem);
  base::flush_standard_output();
  if (config.exports_account.user.empty()) return 0;
  if (const auto exports = look_as_exports(path); exports.state == away)
    throw std::runtime_error("[exports]: " + exports.problem);
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app{"Partywall: company messaging behind nginx, many companies in one database"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "partywall " + std::string(base::version));
  std::string path = PARTYWALL_CONFIG;
  const auto with_config = [&](CLI::App* command) {
    command->add_option("-c,--config", path, "the configuration file")->capture_default_str();
    return command;
  };
  const auto* serve = with_config(app.add_subcommand("serve", "run the pool of workers"));
  const auto* events = with_config(app.add_subcommand("events", "hold the streams of events"));
  auto* check = with_config(
      app.add_subcommand("check-config", "check the configuration, and that the database answers"));
  bool without_database = false;
  check->add_flag("--no-database", without_database, "do not ask the database");
  auto* status = with_config(app.add_subcommand("status", "show the pool that runs"));
  bool as_json = false;
  status->add_flag("--json", as_json, "as JSON");
  const auto* routes = app.add_subcommand("routes", "print every route with its least role");
  auto* openapi = app.add_subcommand("openapi", "print the API described for programs, as JSON");
  int api_version = app::all_routes().versions.back().number;
  openapi->add_option("version", api_version, "the version of the API")->capture_default_str();
  admin::CommandLine commands(app, path);
  const std::vector<std::string> typed(argv + 1, argv + argc);
  const auto is_option = [](const auto& word) { return word.starts_with('-'); };
  try {
    app.parse(argc, argv);
  } catch (const CLI::RequiredError& error) {
    if (const auto unknown = admin::unknown_word(app, typed); !unknown.empty()) {
      base::complain(unknown);
      return 2;
    }
    app.exit(error);
    return 2;
  } catch (const CLI::Success& wanted) {  // --help or --version
    const auto words = std::find_if(typed.begin(), typed.end(), is_option);
    if (const auto unknown = admin::unknown_word(app, {typed.begin(), words}); !unknown.empty()) {
      base::complain(unknown);
      return 2;
    }
    return app.exit(wanted);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  if (*routes) {
    fmt::print("{}", app::print_routes());
    return 0;
  }
  if (*openapi) {
    fmt::print("{}\n", app::print_openapi(api_version));
    return 0;
  }
  const auto* command = commands.chosen();
  const auto config = base::read_config(path, command   ? command->use
                                              : *events ? base::Use::events
                                                        : base::Use::serve);
  base::log_as_json(config.log_json);
  if (command) return commands.run(config);
  if (*status) {
    fmt::print("{}", server::describe_pool(config, as_json));
    return 0;
  }
  if (*events) return server::run_stream_server(config);
  if (*serve) {
    refuse_other_schema(config);
    return server::run_master(path, config);
  }
  return check_config(path, config, !without_database);
}

}  // namespace

int main(int argc, char** argv) try {
  base::guard_standard_streams();
  const int status = run(argc, argv);
  if (status == 0) base::flush_standard_output();
  return status;
} catch (const std::exception& error) {
  base::complain(error.what());
  return 1;
}
