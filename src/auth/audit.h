// auth/audit.h — what happened to the security of a company, and by whom: rows that are only ever
// added (sql/0012_audit.sql). Read by `partywall audit list`.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/uuid.h"
#include "db/connection.h"
#include "db/tenant.h"
#include "http/request.h"

namespace auth {

// By whom, and from where.
struct Actor {
  std::optional<base::Uuid> user_id;  // of the tenant's company; empty: an operator, or unknown
  std::string name;
  std::string address;
  std::string request_id;
};

Actor user_actor(const base::Uuid& user_id, std::string_view name, const http::Request& request);
Actor operator_actor(const http::Request& request);
Actor unknown_actor(const http::Request& request);

struct Event {
  std::string_view name;           // "user.role"
  std::optional<base::Uuid> user;  // whom it is about
  std::string detail = {};         // for people; at most 255 characters
};

// Notes an event. Belongs into the transaction that makes it so, as its last statement: the row
// locks the users that it names, which an update before it has locked better.
void note(db::Connection& db, const db::Tenant& tenant, const Actor& actor, const Event& event);

}  // namespace auth
