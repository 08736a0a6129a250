// base/crypto.cc — see crypto.h.
#include "base/crypto.h"

#include <argon2.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace base {
namespace {

constexpr std::string_view url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int url_value(char c) {
  const auto at = url_alphabet.find(c);
  return at == url_alphabet.npos ? -1 : static_cast<int>(at);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Looked up once: OpenSSL looks EVP_sha256() up each time it is used, which costs more than a short
// text's digest.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (algorithm == nullptr) std::abort();
  return algorithm;
}

constexpr std::size_t nonce_bytes = 12, tag_bytes = 16;  // NIST SP 800-38D, 5.2.1

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* cipher) const { EVP_CIPHER_CTX_free(cipher); }
};

// One text through AES-256-GCM, in either direction. What is wrong with the library ends the
// process; whether the tag is right is for `finish` to say.
class Gcm {
 public:
  Gcm(bool seals, const Digest& key, std::string_view nonce, std::string_view about) {
    must(EVP_CipherInit_ex(cipher_.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytes_of(nonce),
                           seals ? 1 : 0));
    int size = 0;
    must(EVP_CipherUpdate(cipher_.get(), nullptr, &size, bytes_of(about),
                          static_cast<int>(about.size())));
  }
  std::string text(std::string_view in) {
    std::string out(in.size(), '\0');
    int size = 0;
    must(EVP_CipherUpdate(cipher_.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                          bytes_of(in), static_cast<int>(in.size())));
    return out;
  }
  void expect(std::string tag) { control(EVP_CTRL_GCM_SET_TAG, tag); }
  bool finish() {
    std::array<unsigned char, tag_bytes> rest;  // nothing comes: it is a stream
    int size = 0;
    return EVP_CipherFinal_ex(cipher_.get(), rest.data(), &size) == 1;
  }
  std::string tag() {
    std::string tag(tag_bytes, '\0');
    control(EVP_CTRL_GCM_GET_TAG, tag);
    return tag;
  }

 private:
  static void must(int result) {
    if (result != 1) std::abort();
  }
  void control(int what, std::string& tag) {
    must(EVP_CIPHER_CTX_ctrl(cipher_.get(), what, static_cast<int>(tag.size()), tag.data()));
  }

  const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> cipher_{EVP_CIPHER_CTX_new()};
};

}  // namespace

void random_bytes(void* out, std::size_t size) {
  if (RAND_bytes(static_cast<unsigned char*>(out), static_cast<int>(size)) != 1) std::abort();
}

std::string random_string(std::size_t size) {
  std::string bytes(size, '\0');
  random_bytes(bytes.data(), bytes.size());
  return bytes;
}

Digest sha256(std::string_view text) {
  Digest digest;
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, sha256_algorithm(), nullptr) !=
      1)
    std::abort();
  return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view text) {
  Digest digest;
  unsigned size = 0;
  if (HMAC(sha256_algorithm(), key.data(), static_cast<int>(key.size()), bytes_of(text),
           text.size(), digest.data(), &size) == nullptr)
    std::abort();
  return digest;
}

std::string seal(const Digest& key, std::string_view text, std::string_view about) {
  const auto nonce = random_string(nonce_bytes);
  Gcm gcm(true, key, nonce, about);
  const auto hidden = gcm.text(text);
  if (!gcm.finish()) std::abort();
  return nonce + hidden + gcm.tag();
}

std::optional<std::string> unseal(const Digest& key, std::string_view sealed,
                                  std::string_view about) {
  if (sealed.size() < nonce_bytes + tag_bytes) return std::nullopt;
  Gcm gcm(false, key, sealed.substr(0, nonce_bytes), about);
  auto text = gcm.text(sealed.substr(nonce_bytes, sealed.size() - nonce_bytes - tag_bytes));
  gcm.expect(std::string(sealed.substr(sealed.size() - tag_bytes)));
  if (!gcm.finish()) return std::nullopt;
  return text;
}

bool same_bytes(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string base64url(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  unsigned pending = 0;
  int bits = 0;
  for (const char c : bytes) {
    pending = pending << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) text += url_alphabet[pending >> (bits - 6) & 63];
  }
  if (bits > 0) text += url_alphabet[pending << (6 - bits) & 63];
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  unsigned pending = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = url_value(c);
    if (value < 0) return std::nullopt;
    pending = pending << 6 | static_cast<unsigned>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(pending >> bits & 255);
    }
  }
  // The bits left over must be 0, so that each value has one spelling.
  if ((pending & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string url(text);
  if (url.ends_with("==")) {
    url.resize(url.size() - 2);
  } else if (url.ends_with('=')) {
    url.pop_back();
  }
  for (char& c : url) {
    if (c == '-' || c == '_') return std::nullopt;
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return from_base64url(url);
}

std::string hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string hash_password(std::string_view password) {
  constexpr std::uint32_t iterations = 2, memory_kib = 19456, lanes = 1;
  const auto salt = random_string(16);
  std::array<char, 128> encoded{};
  const int result =
      argon2id_hash_encoded(iterations, memory_kib, lanes, password.data(), password.size(),
                            salt.data(), salt.size(), 32, encoded.data(), encoded.size());
  if (result != ARGON2_OK) throw std::runtime_error(argon2_error_message(result));
  return encoded.data();
}

bool verify_password(const std::string& hash, std::string_view password) {
  return argon2id_verify(hash.c_str(), password.data(), password.size()) == ARGON2_OK;
}

}  // namespace base
