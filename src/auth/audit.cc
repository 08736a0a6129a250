// auth/audit.cc — see audit.h.
#include "auth/audit.h"

namespace auth {
namespace {

using base::Time;
using base::Uuid;

constexpr std::size_t longest_request_id = 64;

constexpr db::Scoped<void, Uuid, Time, std::string, std::optional<Uuid>, std::string,
                     std::optional<Uuid>, std::string, std::string, std::string>
    insert_one{R"(
    INSERT INTO audit (company_id, id, date, event, actor_id, actor, user_id, detail, address,
                       request_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))"};

}  // namespace

Actor user_actor(const Uuid& user_id, std::string_view name, const http::Request& request) {
  return {user_id, std::string(name), request.remote_address, request.id};
}

Actor operator_actor(const http::Request& request) {
  return {std::nullopt, "operator", request.remote_address, request.id};
}

Actor unknown_actor(const http::Request& request) {
  return {std::nullopt, "", request.remote_address, request.id};
}

void note(db::Connection& db, const db::Tenant& tenant, const Actor& actor, const Event& event) {
  const auto now = Time::now();
  db.run(insert_one, tenant, Uuid::make(now), now, std::string(event.name), actor.user_id,
         actor.name, event.user, event.detail, actor.address,
         actor.request_id.substr(0, longest_request_id));
}

}  // namespace auth
