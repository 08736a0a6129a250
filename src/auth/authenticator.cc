// auth/authenticator.cc — see authenticator.h.
#include "auth/authenticator.h"

#include <algorithm>

#include "auth/caller_memory.h"
#include "auth/identities.h"
#include "auth/rows.h"
#include "auth/sessions.h"
#include "auth/tokens.h"
#include "base/text.h"
#include "http/response.h"

namespace auth {
namespace {

using base::Time;
using base::Uuid;

[[noreturn]] void unauthorized(std::string message, std::string reason = {}) {
  base::Error error(base::Code::unauthorized, std::move(message));
  error.reason = std::move(reason);
  throw error;
}

// A code changes with each request, so HTTP Basic has no place for one.
[[noreturn]] void wrong_credentials(std::string_view reason = {}) {
  unauthorized("Invalid username/password.", std::string(reason));
}

// In the reference's words; `message` says what is wrong with the token.
[[noreturn]] void bad_token(std::string_view message) {
  base::Error error(base::Code::unauthorized, "Given token not valid for any token type");
  error.reason = "token_not_valid";
  error.details = {
      {"token_class", "AccessToken"}, {"token_type", "access"}, {"message", std::string(message)}};
  throw error;
}

// Of a secret whose hash was read or made.
Credential credential_of(const SecretClaim& claim, Principal::Via via) {
  Credential credential{claim.company_id, via, {}};
  std::ranges::copy(claim.hash, credential.digest.begin());
  return credential;
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

}  // namespace

void fill(Principal& principal, UserRow member, Principal::Via via) {
  principal.user_id = member.user_id;
  principal.identity_id = member.identity_id;
  principal.username = std::move(member.username);
  principal.role = member.role;
  principal.token_generation = member.token_generation;
  principal.suspended = member.suspended_at.has_value();
  principal.erase_at = member.erase_at;
  principal.moved_to = std::move(member.moved_to);
  principal.has_factor = member.has_factor != 0;
  principal.needs_factor = member.role == Role::admin && member.second_factor_of == "admins";
  principal.via = via;
}

std::string username_key(std::string_view username) {
  const auto name = base::trim(username);
  if (name.size() > most_name_bytes) return "";
  return base::casefold(base::nfkc(name));
}

std::unique_ptr<Principal> Authenticator::mint(const Uuid& company_id) const {
  return std::make_unique<Principal>(base::PassKey<Authenticator>(), company_id);
}

Caller Authenticator::identify(const http::Request& request, Access access, Admits admits) {
  auto caller = resolve(request, access == Access::anyone && admits != Admits::moved);
  if (caller.principal) check_open(*caller.principal, admits);
  return caller;
}

Caller Authenticator::resolve(const http::Request& request, bool passes_over_moved) {
  const auto authorization = base::trim(request.header("authorization").value_or(""));
  Caller caller;
  const auto scheme = first_word(authorization);  // in any case (RFC 9110 section 11.1)
  if (base::ascii_iequals(scheme, "bearer")) {
    caller.principal = by_bearer(authorization, request);
    return caller;
  }
  caller.principal = by_cookie(request);
  if (caller.principal && !(caller.principal->moved_to && passes_over_moved)) return caller;
  // A session of a company that has moved stays, as that may come back.
  caller.dead_session =
      !caller.principal &&
      request.cookie(http::cookie_name(session_cookie, config_.https())).has_value();
  caller.principal.reset();
  if (base::ascii_iequals(scheme, "basic"))
    caller.principal = by_basic(authorization.substr(scheme.size()), request);
  return caller;
}

// What is read in a transaction may be older than what was changed since, and what is to be changed
// is looked at as it is.
CallerMemory* Authenticator::memory_for(const http::Request& request) const {
  const bool only_reads =
      request.method == http::Method::get || request.method == http::Method::head;
  return config_.remember_callers && only_reads && !db_.in_transaction() ? memory_ : nullptr;
}

std::unique_ptr<const Principal> Authenticator::by_cookie(const http::Request& request) {
  const auto cookie = request.cookie(http::cookie_name(session_cookie, config_.https()));
  const auto claim = read_secret(cookie.value_or(""));
  if (!claim) return nullptr;
  auto principal = mint(claim->company_id);  // so far a claim: the row below confirms it
  CallerMemory::Search search(memory_for(request), credential_of(*claim, Principal::Via::session));
  if (search.fill(*principal)) return principal;
  const auto now = Time::now();
  auto row = db_.find(select_by_session, principal->tenant, claim->hash, now,
                      now.plus_seconds(-session_idle_seconds));
  if (!row) return nullptr;
  fill(*principal, std::move(row->member), Principal::Via::session);
  principal->credential = claim->hash;
  principal->ends_at = row->expires_at;
  principal->good_until =
      std::min(row->expires_at, row->last_seen_at.plus_seconds(session_idle_seconds));
  touch_session(db_, *principal, row->last_seen_at);
  search.keep(*principal, principal->good_until);
  return principal;
}

std::unique_ptr<const Principal> Authenticator::by_bearer(std::string_view authorization,
                                                          const http::Request& request) {
  const auto token = base::trim(authorization.substr(first_word(authorization).size()));
  if (token.empty() || token.find(' ') != token.npos)
    unauthorized("Authorization header must contain two space-delimited values",
                 "bad_authorization_header");
  if (token.starts_with(api_token_prefix)) return by_api_token(token, request);
  const auto claims = verify(token, config_.token_keys);
  if (!claims) bad_token("Token is invalid or expired");
  if (claims->type != Claims::Type::access) bad_token("Token has wrong type");
  auto known = mint(claims->company_id);
  CallerMemory::Search search(memory_for(request),
                              {claims->company_id, Principal::Via::web_token, base::sha256(token)});
  if (search.fill(*known)) return known;
  auto principal = by_claims(*claims);
  if (!principal) unauthorized("User not found", "user_not_found");
  search.keep(*principal, principal->good_until);
  return principal;
}

std::unique_ptr<const Principal> Authenticator::by_api_token(std::string_view token,
                                                             const http::Request& request) {
  const auto claim = read_secret(token.substr(api_token_prefix.size()));
  if (!claim) bad_token("Token is invalid or expired");
  auto principal = mint(claim->company_id);
  CallerMemory::Search search(memory_for(request),
                              credential_of(*claim, Principal::Via::api_token));
  if (search.fill(*principal)) return principal;
  const auto now = Time::now();
  auto row = db_.find(select_by_api_token, principal->tenant, claim->hash, now);
  if (!row) bad_token("Token is invalid or expired");
  fill(*principal, std::move(row->member), Principal::Via::api_token);
  principal->credential = claim->hash;
  principal->may_write = row->access == "write";
  if (!row->last_used_at || now > row->last_used_at->plus_seconds(session_touch_seconds))
    db_.run(update_last_used, principal->tenant, now, claim->hash);
  principal->good_until = row->expires_at;
  search.keep(*principal, principal->good_until);
  return principal;
}

std::unique_ptr<const Principal> Authenticator::by_basic(std::string_view credentials,
                                                         const http::Request& request) {
  const auto encoded = base::trim(credentials);
  if (encoded.empty()) unauthorized("Invalid basic header. No credentials provided.");
  if (encoded.find(' ') != encoded.npos)
    unauthorized("Invalid basic header. Credentials string should not contain spaces.");
  const auto pair = base::from_base64(encoded);
  const auto colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos || !base::valid_utf8(*pair)) wrong_credentials();
  const auto verdict = check(pair->substr(0, colon), pair->substr(colon + 1), "", request);
  if (!verdict) wrong_credentials(verdict.reason);
  auto entered = enter(*verdict.person);
  if (!entered) wrong_credentials();
  return entered;
}

std::unique_ptr<Principal> Authenticator::member(const Uuid& company_id, const Uuid& identity_id,
                                                 const std::string& password_hash, bool by_code) {
  auto principal = mint(company_id);
  auto row = db_.find(select_by_identity, principal->tenant, identity_id);
  if (!row) return nullptr;
  fill(*principal, *std::move(row), Principal::Via::password);
  principal->credential = password_hash;
  principal->by_code = by_code;
  return principal;
}

// Whoever has a second factor was asked for it.
std::unique_ptr<Principal> Authenticator::member(const Uuid& company_id,
                                                 const db::Identity& verified) {
  return member(company_id, verified.id, verified.password_hash, verified.factor.is_on());
}

std::unique_ptr<const Principal> Authenticator::by_claims(const Claims& claims) {
  auto principal = mint(claims.company_id);
  auto row =
      db_.find(select_by_family, principal->tenant, claims.family, claims.user_id, Time::now());
  if (!row || row->member.token_generation != claims.generation) return nullptr;
  fill(*principal, std::move(row->member), Principal::Via::web_token);
  principal->credential = claims.family.view();
  principal->ends_at = row->expires_at;
  principal->good_until = std::min(claims.expires_at, row->expires_at);
  return principal;
}

std::unique_ptr<const Principal> Authenticator::by_refresh_token(std::string_view token,
                                                                 Claims& claims) {
  const auto verified = verify(token, config_.token_keys);
  if (!verified) unauthorized("Token is invalid or expired", "token_not_valid");
  if (verified->type != Claims::Type::refresh)
    unauthorized("Token has wrong type", "token_not_valid");
  claims = *verified;
  auto principal = by_claims(claims);
  if (!principal) unauthorized("Token is blacklisted", "token_not_valid");
  check_open(*principal, Admits::erasing);
  return principal;
}

}  // namespace auth
