// app/mailed_links.cc — asking for a link for a new password by mail, for whoever has lost theirs
// and has an e-mail address that is known to be theirs (app/email.cc). Tests:
// tests/api/mail_test.py.
//
// Nobody is looked up here: that a mail is wanted is noted, and `partywall mail` finds out whether
// anybody has the address. So the answer, and the time that it takes, are the same for every one.
#include "app/email.h"
#include "app/noun.h"
#include "auth/csrf.h"
#include "auth/outbox.h"
#include "auth/subscriber.h"
#include "auth/throttle.h"
#include "base/text.h"

namespace app {
namespace {

struct Way {
  bool by_mail = false;

  static constexpr auto fields() {
    return std::tuple{rest::field("by_mail", &Way::by_mail,
                                  {.help = "Whether this installation sends links by mail."})};
  }
};

struct Wanted {
  std::optional<std::string> email;

  static constexpr auto fields() {
    return std::tuple{rest::field("email", &Wanted::email, recipient_rule)};
  }
};

struct Noted {
  std::string email;

  FIELDS(Noted, email)
};

Answer show(Context& context) { return context.ok(Way{context.config.sends_mail()}); }

// Who asks is nobody, and so has no token that a form would bring: a page of another site could
// have each of its visitors ask from a network address of their own.
Answer ask(Context& context) {
  auth::check_origin(context.request, context.config.public_urls);
  const auto in = context.read<Wanted>();
  check_sends_mail(context);
  auth::Throttle::count_mail(context.db, base::search_key(*in.email),
                             auth::subscriber(context.request.remote_address), std::nullopt);
  auth::Outbox(context.db).add(auth::mail_link, *in.email);
  auto answer = context.ok(Noted{*in.email});
  answer.status = 202;
  return answer;
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "password-link",
     .path = "/auth/password-link",
     .summary = "How whoever has lost a password gets a link to choose a new one.",
     .operations =
         {{{.method = get, .access = anyone, .handle = show, .admits = auth::Admits::all}}},
     .shows = shown_fields<Way>},
    {.name = "password-link-mail",
     .path = "/auth/password-link/mail/",
     .summary = "Have a link for a new password sent to an address. Nothing tells whether anybody "
                "has it.",
     .operations = {{{.method = post,
                      .access = anyone,
                      .handle = ask,
                      .admits = auth::Admits::all,
                      .answers = 202}}},
     .form = {post, describe_fields<Noted, Wanted>}},
};

}  // namespace

std::span<const Route> mailed_links() { return routes; }

}  // namespace app
