// admin/command_line.h — the operator's commands as subcommands of the program.
#pragma once
#include <string>
#include <vector>

#include "admin/command.h"

namespace CLI {
class App;
}

namespace admin {

// Of what was typed, the first word that stands where a command is wanted and is none, in a
// sentence; "" when there is no such word.
std::string unknown_word(const CLI::App& app, const std::vector<std::string>& typed);

class CommandLine {
 public:
  // Adds all commands, each with --config, which sets `config_path`. Both are lent for the
  // lifetime.
  CommandLine(CLI::App& app, std::string& config_path);

  // The command that was typed, when parsing has ended; nullptr: none of these.
  const Command* chosen() const { return chosen_; }

  // Runs it. Answers the exit status: 0 it was done, 1 it could not be done, 2 it was no command;
  // why not goes to standard error.
  int run(const base::Config& config) const;

 private:
  void add(CLI::App& app, const Command& command);

  std::string& config_path_;
  const Command* chosen_ = nullptr;
  Typed typed_;
};

}  // namespace admin
