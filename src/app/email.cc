// app/email.cc — a person's own e-mail address, which is theirs once they have shown that: then
// they get a link for a new password there (app/mailed_links.cc). Columns:
// sql/0047_identities_email.sql. Tests: tests/api/mail_test.py.
//
// The link that shows it is taken from the person alone, who is logged in: where a mail went
// astray, whoever got it could otherwise make that address the way into the account. Until then the
// address of before stays. Several people may have one address, so nobody learns whether others
// have it.
#include "app/email.h"

#include "app/company.h"
#include "app/noun.h"
#include "app/own_password.h"
#include "app/users/users.h"
#include "auth/identities.h"
#include "auth/lock.h"
#include "auth/outbox.h"
#include "auth/subscriber.h"
#include "auth/throttle.h"
#include "base/crypto.h"
#include "base/email.h"
#include "base/text.h"

namespace app {
namespace {

struct Address {
  std::optional<std::string> email;
  std::optional<Time> verified_at;
  std::optional<std::string> new_email;

  static constexpr auto fields() {
    return std::tuple{
        base::field("email", &Address::email), base::field("verified_at", &Address::verified_at),
        rest::field("new_email", &Address::new_email,
                    {.help = "Waits for the link that was sent to it; until then `email` stays."})};
  }
};

struct NewAddress {
  std::optional<std::string> email, current_password, code;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("email", &NewAddress::email, recipient_rule),
        rest::field("current_password", &NewAddress::current_password, own_password_rule),
        rest::field("code", &NewAddress::code, code_rule)};
  }
};

struct Proof {
  std::optional<std::string> token;

  static constexpr auto fields() {
    return std::tuple{rest::field(
        "token", &Proof::token,
        {.secret = true, .help = "What comes after #/email/ in the link.", .example = "Token"})};
  }
};

Fields removal_fields(const rest::Version& version) {
  return all_fields<OwnPassword, OwnPassword>(version);
}

Address address_of(const db::Email& stored) {
  return {stored.email, stored.email_verified_at, stored.new_email};
}

void lock(Context& context) { auth::Identities(context.db).lock(context.who().identity_id); }

Answer show(Context& context) {
  return context.ok(address_of(auth::Identities(context.db).email(context.who().identity_id)));
}

void audit_everywhere(Context& context, std::string_view event) {
  context.authenticator.for_each_membership(
      context.who(), [&](const auto& member) { audit_member(context, member, event); });
}

Answer set(Context& context) {
  const auto in = context.read<NewAddress>();
  check_sends_mail(context);
  const auto& person = context.who().identity_id;
  const auto key = base::search_key(*in.email);
  const auto from = auth::subscriber(context.request.remote_address);
  // First, so that no code is used up for nothing; it counts for whoever knows the password alone.
  auth::Throttle::check_mail(context.db, key, from, person);
  auth::Outbox(context.db).check_room();
  const auto confirmed = confirm_own_password(context, *in.current_password, in.code);
  auth::Throttle::count_mail(context.db, key, from, person);
  auth::Identities identities(context.db);
  db::Email email;
  context.transaction([&] {
    lock_confirmed(context, confirmed);
    email = identities.email(person);
    auth::Outbox outbox(context.db);
    outbox.forget(person, auth::mail_verify);
    const bool is_new = !email.email || base::search_key(*email.email) != key;
    email.new_email = is_new ? in.email : std::nullopt;
    email.new_email_token.reset();
    email.new_email_ends_at.reset();
    identities.set_email(person, email);
    if (!is_new) return;
    outbox.add(auth::mail_verify, *in.email, person);
    if (email.email) outbox.add(auth::mail_changing, *email.email, person);
  });
  return context.ok(address_of(email));
}

Answer remove(Context& context) {
  const auto in = context.read<OwnPassword>();
  const auto& person = context.who().identity_id;
  const auto confirmed = confirm_own_password(context, *in.current_password, in.code);
  context.transaction([&] {
    lock_confirmed(context, confirmed);
    auth::Identities identities(context.db);
    auth::Outbox outbox(context.db);
    const auto before = identities.email(person);
    outbox.forget(person, auth::mail_verify);
    identities.set_email(person, {});
    if (!before.email) return;
    end_own_password_links(context);  // one may be in the mailbox of before
    if (context.config.sends_mail()) outbox.add(auth::mail_removed, *before.email, person);
    audit_everywhere(context, "email.off");
  });
  return no_content();
}

// All that can be wrong with a link is one answer.
[[noreturn]] void invalid_link() {
  base::invalid("token", "This link is not valid, or not any more. Ask for a new one.");
}

// Who has shown that the address is theirs may know how many have it.
void check_is_not_everybodys(auth::Identities& identities, const std::string& address,
                             const Uuid& person) {
  auto others = identities.with_email(address, most_people_of_address);
  std::erase_if(others, [&](const auto& each) { return each.id == person; });
  if (others.size() >= static_cast<std::size_t>(most_people_of_address))
    base::invalid("token", "Five people have this address already. Choose another one.");
}

Answer verify(Context& context) {
  const auto in = context.read<Proof>();
  const auto& person = context.who().identity_id;
  const auto now = Time::now();
  db::Email email;
  context.db.transaction([&] {
    auth::lock_caller(context.db, context.who());
    auth::Identities identities(context.db);
    email = identities.email(person);
    if (!email.new_email || !email.new_email_token || !email.new_email_ends_at ||
        *email.new_email_ends_at < now ||
        !base::same_bytes(*email.new_email_token, base::view(base::sha256(*in.token))))
      invalid_link();
    check_is_not_everybodys(identities, *email.new_email, person);
    email = {.email = email.new_email, .email_verified_at = now};
    identities.set_email(person, email);
    end_own_password_links(context);  // one may be in the mailbox of before
    audit_everywhere(context, "email.on");
  });
  return context.ok(address_of(email));
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "email",
     .path = "/auth/email",
     .summary = "Your e-mail address, to which a link for a new password can be sent.",
     .operations = {{{.method = get, .access = staff, .handle = show, .by = By::no_api_token},
                     {.method = put,
                      .access = staff,
                      .handle = set,
                      .looks_at_condition = true,
                      .by = By::no_api_token,
                      .summary = "Have a link sent to an address, which becomes yours by it."},
                     {.method = delete_,
                      .access = staff,
                      .handle = remove,
                      .looks_at_condition = true,
                      .by = By::no_api_token,
                      .takes = removal_fields,
                      .summary = "Have no address any more."}}},
     .form = {put, describe_fields<Address, NewAddress>},
     .lock = lock},
    {.name = "email-verify",
     .path = "/auth/email/verify/",
     .summary = "Show that an address is yours, by the link that was sent to it.",
     .operations = {{{.method = post,
                      .access = staff,
                      .handle = verify,
                      .by = By::no_api_token,
                      .answers = 200}}},
     .form = {post, describe_fields<Address, Proof>}},
};

}  // namespace

std::span<const Route> email() { return routes; }

void check_recipient(std::string& value, std::string_view field, base::Problems& problems) {
  if (!base::is_email(value))
    problems.add(field, "Enter a valid email address.");
  else if (!base::is_recipient(value))
    problems.add(field, "Mail servers take some signs of this address for more than its name.");
}

void check_sends_mail(const Context& context) {
  if (context.config.sends_mail()) return;
  base::Error error(base::Code::unavailable, "This installation sends no mail.");
  error.reason = "no_mail";
  throw error;
}

void end_email(Context& context) {
  const auto& person = context.who().identity_id;
  auth::Identities identities(context.db);
  const auto before = identities.email(person);
  auth::Outbox(context.db).forget(person, auth::mail_verify);  // what warns them goes out
  if (!before.email && !before.new_email) return;
  identities.set_email(person, {});
  if (before.email) audit_everywhere(context, "email.off");
}

}  // namespace app
