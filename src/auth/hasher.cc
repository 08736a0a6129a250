// auth/hasher.cc — see hasher.h.
#include "auth/hasher.h"

#include <fmt/format.h>

#include <cstring>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "base/text.h"

namespace auth {
namespace {

// Of what is typed; a password that is set has 128 code points at most.
constexpr std::size_t longest_bytes = 1024;

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  std::memcpy(&number, base::sha256(text).data(), sizeof number);
  return number | 1;  // never 0
}

base::Asker asker(const Shown& shown) {
  return {number_of(shown.address), number_of(fmt::format("{}\n{}", shown.address, shown.name)),
          shown.known};
}

// What may have been hashed: the NFC form, and where that differs what was typed, too: older hashes
// are of that.
std::vector<std::string> forms(std::string_view password) {
  std::vector<std::string> all{base::nfc(password)};
  if (all.front() != password) all.emplace_back(password);
  return all;
}

[[noreturn]] void no_turn() {
  throw base::Error(base::Code::unavailable, "Too many logins at the moment. Try again soon.");
}

}  // namespace

// Held while a password is hashed.
class Hasher::Turn {
 public:
  Turn(Hasher& hasher, const Shown& shown) : hasher_(hasher) {
    if (!hasher.board_.hashing_gate.take(hasher.board_, hasher.slot_, asker(shown))) no_turn();
  }
  ~Turn() { hasher_.board_.hashing_gate.give_back(hasher_.board_, hasher_.slot_); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  Hasher& hasher_;
};

std::string Hasher::hash(const Shown& shown) {
  const Turn turn(*this, shown);
  slot_.hashes++;
  return base::hash_password(base::nfc(shown.password));
}

void Hasher::expect_turn(const Shown& shown) {
  if (!board_.hashing_gate.has_place(board_, asker(shown)) && !matches_.holds_one_for(shown))
    no_turn();
}

bool Hasher::verify(const std::string& stored_hash, const Shown& shown) {
  bool right = false;
  if (shown.password.size() <= longest_bytes) {
    if (matches_.holds(shown, stored_hash)) return true;
    const Turn turn(*this, shown);
    for (const auto& form : forms(shown.password)) {
      slot_.hashes++;
      if (stored_hash.empty())
        base::hash_password(form);  // takes as long
      else
        right |= base::verify_password(stored_hash, form);
    }
    if (right) matches_.remember(shown, stored_hash);
  }
  if (!right) slot_.wrong_passwords++;
  return right;
}

}  // namespace auth
