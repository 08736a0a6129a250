// admin/mail.cc — `partywall mail`: sends what waits in the outbox (auth/outbox.h).
// partywall-mail.timer starts it. Tests: tests/api/mail_sending_test.py.
//
// The text of a mail and the link in it are made here, at the moment when it is sent; whoever is
// not there any more, or never was, gets none. A mail that could not be handed over is tried again
// after pauses that double, for a day; each attempt makes a new link in the place of the one
// before. It is noted before it is begun, so two commands, on one host or two, do not send one mail
// twice. Where somebody ends a command, it finishes the mail in hand; where one is killed, the next
// attempt may be a second mail.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

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
#include "base/no_end.h"
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
  std::optional<Uuid> id;  // empty: several
  std::string kind, state;
  std::optional<std::int64_t> attempts;
  std::int64_t mails = 1;

  FIELDS(Line, id, kind, state, attempts, mails)
};

// A person, and the address as they have confirmed it.
struct Addressee {
  Uuid id;
  std::string address;
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
    auto due = outbox_.due(Time::now(), at_a_time);
    is_more_ = static_cast<std::int64_t>(due.size()) == at_a_time;
    for (auto& mail : due) {
      const base::NoEnd until_it_is_done;
      const auto state = send(mail);
      if (!state.empty()) note(mail, state);
      if (failures_ == most_failures) return false;
    }
    return is_more_;
  }

  std::vector<Line> lines;

 private:
  // Those that are nobody's are as many as somebody likes to ask for: they are counted.
  void note(const db::Mail& mail, std::string_view state) {
    if (state == waits) failures_++;
    if (state == sent) failures_ = 0;
    if (state != nobodys) {
      lines.push_back({mail.id, mail.kind, std::string(state), mail.attempts});
      return;
    }
    const auto of_kind = std::ranges::find_if(
        lines, [&](const auto& line) { return !line.id && line.kind == mail.kind; });
    if (of_kind != lines.end())
      of_kind->mails++;
    else
      lines.push_back({{}, mail.kind, std::string(state), {}});
  }

  // "": another command has begun it, or others wait in its place. What is in the way of one, as a
  // row that somebody holds, holds up no other.
  std::string_view send(db::Mail& mail) {
    std::string why;
    try {
      return try_to_send(mail);
    } catch (const base::Error& error) {
      why = error.cause.empty() ? error.what() : error.cause;
    } catch (const std::runtime_error& error) {
      why = error.what();
    }
    complain(mail, why);
    return waits;
  }

  static void complain(const db::Mail& mail, std::string_view why) {
    base::complain(fmt::format("mail {} ({}): {}", mail.id.text(), mail.kind, why));
  }

  std::string_view try_to_send(db::Mail& mail) {
    const auto now = Time::now();
    if (mail.created_at.plus_seconds(auth::mail_lives_seconds) < now) {
      outbox_.end(mail);
      return given_up;
    }
    // It is handed over once, so nobody else begins it before that is over.
    if (!outbox_.begin(mail,
                       now.plus_seconds(config_.sendmail_seconds + pause_after(mail.attempts))))
      return "";
    const auto addressees = addressees_of(mail);
    if (is_divided(mail, addressees)) return "";
    auto state = nobodys;
    if (const auto letter = write(mail, addressees)) state = hand_over(*letter, mail);
    if (state != waits) outbox_.end(mail);
    return state;
  }

  std::string_view hand_over(const Letter& letter, const db::Mail& mail) const {
    const auto id = fmt::format("{}.{}", mail.id.text(), mail.attempts);
    const auto handed = admin::hand_over(config_.sendmail, config_.mail_from, letter.recipient,
                                         whole_mail(letter, config_.mail_from, id, Time::wall()),
                                         config_.sendmail_seconds);
    if (handed.done) return sent;
    complain(mail, handed.why);
    return handed.for_good ? refused : waits;
  }

  // Of a link: those who have the address, or of them the one whom it is about.
  std::vector<Addressee> addressees_of(const db::Mail& mail) {
    if (mail.kind != auth::mail_link) return {};
    auth::Identities identities(task_.db);
    std::vector<Addressee> result;
    const auto add = [&](const Uuid& id) {
      auto email = identities.email(id).email;
      if (email && base::search_key(*email) == base::search_key(mail.recipient))
        result.push_back({id, *std::move(email)});
    };
    if (mail.identity_id != Uuid{}) {
      add(mail.identity_id);
    } else {
      for (const auto& person : identities.with_email(mail.recipient, app::most_people_of_address))
        add(person.id);
    }
    return result;
  }

  // With other capitals it is another mailbox to some servers. So those who wrote one address
  // differently get a mail each, which arrives or fails by itself.
  bool is_divided(const db::Mail& mail, const std::vector<Addressee>& addressees) {
    if (std::ranges::all_of(addressees, [&](const auto& each) {
          return each.address == addressees.front().address;
        }))
      return false;
    task_.db.transaction([&] {
      for (const auto& each : addressees) outbox_.add(auth::mail_link, each.address, each.id);
      outbox_.end(mail);
    });
    is_more_ = true;
    return true;
  }

  // With its recipient; nullopt: it is nobody's.
  std::optional<Letter> write(const db::Mail& mail, const std::vector<Addressee>& addressees) {
    if (mail.kind == auth::mail_link) return write_links(addressees);
    std::optional<Letter> letter;
    if (mail.kind == auth::mail_verify) {
      letter = write_proof(mail);
    } else if (const auto person = auth::Identities(task_.db).find(mail.identity_id)) {
      letter = mail.kind == auth::mail_changing ? changing_letter(site_, person->username)
                                                : removed_letter(site_, person->username);
    }
    if (letter) letter->recipient = mail.recipient;
    return letter;
  }

  // To the address as those have confirmed it who have it, however whoever asks has typed it.
  std::optional<Letter> write_links(const std::vector<Addressee>& addressees) {
    std::vector<LinkOf> links;
    for (const auto& each : addressees)
      if (auto link = make_link(each)) links.push_back(*std::move(link));
    if (links.empty()) return std::nullopt;
    auto letter = link_letter(site_, links);
    letter.recipient = addressees.front().address;
    return letter;
  }

  // For one of those who have the address: locked, and looked at again. What is asked for is in no
  // audit: an admin who asks would read there whose an address is. What is chosen by it is.
  std::optional<LinkOf> make_link(const Addressee& of) {
    std::optional<LinkOf> link;
    task_.db.transaction([&] {
      link.reset();
      const auto person = auth::lock_person(task_.db, of.id);
      if (!person || auth::Identities(task_.db).email(of.id).email != of.address) return;
      task_.for_each_membership(of.id, [&](const auto& tenant, const auto& member) {
        if (task_.has_moved(tenant)) return;  // nothing there lets anybody in
        auth::end_password_links(task_.db, tenant, member.user_id);
        if (!link)
          link =
              LinkOf{person->identity.username,
                     site_ + app::password_link_path(app::make_own_link(
                                 task_.db, tenant, member.company_id, member.user_id, an_hour()))};
      });
    });
    return link;
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
  bool is_more_ = false;
};

void run(const base::Config& config, const Typed& typed) {
  if (!config.sends_mail()) return;  // none are sent here; `check-config` says so
  Task task(config, typed);
  Postman postman(config, task);
  for (int round = 0; round < most_rounds && postman.send_some();) round++;
  if (postman.lines.empty()) return;
  print(rest::Document::of(postman.lines), "id kind state attempts mails", task.as_json());
  if (std::ranges::any_of(postman.lines, [](const auto& line) { return line.state == waits; }))
    throw std::runtime_error("not all could be sent; what waits is tried again");
}

constexpr Command commands[] = {
    {"mail", "send the mails that wait to be sent", "", "json", run, base::Use::mail},
};

}  // namespace

std::span<const Command> mail() { return commands; }

}  // namespace admin
