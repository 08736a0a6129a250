// app/conversation_list.cc — whom one has written with, the newest first: a row of `conversations`
// each (sql/0032_conversations.sql; written as app/conversations.h says). Until every host keeps
// that table (`partywall upgraded`), what the release before wrote is missing here.
// Tests: tests/app/conversation_list_test.cc.
#include "app/message.h"
#include "app/noun.h"
#include "app/users/users.h"

namespace app {
namespace {

constexpr std::int64_t excerpt_length = 200;  // in characters: a list shows a line of a message

struct Conversation {
  UserUrl person;
  std::int64_t unread = 0;
  base::Link<messages_path> last_message;
  UserUrl last_from;
  Time last_date;
  std::string excerpt;

  static constexpr auto fields() {
    using Row = Conversation;
    return std::tuple{
        base::field("person", &Row::person),
        rest::field("unread", &Row::unread,
                    {.help = "How many of their messages you have not read."}),
        rest::field("last_message", &Row::last_message, {.help = "The last one, either way."}),
        rest::field("last_from", &Row::last_from, {.help = "Who wrote it."}),
        base::field("last_date", &Row::last_date),
        rest::field("excerpt", &Row::excerpt, {.help = "Its first 200 characters."})};
  }
  static constexpr std::size_t most_statement_bytes = 640;  // a join
};

Position position_of(const Conversation& row) { return {row.last_date, row.last_message.id}; }

constexpr NewestFirst<Conversation, std::int64_t, Uuid> select_page{base::Literal(R"(
    SELECT c.other_id AS person, c.unread, c.last_message, m.from_user AS last_from, c.last_date,
           SUBSTR(m.text, 1, ?) AS excerpt FROM conversations c FORCE INDEX (by_date)
      JOIN user_messages m ON m.company_id = c.company_id AND m.id = c.last_message
     WHERE c.company_id = ? AND c.user_id = ?)"),
                                                                    "c.last_date",
                                                                    "c.last_message"};

Answer index(Context& context) {
  const auto page = context.read_page();
  const auto& who = context.who();
  return context.list(select_page.all(context.db, who.tenant, page, excerpt_length, who.user_id),
                      page);
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "conversation-list",
     .path = "/conversations/",
     .poll_seconds = 3,
     .summary = "Whom you have written with, the newest message first, and how many are unread.",
     .operations = {{{get, staff, index}}},
     .shows = shown_fields<Conversation>,
     .list = {.newest_first = true}},
};

}  // namespace

std::span<const Route> conversation_list() { return routes; }

}  // namespace app
