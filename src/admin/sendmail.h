// admin/sendmail.h — hands one mail over to the program that the configuration names, as every
// mail server of Unix brings one: sendmail(8).
#pragma once
#include <string>
#include <string_view>

namespace admin {

struct HandedOver {
  bool done = false;      // the program has taken it
  bool for_good = false;  // it was refused, and would be again
  std::string why = {};   // it was not taken; for the log
};

// Runs `program -i -f FROM -- RECIPIENT` with the text as its standard input, without a shell, and
// waits for at most so many seconds; then it is killed with all that it started. What it says on
// standard error goes to ours. `from` is one of base::is_email, `recipient` of base::is_recipient.
//
// It has taken the mail when it ends with 0. By sysexits(3) 65 (the input), 67 and 68 (no such
// user, no such host) are for good; everything else may be otherwise the next time. Throws
// std::runtime_error where this host has no memory or no process for it.
HandedOver hand_over(const std::string& program, const std::string& from,
                     const std::string& recipient, std::string_view text, int seconds);

// Why it cannot be run, as far as one sees without running it; "": it can.
std::string problem_of_program(const std::string& program);

}  // namespace admin
