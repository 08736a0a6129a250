// admin/addresses.cc — `partywall user drop-email`: an address that somebody else may have set.
// Tests: tests/api/mail_test.py.
#include <fmt/format.h>

#include <stdexcept>

#include "admin/print.h"
#include "admin/task.h"
#include "auth/identities.h"
#include "auth/lock.h"
#include "auth/outbox.h"
#include "auth/sessions.h"

namespace admin {
namespace {

struct Dropped {
  std::string username;

  FIELDS(Dropped, username)
};

// Nobody is written to: whose address it is may be the one it is taken from.
void drop(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  const auto person = task.person_anywhere(typed.get("USERNAME"));
  task.db.transaction([&] {
    const auto locked = auth::lock_person(task.db, person.identity_id);
    auth::Identities identities(task.db);
    const auto before = identities.email(person.identity_id);
    if (!locked || (!before.email && !before.new_email))
      throw std::runtime_error(fmt::format("{} has no e-mail address", person.username));
    identities.set_email(person.identity_id, {});
    auth::Outbox(task.db).forget(person.identity_id);
    task.for_each_membership(person.identity_id, [&](const auto& tenant, const auto& member) {
      auth::end_password_links(task.db, tenant, member.user_id);
      task.audit(tenant, {"email.off", member.user_id});
    });
  });
  print(rest::Document::of(Dropped{person.username}), "username", task.as_json());
}

constexpr Command commands[] = {
    {"user drop-email", "take the e-mail address of a person away, and end what was sent to it",
     "USERNAME", "json", drop},
};

}  // namespace

std::span<const Command> addresses() { return commands; }

}  // namespace admin
