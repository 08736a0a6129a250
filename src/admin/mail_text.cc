// admin/mail_text.cc — see mail_text.h. Tests: tests/api/mail_test.py.
#include "admin/mail_text.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace admin {
namespace {

// "Sat, 28 Nov 2026 12:00:00 +0000", whatever the locale.
std::string date_of(base::Time time) {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = time.micros / 1'000'000;
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                     days.at(static_cast<std::size_t>(tm.tm_wday)), tm.tm_mday,
                     months.at(static_cast<std::size_t>(tm.tm_mon)), tm.tm_year + 1900, tm.tm_hour,
                     tm.tm_min, tm.tm_sec);
}

}  // namespace

Letter link_letter(const std::string& site, const std::vector<LinkOf>& links) {
  std::string body =
      fmt::format("Somebody has asked for a new password at {}\n"
                  "for this address. If it was not you, do nothing: your password stays.\n",
                  site);
  for (const auto& each : links)
    body += fmt::format("\nYour username is {}\n"
                        "Choose a new password for it within the hour, by this link:\n{}\n",
                        each.username, each.url);
  return {"Choose a new password",
          body + "\nA link is good once. All your sessions end with it; a second factor stays.\n"};
}

Letter verify_letter(const std::string& site, const std::string& url) {
  return {"Confirm your e-mail address",
          fmt::format("Somebody who is logged in at {}\n"
                      "has given this address as theirs. If it was you, open this link within the\n"
                      "hour, where you are logged in:\n\n{}\n\n"
                      "If it was not you, do nothing.\n",
                      site, url)};
}

Letter changing_letter(const std::string& site, const std::string& username) {
  return {"Another e-mail address for your account",
          fmt::format("Your username at {}\nis {}\n\n"
                      "Another e-mail address was given for it, with your password. When it is\n"
                      "confirmed, this one is yours there no more.\n\n"
                      "If it was not you, choose a new password at once.\n",
                      site, username)};
}

Letter removed_letter(const std::string& site, const std::string& username) {
  return {
      "Your e-mail address was removed",
      fmt::format("Your username at {}\nis {}\n\n"
                  "This e-mail address was taken away from it, with your password. Links for a\n"
                  "new password are sent here no more.\n\n"
                  "If it was not you, choose a new password at once.\n",
                  site, username)};
}

std::string whole_mail(const Letter& letter, const std::string& from, const std::string& id,
                       base::Time now) {
  return fmt::format("From: {}\n"
                     "To: {}\n"
                     "Subject: {}\n"
                     "Date: {}\n"
                     "Message-ID: <{}@{}>\n"
                     "Auto-Submitted: auto-generated\n"
                     "MIME-Version: 1.0\n"
                     "Content-Type: text/plain; charset=utf-8\n"
                     "Content-Transfer-Encoding: 8bit\n"
                     "\n{}",
                     from, letter.recipient, letter.subject, date_of(now), id,
                     from.substr(from.rfind('@') + 1), letter.body);
}

}  // namespace admin
