// tests/auth/known_callers_test.cc — the table of known callers: who finds what in it, and what
// becomes of it when a process dies.
#include "auth/known_callers.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "support/dying.h"

namespace {

using auth::Credential;
using auth::KnownCallers;
using Via = auth::Principal::Via;

const auto acme = base::Uuid::make(base::Time::now()), other = base::Uuid::make(base::Time::now());

Credential credential(int number, const base::Uuid& company = acme, Via via = Via::session) {
  return {company, via, base::sha256(std::to_string(number))};
}

struct Table {
  KnownCallers& table = KnownCallers::make();

  void keep(const Credential& credential, std::int64_t asked_at = 1) {
    KnownCallers::Entry entry;
    entry.caller.username.fill(static_cast<char>('a' + asked_at % 2));
    entry.caller.credential.fill(static_cast<char>('a' + asked_at % 2));
    entry.credential = credential;
    entry.asked_at = asked_at;
    table.keep(entry);
  }
  bool has(const Credential& credential) { return table.find(credential).has_value(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(known_callers, Table)

BOOST_AUTO_TEST_CASE(are_found_by_all_of_what_they_have_shown) {
  keep(credential(1));
  BOOST_TEST(has(credential(1)));
  BOOST_TEST(!has(credential(2)));
  BOOST_TEST(!has(credential(1, other)));
  BOOST_TEST(!has(credential(1, acme, Via::api_token)));
  BOOST_TEST(!has(credential(1, acme, Via::web_token)));
  for (const std::size_t byte : {0U, 15U, 31U}) {
    auto similar = credential(1);
    similar.digest[byte] ^= 1;
    BOOST_TEST(!has(similar));
  }
}

BOOST_AUTO_TEST_CASE(are_kept_as_they_were_asked_for_last) {
  keep(credential(1), 5);
  keep(credential(1), 3);  // a reader that was slow
  BOOST_TEST(table.find(credential(1)).value().asked_at == 5);
  keep(credential(1), 7);
  BOOST_TEST(table.find(credential(1)).value().asked_at == 7);
}

BOOST_AUTO_TEST_CASE(of_one_company_are_a_sixteenth_at_most_and_the_oldest_give_way) {
  const int many = KnownCallers::size;
  for (int i = 0; i < many; i++) keep(credential(i), i + 1);
  int left = 0, young = 0;
  for (int i = 0; i < many; i++) {
    left += has(credential(i));
    young += i >= many - 256 && has(credential(i));
  }
  BOOST_TEST(left == many / 16);
  BOOST_TEST(young > 200);  // eight find room in a bucket; here and there nine want it
}

BOOST_AUTO_TEST_CASE(are_whole_or_not_there_wherever_a_process_dies_that_writes_one) {
  int absent = 0, now = 0;
  const auto check = [&] {
    const auto found = table.find(credential(1));
    absent += !found.has_value();
    if (found) {
      const std::string_view name(found->caller.username.data(), found->caller.username.size());
      BOOST_TEST(name.find_first_not_of(name[0]) == name.npos);
      BOOST_TEST(found->caller.credential.back() == name[0]);
      BOOST_TEST((found->asked_at == now || found->asked_at == now + 1));
    }
    now += 2;
    keep(credential(1), now);
    BOOST_TEST(table.find(credential(1)).value().asked_at == now);
  };
  support::die_everywhere([&] { keep(credential(1), now + 1); }, check);
  BOOST_TEST(absent > 1);
}

BOOST_AUTO_TEST_SUITE_END()
