// base/crypto.h — the only includer of OpenSSL and libargon2: randomness, digests, sealed texts,
// password hashes.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

using Digest = std::array<std::uint8_t, 32>;

inline std::string_view view(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Bytes from the operating system's generator. A failure ends the process: there is no safe answer.
void random_bytes(void* out, std::size_t size);
std::string random_string(std::size_t size);

Digest sha256(std::string_view text);
Digest hmac_sha256(std::string_view key, std::string_view text);

// A text that only who has the key reads, and nobody changes unseen: AES-256-GCM under a random
// nonce (NIST SP 800-38D), as the nonce, what it became, and the tag: 28 bytes more than the text.
// It opens only for what it is said to be about: another row's is none of this row's.
std::string seal(const Digest& key, std::string_view text, std::string_view about);
// nullopt: sealed by another key or about something else, or changed.
std::optional<std::string> unseal(const Digest& key, std::string_view sealed,
                                  std::string_view about);

// Compares in a time that does not depend on where the two differ.
bool same_bytes(std::string_view a, std::string_view b);

// Base 64 with the URL-safe alphabet, without padding (RFC 4648 section 5).
std::string base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);
// The ordinary alphabet with padding (RFC 4648 section 4), as HTTP Basic uses it.
std::optional<std::string> from_base64(std::string_view text);

// Lower-case hexadecimal.
std::string hex(std::string_view bytes);

// Argon2id with m=19456 KiB, t=2, p=1 (OWASP Password Storage Cheat Sheet): about 33 ms and 19 MiB.
// The answer is a PHC string with its own parameters and a 16-byte random salt.
std::string hash_password(std::string_view password);
// False for a wrong password and for anything that is no PHC string.
bool verify_password(const std::string& hash, std::string_view password);

}  // namespace base
