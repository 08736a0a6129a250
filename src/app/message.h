// app/message.h — a message between two people of a company, as its row and as it is shown.
#pragma once
#include <optional>
#include <string>
#include <tuple>

#include "app/noun.h"
#include "app/users/users.h"

namespace app {

inline constexpr base::Literal messages_path = "/user-messages/";

struct Message {
  Uuid id;
  base::SelfLink<messages_path> url;
  UserUrl from_user;
  UserUrl to_user;
  std::string text;
  Time date;
  std::optional<Time> read_at;

  static constexpr auto fields() {
    return std::tuple{base::field("id", &Message::id),
                      base::field("url", &Message::url),
                      base::field("from_user", &Message::from_user),
                      base::field("to_user", &Message::to_user),
                      rest::field("text", &Message::text, {.label = "Message"}),
                      base::field("date", &Message::date),
                      base::field("read_at", &Message::read_at)};
  }
};

inline Position position_of(const Message& message) { return {message.date, message.id}; }

}  // namespace app
