// tests/auth/second_factor_test.cc — what becomes of a second factor with each code that is taken.
#include "auth/second_factor.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "auth/totp.h"
#include "base/error.h"

namespace {

using auth::SecondFactor;
namespace totp = auth::totp;

struct Factors {
  const std::vector<std::string> keys{std::string(32, 'k')};
  const SecondFactor factors{keys};
  const base::Uuid person = base::Uuid::make(base::Time::now());
  const std::string secret = std::string(20, 's');
  const base::Time now = base::Time{}.plus_seconds(1111111111);
  const std::int64_t step = totp::step_of(now);
  db::Factor factor = factors.begin(person, secret);

  bool takes(std::string_view code) {
    const auto after = factors.take(factor, person, code, now);
    if (after) factor = *after;
    return after.has_value();
  }
  std::string code(std::int64_t off = 0) const { return totp::code_of(secret, step + off); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(second_factor_of_a_person, Factors)

BOOST_AUTO_TEST_CASE(is_on_with_its_first_code_and_takes_each_once_and_none_before_it) {
  BOOST_TEST(!factor.is_on());
  BOOST_TEST(takes(code()));
  BOOST_TEST(factor.is_on());
  BOOST_TEST(!takes(code()));
  BOOST_TEST(!takes(code(-1)));
  BOOST_TEST(takes(code(1).insert(3, " ")));
  BOOST_TEST(!takes(code()));
}

BOOST_AUTO_TEST_CASE(takes_a_recovery_code_once_however_it_is_typed) {
  BOOST_TEST(takes(code()));
  const auto codes = auth::renew_recovery_codes(factor);
  BOOST_TEST(std::set(codes.begin(), codes.end()).size() == auth::recovery_code_count);
  BOOST_TEST(factor.recovery_codes.find(codes[0]) == std::string::npos);
  BOOST_TEST(takes(codes[9]));
  BOOST_TEST(!takes(codes[9]));
  auto lower = codes[0];
  for (auto& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  BOOST_TEST(takes(lower));
  BOOST_TEST(auth::recovery_codes_left(factor) == 8U);
  const auto old = codes[1];
  auth::renew_recovery_codes(factor);
  BOOST_TEST(!takes(old));
}

BOOST_AUTO_TEST_CASE(opens_with_a_previous_key_and_is_sealed_with_the_first_from_then_on) {
  const std::vector<std::string> two{std::string(32, 'n'), keys.front()}, one{two.front()};
  const SecondFactor newer(two), newest(one);
  BOOST_TEST(newer.opens(factor, person));
  BOOST_TEST(!newer.is_of_first_key(factor, person));
  BOOST_TEST(!newest.opens(factor, person));
  const auto after = newer.take(factor, person, code(), now);
  BOOST_REQUIRE(after);
  BOOST_TEST(newest.opens(*after, person));
  BOOST_TEST((newest.resealed(factor, person) == std::nullopt));
}

BOOST_AUTO_TEST_CASE(without_its_key_is_no_wrong_code_and_recovery_codes_need_none) {
  const auto codes = auth::renew_recovery_codes(factor);
  const std::vector<std::string> others{std::string(32, 'o')}, none;
  for (const auto* keys_there : {&others, &none}) {
    const SecondFactor lost(*keys_there);
    BOOST_CHECK_THROW(lost.take(factor, person, code(), now), base::Error);
    BOOST_TEST(lost.take(factor, person, codes[0], now).has_value());
  }
}

BOOST_AUTO_TEST_CASE(of_another_person_is_none_of_this_one) {
  BOOST_TEST(!factors.opens(factor, base::Uuid::make(base::Time::now())));
}

BOOST_AUTO_TEST_SUITE_END()
