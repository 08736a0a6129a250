// tests/base/crypto_test.cc — digests, base 64 and password hashes, against published vectors.
#include "base/crypto.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(crypto)

BOOST_AUTO_TEST_CASE(sha256_of_fips_180) {
  BOOST_TEST(base::hex(base::view(base::sha256("abc"))) ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(base::hex(base::view(base::sha256(""))) ==
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

BOOST_AUTO_TEST_CASE(hmac_of_rfc_4231) {
  BOOST_TEST(base::hex(base::view(base::hmac_sha256(std::string(20, '\x0b'), "Hi There"))) ==
             "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  BOOST_TEST(base::hex(base::view(base::hmac_sha256("Jefe", "what do ya want for nothing?"))) ==
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

// Test case 14 of the GCM specification (McGrew, Viega): all of it is zero.
BOOST_AUTO_TEST_CASE(opens_what_aes_256_gcm_sealed) {
  const auto sealed = std::string(12, '\0') +
                      "\xce\xa7\x40\x3d\x4d\x60\x6b\x6e\x07\x4e\xc5\xd3\xba\xf3\x9d\x18"
                      "\xd0\xd1\xc8\xa7\x99\x99\x6b\xf0\x26\x5b\x98\xb5\xd4\x8a\xb9\x19";
  BOOST_TEST((base::unseal({}, sealed, "") == std::string(16, '\0')));
}

BOOST_AUTO_TEST_CASE(seals_for_whoever_has_the_key_and_knows_what_it_is_about) {
  const auto key = base::sha256("key");
  const auto sealed = base::seal(key, "text", "row 1");
  BOOST_TEST(sealed.size() == 4U + 28U);
  BOOST_TEST(sealed != base::seal(key, "text", "row 1"));
  BOOST_TEST((base::unseal(key, sealed, "row 1") == "text"));
  BOOST_TEST((base::unseal(key, base::seal(key, "", ""), "") == ""));
  BOOST_TEST(!base::unseal(base::sha256("other"), sealed, "row 1"));
  BOOST_TEST(!base::unseal(key, sealed, "row 2"));
  for (std::size_t i = 0; i < sealed.size(); i++) {
    auto changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    BOOST_TEST(!base::unseal(key, changed, "row 1"));
  }
  for (std::size_t size = 0; size < sealed.size(); size++)
    BOOST_TEST(!base::unseal(key, sealed.substr(0, size), "row 1"));
}

BOOST_AUTO_TEST_CASE(compares_bytes) {
  BOOST_TEST(base::same_bytes("", ""));
  BOOST_TEST(base::same_bytes("a\0b"s, "a\0b"s));
  BOOST_TEST(!base::same_bytes("a\0b"s, "a\0c"s));
  BOOST_TEST(!base::same_bytes("a", "ab"));
}

BOOST_AUTO_TEST_CASE(random_bytes_differ) {
  BOOST_TEST(base::random_string(32).size() == 32U);
  BOOST_TEST(base::random_string(32) != base::random_string(32));
}

BOOST_AUTO_TEST_CASE(base64_of_rfc_4648) {
  const std::pair<std::string, std::string> vectors[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"}};
  for (const auto& [bytes, text] : vectors) {
    BOOST_TEST(base::base64url(bytes) == text);
    BOOST_TEST((base::from_base64url(text) == bytes));
  }
}

BOOST_AUTO_TEST_CASE(base64url_has_one_spelling) {
  for (const auto* text : {"Zg==", "Zh", "Z", "Zm9vY", "Zm 9v", "+//+", "Zm9\n", "Zm9v="})
    BOOST_TEST(!base::from_base64url(text), text);
}

BOOST_AUTO_TEST_CASE(ordinary_base64_has_padding) {
  BOOST_TEST((base::from_base64("Zg==") == "f"));
  BOOST_TEST((base::from_base64("Zm8=") == "fo"));
  BOOST_TEST((base::from_base64("+//+") == "\xfb\xff\xfe"));
  BOOST_TEST((base::from_base64("") == ""));
  for (const auto* text : {"Zg", "Zg=", "Zg===", "====", "-__-", "Z===", "=Zg=", "Zg=A"})
    BOOST_TEST(!base::from_base64(text), text);
}

BOOST_AUTO_TEST_CASE(verifies_the_password_that_was_hashed) {
  const auto hash = base::hash_password("secret\0x"s);
  BOOST_TEST(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  BOOST_TEST(base::verify_password(hash, "secret\0x"s));
  BOOST_TEST(!base::verify_password(hash, "secret"));
  BOOST_TEST(!base::verify_password(hash, ""));
  BOOST_TEST(hash != base::hash_password("secret\0x"s));
}

BOOST_AUTO_TEST_CASE(nothing_matches_what_is_no_hash) {
  for (const auto* hash : {"", "!", "$argon2id$", "plain", "$argon2id$v=19$m=1,t=1,p=1$$"}) {
    BOOST_TEST(!base::verify_password(hash, hash), hash);
    BOOST_TEST(!base::verify_password(hash, ""), hash);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
