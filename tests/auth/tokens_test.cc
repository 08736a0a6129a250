// tests/auth/tokens_test.cc — JSON web tokens, and the secrets that name a company.
#include "auth/tokens.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

namespace {

using auth::Claims;
using base::Time;
using base::Uuid;

const std::string key(32, 'k'), previous(32, 'p'), foreign(32, 'f');
constexpr std::string_view header = R"({"alg":"HS256","typ":"JWT"})";

Uuid new_id() { return Uuid::make(Time::now()); }

Claims claims() {
  const auto now = Time::now();
  return {.type = Claims::Type::access,
          .company_id = new_id(),
          .user_id = new_id(),
          .id = new_id(),
          .family = new_id(),
          .generation = 7,
          .issued_at = now,
          .expires_at = now.plus_seconds(auth::access_seconds)};
}

// The first two parts of a token.
std::string signed_part(const std::string& token) { return token.substr(0, token.rfind('.')); }

std::string payload(const std::string& token) {
  const auto start = token.find('.') + 1;
  return base::from_base64url(token.substr(start, token.rfind('.') - start)).value();
}

std::string with_signature(const std::string& part, const std::string& secret) {
  return part + "." + base::base64url(base::view(base::hmac_sha256(secret, part)));
}

// A token that we signed ourselves, whatever it says.
std::string made(std::string_view head, std::string_view body, const std::string& secret = key) {
  return with_signature(base::base64url(head) + "." + base::base64url(body), secret);
}

std::string replaced(std::string text, std::string_view old, std::string_view with) {
  const auto at = text.find(old);
  BOOST_TEST_REQUIRE(at != text.npos, "there is no " << old << " in " << text);
  return text.replace(at, old.size(), with);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tokens)

BOOST_AUTO_TEST_CASE(say_again_what_was_signed) {
  for (const auto type : {Claims::Type::access, Claims::Type::refresh}) {
    auto sent = claims();
    sent.type = type;
    const auto read = auth::verify(auth::sign(sent, {key}), {key});
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST((read->type == type));
    BOOST_TEST((read->company_id == sent.company_id));
    BOOST_TEST((read->user_id == sent.user_id));
    BOOST_TEST((read->id == sent.id));
    BOOST_TEST((read->family == sent.family));
    BOOST_TEST(read->generation == 7);
    BOOST_TEST(read->issued_at.micros / 1'000'000 == sent.issued_at.micros / 1'000'000);
    BOOST_TEST(read->expires_at.micros / 1'000'000 == sent.expires_at.micros / 1'000'000);
  }
}

BOOST_AUTO_TEST_CASE(are_signed_with_the_first_key_and_taken_with_each) {
  const auto token = auth::sign(claims(), {key, previous});
  BOOST_TEST(auth::verify(token, {key}).has_value());
  BOOST_TEST(auth::verify(token, {previous, key}).has_value());
  BOOST_TEST(!auth::verify(token, {previous}).has_value());
  BOOST_TEST(!auth::verify(token, {foreign, previous}).has_value());
  BOOST_TEST(!auth::verify(token, {}).has_value());
}

BOOST_AUTO_TEST_CASE(are_void_once_their_time_is_over) {
  auto old = claims();
  old.expires_at = Time::now().plus_seconds(-1);
  BOOST_TEST(!auth::verify(auth::sign(old, {key}), {key}).has_value());
  old.expires_at = Time::now().plus_seconds(60);
  BOOST_TEST(auth::verify(auth::sign(old, {key}), {key}).has_value());
}

BOOST_AUTO_TEST_CASE(are_void_when_any_byte_of_them_is_another) {
  const auto token = auth::sign(claims(), {key});
  for (std::size_t i = 0; i < token.size(); i++) {
    auto other = token;
    other[i] = token[i] == 'A' ? 'B' : 'A';
    BOOST_TEST(!auth::verify(other, {key}).has_value(), "byte " << i << " of " << token);
  }
}

BOOST_AUTO_TEST_CASE(are_void_without_a_part_or_with_one_more) {
  const auto token = auth::sign(claims(), {key});
  const auto part = signed_part(token);
  for (const auto& other :
       {std::string(), std::string("."), std::string(".."), part, part + ".", token + ".",
        token + "." + token.substr(token.rfind('.') + 1), token.substr(token.find('.') + 1),
        " " + token, token + "\n", token + "="})
    BOOST_TEST(!auth::verify(other, {key}).has_value(), other << " is taken");
}

BOOST_AUTO_TEST_CASE(choose_nothing_by_their_header) {
  const auto body = payload(auth::sign(claims(), {key}));
  BOOST_TEST(auth::verify(made(header, body), {key}).has_value());
  for (const std::string_view other :
       {R"({"alg":"none","typ":"JWT"})", R"({"alg":"HS512","typ":"JWT"})",
        R"({"typ":"JWT","alg":"HS256"})", R"({"alg":"HS256","typ":"JWT","kid":"0"})", "{}", ""})
    BOOST_TEST(!auth::verify(made(other, body), {key}).has_value(), other << " is taken");
}

BOOST_AUTO_TEST_CASE(are_void_when_they_are_for_another_service_or_lack_a_claim) {
  const auto body = payload(auth::sign(claims(), {key}));
  const std::pair<std::string_view, std::string_view> changes[] = {
      {R"("iss":"partywall")", R"("iss":"elsewhere")"},
      {R"("aud":"partywall-api")", R"("aud":"other-api")"},
      {R"("token_type":"access")", R"("token_type":"session")"},
      {R"("generation":7)", R"("generation":"7")"},
      {R"("generation":7)", R"("generation":7.0)"},
      {R"("sub":")", R"("sub":"x)"},
      {R"("company":")", R"("company":"x)"}};
  for (const auto& [old, with] : changes)
    BOOST_TEST(!auth::verify(made(header, replaced(body, old, with)), {key}).has_value(),
               with << " is taken");
  for (const std::string_view claim : {"token_type", "iss", "aud", "iat", "exp", "jti", "sub",
                                       "company", "family", "generation"}) {
    const auto without = replaced(body, fmt::format("\"{}\":", claim), "\"other\":");
    BOOST_TEST(!auth::verify(made(header, without), {key}).has_value(),
               "one without " << claim << " is taken");
  }
}

BOOST_AUTO_TEST_CASE(are_void_when_what_was_signed_is_no_object) {
  for (const std::string_view body :
       {"", "null", "[]", "\"a\"", "{", "{}", "{\"exp\":1,\"exp\":2}"})
    BOOST_TEST(!auth::verify(made(header, body), {key}).has_value(), body << " is taken");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(name_their_company_and_are_known_by_their_hash) {
  const auto company = new_id();
  const auto secret = auth::make_secret(company);
  const auto claim = auth::read_secret(secret.text);
  BOOST_TEST_REQUIRE(claim.has_value());
  BOOST_TEST((claim->company_id == company));
  BOOST_TEST(claim->hash == secret.hash);
  BOOST_TEST(secret.hash.size() == 32U);
}

BOOST_AUTO_TEST_CASE(are_never_the_same_and_do_not_hold_their_hash) {
  const auto company = new_id();
  const auto one = auth::make_secret(company), two = auth::make_secret(company);
  BOOST_TEST(one.text != two.text);
  BOOST_TEST(one.hash != two.hash);
  BOOST_TEST(base::from_base64url(one.text)->find(one.hash) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(of_another_company_or_with_another_byte_have_another_hash_or_company) {
  const auto secret = auth::make_secret(new_id());
  const auto bytes = base::from_base64url(secret.text).value();
  const auto genuine = auth::read_secret(secret.text).value();
  for (std::size_t i = 0; i < bytes.size(); i++) {
    auto other = bytes;
    other[i] = static_cast<char>(other[i] ^ 1);
    const auto claim = auth::read_secret(base::base64url(other));
    BOOST_TEST((!claim || claim->company_id != genuine.company_id || claim->hash != genuine.hash),
               "byte " << i);
    BOOST_TEST(claim.has_value() == (i > 0), "the version is the first byte, not byte " << i);
  }
}

BOOST_AUTO_TEST_CASE(are_none_when_they_are_of_another_length_or_alphabet) {
  const auto text = auth::make_secret(new_id()).text;
  const auto bytes = base::from_base64url(text).value();
  for (const auto& other : {std::string(), text.substr(1), text + "A", base::base64url(bytes + "x"),
                            base::base64url(bytes.substr(0, bytes.size() - 1)), text + "=",
                            " " + text, "+" + text.substr(1)})
    BOOST_TEST(!auth::read_secret(other).has_value(), other << " is taken");
}

BOOST_AUTO_TEST_SUITE_END()
