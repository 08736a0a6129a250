// admin/command_line.cc — see command_line.h.
#include "admin/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/error.h"
#include "base/standard_output.h"
#include "db/migrate.h"
#include "rest/decode.h"

namespace admin {
namespace {

// EX_TEMPFAIL of <sysexits.h>: the database is away, busy or takes no writes just now, so that the
// same command is worth trying again.
constexpr int try_again = 75;

struct Option {
  std::string_view name;
  std::string_view value;  // what stands for its value in the help; "": a flag
  std::string_view help;
};

constexpr Option options[] = {
    {"address", "TEXT", "the company's postal address"},
    {"all", "", "all of the company, or of all companies"},
    {"back", "",
     "take a company back that was moved, or is on its way, as long as nothing is lost"},
    {"company", "COMPANY", "the company of somebody who cannot log in yet, by its name or id"},
    {"days", "NUMBER", "for how many days it can be used (7)"},
    {"dry-run", "", "print the statements and do nothing"},
    {"json", "", "print JSON"},
    {"key", "FILE", "the key that signs an archive: a line of 32 bytes or more"},
    {"limit", "NUMBER", "how many of the newest to print (100)"},
    {"name", "NAME", "what the company is called, in place of its own name"},
    {"role", "ROLE", "admin or staff (staff)"},
    {"to", "CONFIG", "the configuration of the installation that the company moves to"},
    {"tokens", "", "API tokens, invitations and links, too"},
    {"undo", "", "a host goes back to the release before: use it no more"},
    {"user", "USERNAME", "those of this user only"},
    {"username", "USERNAME", "the only one who may use it"},
    {"uses", "NUMBER", "how many people may use it (1)"},
    {"without-target", "",
     "with --back: nothing of it is there any more, nor will be, where it has moved to"},
    {"with-logins", "", "with the names that people log in with, and their passwords' hashes"},
};

struct Noun {
  std::string_view name, summary;
};

constexpr Noun nouns[] = {
    {"company", "the companies: list, create, suspend, export, import, move, erase"},
    {"user", "the people of a company: list, create, passwords"},
    {"session", "where people are logged in"},
    {"audit", "what happened to the security of a company"}};

const Option& option_named(std::string_view name) {
  for (const auto& option : options)
    if (option.name == name) return option;
  throw std::logic_error("an option without a description");
}

// "company show" goes below "company", which cannot be typed alone.
CLI::App& noun_of(CLI::App& app, std::string_view noun) {
  const std::string name(noun);
  for (auto* known : app.get_subcommands([](CLI::App*) { return true; }))
    if (known->get_name() == name) return *known;
  std::string summary;
  for (const auto& each : nouns)
    if (each.name == noun) summary = each.summary;
  auto* added = app.add_subcommand(name, summary);
  added->require_subcommand(1);
  return *added;
}

void report(const base::Error& error) {
  if (error.problems.empty()) base::complain(error.cause.empty() ? error.message : error.cause);
  for (const auto& problem : error.problems)
    base::complain(fmt::format("{}: {}", problem.field, problem.message));
}

}  // namespace

std::string unknown_word(const CLI::App& app, const std::vector<std::string>& typed) {
  const auto* noun = &app;
  std::string known = "partywall";
  for (const auto& word : typed) {
    const auto commands = noun->get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty()) return "";  // from here on it is the command's own
    const auto next = std::find_if(commands.begin(), commands.end(),
                                   [&](const auto* each) { return each->get_name() == word; });
    if (next == commands.end())
      return fmt::format("\"{}\" is no command; `{} --help` lists what there is", word, known);
    noun = *next;
    known += " " + word;
  }
  return "";
}

CommandLine::CommandLine(CLI::App& app, std::string& config_path) : config_path_(config_path) {
  for (const auto& commands :
       {companies(), users(), second_factors(), addresses(), sessions(), invitations(), audit(),
        rebuild(), upgraded(), clean(), check(), archives(), exports(), mail(), migrations()})
    for (const auto& command : commands) add(app, command);
}

void CommandLine::add(CLI::App& app, const Command& command) {
  const auto blank = command.name.find(' ');
  auto& parent = blank == command.name.npos ? app : noun_of(app, command.name.substr(0, blank));
  auto* added = parent.add_subcommand(std::string(command.name.substr(blank + 1)),
                                      std::string(command.summary));
  added->add_option("-c,--config", config_path_, "the configuration file")->capture_default_str();
  rest::for_each_word(command.arguments, [&](std::string_view word) {
    const bool optional = word.starts_with('[');
    const std::string name(optional ? word.substr(1, word.size() - 2) : word);
    added
        ->add_option_function<std::string>(
            name, [this, name](const std::string& value) { typed_.set(name, value); })
        ->required(!optional);
  });
  rest::for_each_word(command.options, [&](std::string_view word) {
    const auto& option = option_named(word);
    const auto name = fmt::format("--{}", word);
    const std::string help(option.help);
    if (option.value.empty())
      added->add_flag_callback(
          name, [this, name] { typed_.set(name, ""); }, help);
    else
      added
          ->add_option_function<std::string>(
              name, [this, name](const std::string& value) { typed_.set(name, value); }, help)
          ->type_name(std::string(option.value));
  });
  added->callback([this, added, &command] {
    if (added->get_subcommands().empty()) chosen_ = &command;
  });
}

int CommandLine::run(const base::Config& config) const try {
  chosen_->run(config, typed_);
  return 0;
} catch (const Misuse& misuse) {
  base::complain(misuse.what());
  return 2;
} catch (const db::TryAgain& again) {
  base::complain(again.what());
  return try_again;
} catch (const base::Error& error) {
  report(error);
  return error.code == base::Code::unavailable ? try_again : 1;
}

}  // namespace admin
