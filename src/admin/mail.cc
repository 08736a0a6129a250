// admin/mail.cc — `partywall mail`: sends what waits in the outbox (auth/outbox.h).
// partywall-mail.timer starts it. Tests: tests/api/mail_sending_test.py.
//
// The text of a mail and the link in it are made here, at the moment when it is sent; whoever is
// not there any more, or never was, gets none. A mail that could not be handed over is tried again
// after pauses that double, for a day; each attempt makes a new link in the place of the one
// before. It is noted before it is begun, so two commands, on one host or two, do not send one mail
// twice; where one is killed in between, the next attempt may be a second mail.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "admin/mail_text.h"
#include "admin/print.h"
#include "admin/sendmail.h"
#include "admin/task.h"
#include "app/email.h"
#include "app/password_links.h"
#include "auth/identities.h"
#include "auth/lock.h"
#include "auth/outbox.h"
#include "auth/sessions.h"
#include "base/crypto.h"
#include "base/standard_output.h"
#include "base/text.h"

namespace admin {
namespace {

using base::Time;
using base::Uuid;

constexpr std::int64_t first_pause_seconds = 60, longest_pause_seconds = 4 * 3600;
constexpr std::int64_t at_a_time = 50;
// So that a command ends, however many are asked for meanwhile; the timer starts the next one.
constexpr int most_rounds = 100;
// Where so many fail one after the other it is the program that fails, and not they.
constexpr int most_failures = 5;

// What became of a mail.
constexpr std::string_view sent = "sent", waits = "waits", refused = "refused",
                           given_up = "given up", nobodys = "is nobody's";

struct Line {
  Uuid id;
  std::string kind, state;
  std::int64_t attempts = 0;

  FIELDS(Line, id, kind, state, attempts)
};

std::int64_t pause_after(std::int64_t attempts) {
  return std::min(longest_pause_seconds,
                  first_pause_seconds << std::min<std::int64_t>(attempts, 10));
}

class Postman {
 public:
  Postman(const base::Config& config, Task& task)
      : config_(config), task_(task), outbox_(task.db), site_(config.public_urls.front()) {}

  // Whether there may be more to send.
  bool send_some() {
    const auto due = outbox_.due(Time::now(), at_a_time);
    for (const auto& mail : due) {
      const auto state = send(mail);
      if (state.empty()) continue;
      lines.push_back({mail.id, mail.kind, std::string(state), mail.attempts + 1});
      if (state == waits) failures_++;
      if (state == sent) failures_ = 0;
      if (failures_ == most_failures) return false;
    }
    return static_cast<std::int64_t>(due.size()) == at_a_time;
  }

  std::vector<Line> lines;

 private:
  // "": another command has begun it. What is in the way of one, as a row that somebody holds,
  // holds up no other.
  std::string_view send(const db::Mail& mail) try {
    return try_to_send(mail);
  } catch (const base::Error& error) {
    base::complain(fmt::format("mail {} ({}): {}", mail.id.text(), mail.kind,
                               error.cause.empty() ? error.what() : error.cause));
    return waits;
  }

  std::string_view try_to_send(const db::Mail& mail) {
    const auto now = Time::now();
    if (mail.created_at.plus_seconds(auth::mail_lives_seconds) < now) {
      outbox_.end(mail);
      return given_up;
    }
    if (!outbox_.begin(mail,
                       now.plus_seconds(config_.sendmail_seconds + pause_after(mail.attempts))))
      return "";
    const auto letters = write(mail);
    auto state = letters.empty() ? nobodys : sent;
    for (const auto& letter : letters) {
      const auto handed = hand_over(letter, mail);
      if (!handed.done && state != waits) state = handed.for_good ? refused : waits;
    }
    if (state != waits) outbox_.end(mail);
    return state;
  }

  HandedOver hand_over(const Letter& letter, const db::Mail& mail) const {
    const auto id = fmt::format("{}.{}", mail.id.text(), mail.attempts + 1);
    auto handed = admin::hand_over(config_.sendmail, config_.mail_from, letter.recipient,
                                   whole_mail(letter, config_.mail_from, id, Time::wall()),
                                   config_.sendmail_seconds);
    if (!handed.done)
      base::complain(fmt::format("mail {} ({}): {}", mail.id.text(), mail.kind, handed.why));
    return handed;
  }

  // Each with its recipient; none: it is nobody's.
  std::vector<Letter> write(const db::Mail& mail) {
    if (mail.kind == auth::mail_link) return write_links(mail.recipient);
    std::optional<Letter> letter;
    if (mail.kind == auth::mail_verify) {
      letter = write_proof(mail);
    } else if (const auto person = auth::Identities(task_.db).find(mail.identity_id)) {
      letter = mail.kind == auth::mail_changing ? changing_letter(site_, person->username)
                                                : removed_letter(site_, person->username);
    }
    if (!letter) return {};
    letter->recipient = mail.recipient;
    return {*std::move(letter)};
  }

  // To the address as those have confirmed it who have it; whoever asks may have typed it with
  // other capitals, which is another mailbox to some servers.
  std::vector<Letter> write_links(const std::string& asked_for) {
    std::map<std::string, std::vector<LinkOf>> links;
    for (const auto& person :
         auth::Identities(task_.db).with_email(asked_for, app::most_people_of_address))
      add_link_of(person.id, asked_for, links);
    std::vector<Letter> letters;
    for (const auto& [address, of_people] : links) {
      letters.push_back(link_letter(site_, of_people));
      letters.back().recipient = address;
    }
    return letters;
  }

  // A link for one of those who have the address: locked, and looked at again.
  void add_link_of(const Uuid& id, const std::string& address,
                   std::map<std::string, std::vector<LinkOf>>& links) {
    std::optional<LinkOf> link;
    std::string recipient;
    task_.db.transaction([&] {
      link.reset();
      const auto person = auth::lock_person(task_.db, id);
      const auto email = auth::Identities(task_.db).email(id).email;
      if (!person || !email || base::search_key(*email) != base::search_key(address)) return;
      recipient = *email;
      task_.for_each_membership(id, [&](const auto& tenant, const auto& member) {
        if (task_.has_moved(tenant)) return;  // nothing there lets anybody in
        auth::end_password_links(task_.db, tenant, member.user_id);
        if (!link)
          link =
              LinkOf{person->identity.username,
                     site_ + app::password_link_path(app::make_own_link(
                                 task_.db, tenant, member.company_id, member.user_id, an_hour()))};
        task_.audit_by_mail(tenant, {"user.link", member.user_id, "by mail"});
      });
    });
    if (link) links[recipient].push_back(*std::move(link));
  }

  std::optional<Letter> write_proof(const db::Mail& mail) {
    const auto token = base::base64url(base::random_string(32));
    bool is_wanted = false;
    task_.db.transaction([&] {
      auth::Identities identities(task_.db);
      auto email =
          identities.lock(mail.identity_id) ? identities.email(mail.identity_id) : db::Email{};
      is_wanted = email.new_email == mail.recipient;
      if (!is_wanted) return;
      email.new_email_token = base::view(base::sha256(token));
      email.new_email_ends_at = an_hour();
      identities.set_email(mail.identity_id, email);
    });
    if (!is_wanted) return std::nullopt;
    return verify_letter(site_, site_ + "/#/email/" + token);
  }

  static Time an_hour() { return Time::now().plus_seconds(app::mailed_link_seconds); }

  const base::Config& config_;
  Task& task_;
  auth::Outbox outbox_;
  const std::string site_;
  int failures_ = 0;
};

void run(const base::Config& config, const Typed& typed) {
  if (!config.sends_mail()) return;  // none are sent here; `check-config` says so
  Task task(config, typed);
  Postman postman(config, task);
  for (int round = 0; round < most_rounds && postman.send_some();) round++;
  if (postman.lines.empty()) return;
  print(rest::Document::of(postman.lines), "id kind state attempts", task.as_json());
  if (std::ranges::any_of(postman.lines, [](const auto& line) { return line.state == waits; }))
    throw std::runtime_error("not all could be sent; what waits is tried again");
}

constexpr Command commands[] = {
    {"mail", "send the mails that wait to be sent", "", "json", run, base::Use::mail},
};

}  // namespace

std::span<const Command> mail() { return commands; }

}  // namespace admin
