// tests/app/archive_logins_test.cc — which hashes of passwords an archive may bring. (The rest of
// its logins: tests/api/import_test.py.)
#include <boost/test/unit_test.hpp>

#include "app/archive/logins.h"
#include "base/crypto.h"

using app::archive::is_password_hash;

BOOST_AUTO_TEST_SUITE(archive_logins)

BOOST_AUTO_TEST_CASE(have_hashes_as_this_release_makes_them) {
  BOOST_TEST(is_password_hash(base::hash_password("Faced-0483-Bead!")));
}

BOOST_AUTO_TEST_CASE(have_no_hash_of_another_form_or_cost) {
  const auto good = base::hash_password("Faced-0483-Bead!");
  const auto with = [&](std::string_view part, std::string_view other) {
    auto text = good;
    return text.replace(text.find(part), part.size(), other);
  };
  for (const auto& bad :
       {std::string(), good + "A", good.substr(1), good.substr(0, good.size() - 1),
        with("argon2id", "argon2i"), with("m=19456", "m=4194304"), with("m=19456", "m=8"),
        with("t=2", "t=4000000000"), with("p=1", "p=64"), with("v=19", "v=16"), with("$v=19", ""),
        good.substr(0, good.size() - 1) + "=", good.substr(0, good.size() - 1) + '\0'})
    BOOST_TEST(!is_password_hash(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
