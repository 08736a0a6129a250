// admin/password.cc — see password.h.
#include "admin/password.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <stdexcept>

#include "base/secret_line.h"
#include "base/text.h"

namespace admin {
namespace {

// What is typed is not shown while this lives.
class Hidden {
 public:
  Hidden() {
    tcgetattr(STDIN_FILENO, &shown_);
    auto hidden = shown_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  ~Hidden() { tcsetattr(STDIN_FILENO, TCSADRAIN, &shown_); }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;

 private:
  termios shown_{};
};

std::string read_line() {
  auto line = base::read_secret_line(std::cin);
  if (!line) throw std::runtime_error("no password was given");
  if (!base::valid_utf8(*line)) throw std::runtime_error("the password is not valid UTF-8");
  return *std::move(line);
}

std::string ask(const char* prompt) {
  std::fputs(std::string(prompt).c_str(), stderr);
  auto line = read_line();
  std::fputs("\n", stderr);
  return line;
}

}  // namespace

std::string read_password() {
  if (!isatty(STDIN_FILENO)) return read_line();
  const Hidden hidden;  // before the question: what is typed at once must not be shown
  auto password = ask("Password: ");
  if (password != ask("Again: ")) throw std::runtime_error("the two passwords differ");
  return password;
}

}  // namespace admin
