// app/message_list.h — the messages of the caller: which of them, in which order, and search.
#pragma once
#include <optional>
#include <string>
#include <tuple>

#include "app/noun.h"
#include "app/users/users.h"
#include "rest/reference.h"

namespace app {

// The query parameters.
struct MessageFilters {
  std::optional<Reference<users_path>> with, from_user, to_user;  // `with`: from or to
  std::optional<std::string> read;                                // of what was received
  std::optional<std::string> q;  // words, or parts of them, in any case

  static constexpr auto fields() {
    using Filters = MessageFilters;
    return std::tuple{
        rest::field("with", &Filters::with,
                    {.offers = "people", .help = "Between you and this person."}),
        rest::field("from_user", &Filters::from_user,
                    {.offers = "people", .help = "From this person."}),
        rest::field("to_user", &Filters::to_user, {.offers = "people", .help = "To this person."}),
        rest::field(
            "read", &Filters::read,
            {.blank = true, .choices = "true false", .help = "Received by you, and read or not."}),
        rest::field("q", &Filters::q,
                    {.blank = true,
                     .max_length = 100,
                     .help = "Words of the text, or parts of them, in any case. The newest first.",
                     .example = "hello"})};
  }
};

// GET: the page that is asked for.
Answer list_messages(Context& context);

}  // namespace app
