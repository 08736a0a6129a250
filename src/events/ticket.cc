// events/ticket.cc — see ticket.h.
#include "events/ticket.h"

#include <algorithm>

#include "base/crypto.h"

namespace events {
namespace {

using base::Uuid;

constexpr std::size_t mac_bytes = 32, most_text_bytes = 4096;

std::string mac_of(std::string_view bytes, std::string_view key) {
  return std::string(base::view(base::hmac_sha256(key, bytes)));
}

void add(std::string& bytes, const Place& place) {
  bytes += place.company_id.view();
  bytes += place.user_id.view();
}

void add(std::string& bytes, std::int64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
}

// Takes a ticket's bytes one after the other. Past their end it takes zeros, and is not whole.
class Bytes {
 public:
  explicit Bytes(std::string_view rest) : rest_(rest) {}

  std::string_view take(std::size_t size) {
    is_whole_ = is_whole_ && size <= rest_.size();
    if (!is_whole_) return "";
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::uint8_t number() {
    const auto byte = take(1);
    return byte.empty() ? 0 : static_cast<std::uint8_t>(byte[0]);
  }
  std::int64_t long_number() {
    std::uint64_t value = 0;
    for (const char byte : take(8)) value = value << 8 | static_cast<std::uint8_t>(byte);
    return static_cast<std::int64_t>(value);
  }
  Uuid id() {
    const auto bytes = take(16);
    return bytes.empty() ? Uuid{} : Uuid::from_bytes(bytes);
  }
  Place place() {
    const auto company = id();
    return {company, id()};
  }
  bool is_all() const { return is_whole_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool is_whole_ = true;
};

}  // namespace

std::string write_ticket(const Ticket& ticket, std::string_view key) {
  std::string bytes(ticket.id.view());
  add(bytes, ticket.asked_at);
  add(bytes, ticket.ends_at);
  bytes += ticket.person.view();
  add(bytes, ticket.place);
  bytes += static_cast<char>(ticket.login.size());
  bytes += ticket.login;
  const auto places = std::min(ticket.elsewhere.size(), Ticket::most_elsewhere);
  bytes += static_cast<char>(places);
  for (std::size_t i = 0; i < places; i++) add(bytes, ticket.elsewhere[i]);
  return base::base64url(bytes + mac_of(bytes, key));
}

std::optional<Ticket> read_ticket(std::string_view text, std::string_view key) {
  if (text.size() > most_text_bytes) return std::nullopt;
  const auto all = base::from_base64url(text);
  if (!all || all->size() < mac_bytes) return std::nullopt;
  const std::string_view view = *all;
  const auto signed_bytes = view.substr(0, view.size() - mac_bytes);
  if (!base::same_bytes(view.substr(signed_bytes.size()), mac_of(signed_bytes, key)))
    return std::nullopt;
  Bytes bytes(signed_bytes);
  Ticket ticket;
  ticket.id = bytes.id();
  ticket.asked_at = bytes.long_number();
  ticket.ends_at = bytes.long_number();
  ticket.person = bytes.id();
  ticket.place = bytes.place();
  ticket.login = bytes.take(bytes.number());
  for (int places = bytes.number(); places > 0; places--) ticket.elsewhere.push_back(bytes.place());
  return bytes.is_all() ? std::optional(std::move(ticket)) : std::nullopt;
}

}  // namespace events
