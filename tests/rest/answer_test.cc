// tests/rest/answer_test.cc — an Error as an answer.
#include "rest/answer.h"

#include <boost/test/unit_test.hpp>

namespace {

http::Response answered(const base::Error& error, int indent) {
  return rest::as_response(rest::error_answer(error, "request"), {}, indent);
}

using base::Code;
using base::Error;

std::string header(const http::Response& response, std::string_view name) {
  for (const auto& [each, value] : response.headers)
    if (each == name) return value;
  return "";
}

std::string body_of(std::vector<base::Problem> problems) {
  return answered(Error(std::move(problems)), 0).body;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(are_a_status_and_one_sentence) {
  const auto response = answered(Error(Code::not_found, "Not found."), 0);
  BOOST_TEST(response.status == 404);
  BOOST_TEST(response.content_type == "application/json");
  BOOST_TEST(response.body == R"({"detail":"Not found."})");
  BOOST_TEST((response.headers.begin() == response.headers.end()));
}

BOOST_AUTO_TEST_CASE(say_a_word_to_programs_where_there_is_one) {
  Error error(Code::forbidden, "Suspended.");
  error.reason = "company_suspended";
  BOOST_TEST(answered(error, 0).body == R"({"detail":"Suspended.","code":"company_suspended"})");
}

BOOST_AUTO_TEST_CASE(list_the_sentences_of_each_field_in_the_order_in_which_they_came) {
  BOOST_TEST(body_of({{"b", "First."}, {"a", "Second."}, {"b", "Third."}}) ==
             R"({"b":["First.","Third."],"a":["Second."]})");
}

BOOST_AUTO_TEST_CASE(nest_fields_along_their_dots) {
  BOOST_TEST(
      body_of({{"user.name", "Short."}, {"company.name", "Long."}, {"user.password", "Common."}}) ==
      R"({"user":{"name":["Short."],"password":["Common."]},"company":{"name":["Long."]}})");
}

BOOST_AUTO_TEST_CASE(say_more_to_programs_where_there_is_more) {
  Error error(Code::unauthorized, "Bad.");
  error.details = {{"token_type", "access"}, {"message", "Old."}};
  BOOST_TEST(answered(error, 0).body ==
             R"({"detail":"Bad.","messages":[{"token_type":"access","message":"Old."}]})");
}

BOOST_AUTO_TEST_CASE(never_show_their_cause) {
  Error error(Code::internal, "Internal server error.");
  error.cause = "SELECT secret FROM passwords";
  const auto response = answered(error, 0);
  BOOST_TEST(response.body == R"({"detail":"Internal server error."})");
  BOOST_TEST((response.headers.begin() == response.headers.end()));
}

BOOST_AUTO_TEST_CASE(ask_for_a_credential_with_401) {
  const auto response = answered(Error(Code::unauthorized, "Who?"), 0);
  BOOST_TEST(header(response, "WWW-Authenticate") == "Bearer realm=\"api\"");
}

BOOST_AUTO_TEST_CASE(say_when_to_come_again_and_with_503_always) {
  Error busy(Code::too_many_requests, "Wait.");
  busy.retry_after_seconds = 17;
  BOOST_TEST(header(answered(busy, 0), "Retry-After") == "17");
  BOOST_TEST(header(answered(Error(Code::unavailable, "Away."), 0), "Retry-After") == "1");
}

BOOST_AUTO_TEST_SUITE_END()
