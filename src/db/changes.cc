// db/changes.cc — see changes.h.
#include "db/changes.h"

#include <algorithm>
#include <array>

#include "base/datagram.h"

namespace db {
namespace {

using base::Uuid;

constexpr std::array<std::string_view, 5> words = {"messages", "login", "user", "company", "beat"};

// A datagram is the version of this form, what, and the rest as it is in Change.
constexpr char version = 1;
constexpr std::size_t id_bytes = 16, fixed_bytes = 2 + 4 * id_bytes;
static_assert(fixed_bytes + Change::most_login_bytes <= base::most_datagram_bytes);

std::optional<Uuid> known(const Uuid& id) {
  return id == Uuid{} ? std::nullopt : std::optional(id);
}

}  // namespace

std::string_view to_text(Change::What what) { return words[static_cast<std::size_t>(what)]; }

bool from_text(std::string_view word, Change::What& what) {
  const auto found = std::ranges::find(words, word);
  what = found == words.end() ? Change::What::company
                              : static_cast<Change::What>(found - words.begin());
  return true;
}

std::string encode(const Change& change) {
  std::string text{version, static_cast<char>(change.what)};
  for (const auto& id : {change.id, change.company_id, change.user_id.value_or(Uuid{}),
                         change.other_id.value_or(Uuid{})})
    text += id.view();
  return text + change.login;
}

std::optional<Change> decode(std::string_view text) {
  if (text.size() < fixed_bytes || text.size() > fixed_bytes + Change::most_login_bytes ||
      text[0] != version || static_cast<unsigned char>(text[1]) >= words.size())
    return std::nullopt;
  const auto id = [&](std::size_t i) {
    return Uuid::from_bytes(text.substr(2 + i * id_bytes, id_bytes));
  };
  return Change{.id = id(0),
                .what = static_cast<Change::What>(text[1]),
                .user_id = known(id(2)),
                .other_id = known(id(3)),
                .login = std::string(text.substr(fixed_bytes)),
                .company_id = id(1)};
}

Change login_ended(const Uuid& user_id, std::string_view login) {
  return {.what = Change::What::login, .user_id = user_id, .login = std::string(login)};
}

Change user_ended(const Uuid& user_id) { return {.what = Change::What::user, .user_id = user_id}; }

Change messages_changed(const Uuid& user_id, const Uuid& other_id) {
  return {.what = Change::What::messages, .user_id = user_id, .other_id = other_id};
}

}  // namespace db
