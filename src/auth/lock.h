// auth/lock.h — locks what credentials are made from, and looks at it again.
//
// A login, a token, a refresh, a switch, an API token or an invitation is made from what was read a
// moment before: a password's hash, a generation, a session. Whatever makes a credential, and
// whatever ends one, takes its locks in this order and keeps them until its transaction ends:
//
//   1. the person's identity; of two, by id      lock_person, lock_identities
//   2. users, by company and id                  lock_person, lock_member
//   3. what hangs on them: the session, token    lock_caller
//      or family; the company; an invitation
//
// So one of the two is first, and the other sees what it did. Passwords are verified and hashed
// before the transaction: nobody waits for a lock that long. Whoever changes a user holds that
// person's identity, so of two people's users either may be first.
#pragma once
#include <optional>
#include <vector>

#include "auth/authenticator.h"
#include "auth/role.h"
#include "base/uuid.h"
#include "db/connection.h"
#include "db/unscoped.h"

namespace auth {

// A person whose identity and users, in every company, are locked.
struct LockedPerson {
  db::Identity identity;
  std::vector<db::Membership> memberships;  // by company
  Role role = Role::staff;                  // of who asked, where they did (still_holds)

  bool belongs_to(const base::Uuid& company_id) const;
};

// Locks two people's identities.
void lock_identities(db::Connection& db, const base::Uuid& a, const base::Uuid& b);

// Locks a person. nullopt: there is none of that id any more.
std::optional<LockedPerson> lock_person(db::Connection& db, const base::Uuid& identity_id);

// Locks somebody who asks, and that by which they are known: the row of the session, of the API
// token or of the web token's family. nullopt when that, the membership, or the password that they
// came with, has ended meanwhile, or when they came without a code and have a second factor now.
std::optional<LockedPerson> still_holds(db::Connection& db, const Principal& who);

// The same for the caller of a request. Throws base::Error{unauthorized} instead.
LockedPerson lock_caller(db::Connection& db, const Principal& who);

// Locks one user of the tenant, after the identity. Whether they are a member still, as that
// person; empty: as nobody who could log in.
bool lock_member(db::Connection& db, const db::Tenant& tenant, const base::Uuid& user_id,
                 const std::optional<base::Uuid>& identity_id);

}  // namespace auth
