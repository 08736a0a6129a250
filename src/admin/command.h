// admin/command.h — one command of an operator: how it is typed, and what runs it.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/config.h"

namespace admin {

// What was typed after the command's name: "COMPANY" or "--role" to its value; a flag's is "".
class Typed {
 public:
  void set(std::string_view name, std::string value) {
    values_[std::string(name)] = std::move(value);
  }
  bool has(std::string_view name) const { return values_.contains(name); }
  std::optional<std::string> find(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }
  // "" where it was not typed.
  std::string get(std::string_view name) const { return find(name).value_or(""); }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

// What was typed makes no command: exit status 2.
struct Misuse : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Command {
  std::string_view name;  // "company show"
  std::string_view summary;
  std::string_view arguments;  // "COMPANY [SESSION]": what stands in brackets may be left out
  std::string_view options;    // "role json", each described in admin/command_line.cc
  // Prints the answer. Throws base::Error, std::runtime_error or Misuse.
  void (*run)(const base::Config& config, const Typed& typed);
  base::Use use = base::Use::serve;
};

// The commands, a noun a file.
std::span<const Command> companies();
std::span<const Command> users();
std::span<const Command> second_factors();
std::span<const Command> addresses();
std::span<const Command> sessions();
std::span<const Command> invitations();
std::span<const Command> audit();
std::span<const Command> rebuild();
std::span<const Command> upgraded();
std::span<const Command> clean();
std::span<const Command> check();
std::span<const Command> archives();
std::span<const Command> exports();
std::span<const Command> mail();
std::span<const Command> migrations();

}  // namespace admin
