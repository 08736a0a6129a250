// app/message_filters.cc — see message_filters.h.
#include "app/message_filters.h"

#include "app/noun.h"

namespace app {

MessageHalves halves_of(const MessageFilters& filters, const base::Uuid& person) {
  constexpr auto nobody = std::nullopt;
  MessageHalves halves;
  halves.sender = halves.recipient = person;
  // Two different other parties leave nothing.
  const auto narrow = [&](const base::Uuid& other) {
    if (halves.other.value.value_or(other) != other) halves.sender = halves.recipient = nobody;
    halves.other.value = other;
  };
  if (filters.from_user) {
    (*filters.from_user == person ? halves.recipient : halves.sender) = nobody;
    if (*filters.from_user != person) narrow(*filters.from_user);
  }
  if (filters.to_user) {
    (*filters.to_user == person ? halves.sender : halves.recipient) = nobody;
    if (*filters.to_user != person) narrow(*filters.to_user);
  }
  if (filters.with) narrow(*filters.with);
  if (filters.read) {
    halves.sender = nobody;
    (*filters.read == "true" ? halves.only_read : halves.only_unread) = 1;
  }
  return halves;
}

}  // namespace app
