// auth/authenticator.cc — see authenticator.h.
#include "auth/authenticator.h"

#include "auth/sessions.h"
#include "base/text.h"
#include "http/response.h"

namespace auth {
namespace {

using base::Uuid;

struct Member {
  Uuid user_id;
  Uuid identity_id;
  std::string username;
  Role role;

  static constexpr auto fields() {
    return std::tuple{base::field("user_id", &Member::user_id),
                      base::field("identity_id", &Member::identity_id),
                      base::field("username", &Member::username),
                      base::field("role", &Member::role)};
  }
};

constexpr db::Scoped<Member, std::string, base::Time> member_by_session{R"(
    SELECT u.id, u.identity_id, u.username, u.role
      FROM sessions s
      JOIN users u ON u.company_id = s.company_id AND u.id = s.user_id
     WHERE s.company_id = ? AND s.token_hash = ? AND s.expires_at > ? AND u.removed_at IS NULL)"};

constexpr db::Scoped<Member, Uuid> member_by_identity{R"(
    SELECT id, identity_id, username, role FROM users
     WHERE company_id = ? AND identity_id = ? AND removed_at IS NULL)"};

void fill(Principal& principal, Member member, Principal::Via via) {
  principal.user_id = member.user_id;
  principal.identity_id = member.identity_id;
  principal.username = std::move(member.username);
  principal.role = member.role;
  principal.via = via;
}

[[noreturn]] void wrong_credentials() {
  throw base::Error(base::Code::unauthorized, "Invalid username/password.");
}

// What no password hashes to, so that an unknown name costs as much as a wrong password.
const std::string& nobodys_hash() {
  static const std::string hash = base::hash_password(base::random_string(32));
  return hash;
}

}  // namespace

std::string username_key(std::string_view username) {
  return base::casefold(base::nfkc(base::trim(username)));
}

std::unique_ptr<Principal> Authenticator::mint(const Uuid& company_id) const {
  return std::make_unique<Principal>(base::PassKey<Authenticator>(), company_id);
}

Caller Authenticator::identify(const http::Request& request) {
  Caller caller;
  caller.principal = by_cookie(request);
  if (caller.principal) return caller;
  caller.dead_session = request.cookie(http::cookie_name(session_cookie, https_)).has_value();
  const auto authorization = request.header("authorization").value_or("");
  const auto scheme = authorization.substr(0, authorization.find(' '));
  if (base::ascii_iequals(scheme, "basic"))
    caller.principal = by_basic(authorization.substr(scheme.size()));
  return caller;
}

std::unique_ptr<const Principal> Authenticator::by_cookie(const http::Request& request) {
  const auto cookie = request.cookie(http::cookie_name(session_cookie, https_));
  const auto claim = read_session_cookie(cookie.value_or(""));
  if (!claim) return nullptr;
  auto principal = mint(claim->company_id);  // so far a claim: the row below confirms it
  auto member = db_.find(member_by_session, principal->tenant,
                         std::string(base::view(claim->token_hash)), base::Time::now());
  if (!member) return nullptr;
  fill(*principal, *std::move(member), Principal::Via::session);
  principal->session = claim->token_hash;
  return principal;
}

std::unique_ptr<const Principal> Authenticator::by_basic(std::string_view credentials) {
  const auto encoded = base::trim(credentials);
  if (encoded.empty())
    throw base::Error(base::Code::unauthorized, "Invalid basic header. No credentials provided.");
  if (encoded.find(' ') != encoded.npos)
    throw base::Error(base::Code::unauthorized,
                      "Invalid basic header. Credentials string should not contain spaces.");
  const auto pair = base::from_base64(encoded);
  const auto colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos || !base::valid_utf8(*pair)) wrong_credentials();
  const auto identity = check(pair->substr(0, colon), pair->substr(colon + 1));
  if (!identity) wrong_credentials();
  auto entered = enter(*identity);
  if (!entered) wrong_credentials();
  return entered;
}

std::optional<db::Identity> Authenticator::check(std::string_view username,
                                                 std::string_view password) {
  auto identity = db_.find(db::Exempt::identity_by_username, username_key(username));
  const auto& hash = identity ? identity->password_hash : nobodys_hash();
  if (!base::verify_password(hash, password)) return std::nullopt;
  return identity;
}

std::unique_ptr<const Principal> Authenticator::member(const Uuid& company_id,
                                                       const Uuid& identity_id) {
  auto principal = mint(company_id);
  auto row = db_.find(member_by_identity, principal->tenant, identity_id);
  if (!row) return nullptr;
  fill(*principal, *std::move(row), Principal::Via::basic);
  return principal;
}

std::unique_ptr<const Principal> Authenticator::enter(const db::Identity& identity) {
  if (auto principal = member(identity.default_company_id, identity.id)) return principal;
  for (const auto& membership : db_.all(db::Exempt::memberships, identity.id))
    if (auto principal = member(membership.company_id, identity.id)) return principal;
  return nullptr;
}

std::unique_ptr<const Principal> Authenticator::found(const Uuid& company_id, const Uuid& user_id,
                                                      const Uuid& identity_id) {
  auto principal = mint(company_id);
  fill(*principal, {user_id, identity_id, {}, Role::admin}, Principal::Via::login);
  return principal;
}

void Authenticator::for_each_membership(const Uuid& identity_id,
                                        const std::function<void(const Principal&)>& visit) {
  for (const auto& membership : db_.all(db::Exempt::memberships, identity_id))
    if (const auto principal = member(membership.company_id, identity_id)) visit(*principal);
}

}  // namespace auth
