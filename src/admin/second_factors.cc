// admin/second_factors.cc — `partywall user drop-factor` and `partywall reseal`: second factors
// that were lost, and the key that they are sealed with. Tests: tests/api/second_factor_test.py.
#include <fmt/format.h>

#include "admin/print.h"
#include "admin/task.h"
#include "auth/identities.h"
#include "auth/lock.h"
#include "auth/second_factor.h"
#include "db/batch.h"

namespace admin {
namespace {

using base::Time;

struct Dropped {
  std::string username;
  Time ended_at;

  FIELDS(Dropped, username, ended_at)
};

// For somebody who has neither the phone nor a recovery code. The operator has to know who asks:
// from here on the password is enough. What they are logged in with stays; where their company
// wants a second factor of its admins, they are kept out until they have set one up.
void drop(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  const auto person = task.person_anywhere(typed.get("USERNAME"));
  const auto now = Time::now();
  task.db.transaction([&] {
    const auto locked = auth::lock_person(task.db, person.identity_id);
    if (!locked || !locked->identity.factor.is_on())
      throw std::runtime_error(fmt::format("{} has no second factor", person.username));
    auth::Identities(task.db).set_factor(person.identity_id, {.factor_ended_at = now});
    task.for_each_membership(person.identity_id, [&](const auto& tenant, const auto& member) {
      auth::note_factor(task.db, tenant, member.user_id, false);
      task.audit(tenant, {"second_factor.off", member.user_id});
    });
  });
  print(rest::Document::of(Dropped{person.username, now}), "username ended_at", task.as_json());
}

struct Resealed {
  std::int64_t people = 0, resealed = 0, not_opened = 0;

  FIELDS(Resealed, people, resealed, not_opened)
};

// One person after the other, each under their lock: a code that is taken meanwhile stays taken.
void reseal_one(Task& task, const auth::SecondFactor& factors, const base::Uuid& id,
                Resealed& result) {
  task.db.transaction([&] {
    const auto identity = auth::Identities(task.db).lock(id);
    if (!identity || !identity->factor.factor_secret) return;
    result.people++;
    if (factors.is_of_first_key(identity->factor, id)) return;
    const auto again = factors.resealed(identity->factor, id);
    if (again) auth::Identities(task.db).set_factor(id, *again);
    (again ? result.resealed : result.not_opened)++;
  });
}

void reseal(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  const auth::SecondFactor factors(config.factor_keys);
  factors.check_configured();
  Resealed result;
  db::for_each_row(
      [&](const auto& batch) { return auth::Identities(task.db).with_companies(batch); },
      [&](const auto& identity) {
        if (identity.factor.factor_secret) reseal_one(task, factors, identity.id, result);
      });
  print(rest::Document::of(result), "people resealed not_opened", task.as_json());
  if (result.not_opened > 0)
    throw std::runtime_error("where no key opens a second factor, its key is another host's, or of "
                             "before a restore");
}

constexpr Command commands[] = {
    {"user drop-factor", "switch the second factor of a person off, who is told at the next login",
     "USERNAME", "json", drop},
    {"reseal", "seal second factors with the key of today, so that the previous one can go", "",
     "json", reseal},
};

}  // namespace

std::span<const Command> second_factors() { return commands; }

}  // namespace admin
