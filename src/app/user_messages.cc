// app/user_messages.cc — messages between two people of a company; only these two see them.
// Table: sql/0005_user_messages.sql. Tests: tests/app/user_messages_test.cc.
#include "app/conversations.h"
#include "app/message.h"
#include "app/message_list.h"
#include "app/noun.h"
#include "app/users/users.h"
#include "rest/reference.h"

namespace app {
namespace {

struct NewMessage {
  std::optional<UserUrl> to_user;
  std::optional<std::string> text;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("to_user", &NewMessage::to_user, {.help = "Somebody else in your company."}),
        rest::field("text", &NewMessage::text, {.label = "Message", .example = "Hello, Lee"})};
  }
  // The recipient must be a colleague who is still here. Where nothing else is wrong, insert_one
  // finds that out.
  void validate(const Context& context, base::Problems& problems) const {
    if (!to_user) return;
    if (to_user->id == context.who().user_id)
      problems.add("to_user", "You cannot send a message to yourself.");
    else if (!problems.empty() && !find_user(context, to_user->id))
      problems.add("to_user", no_recipient);
  }

  static constexpr std::string_view no_recipient = "Invalid hyperlink - Object does not exist.";
};

// How far one has read what one other person sent.
struct ReadUpTo {
  std::optional<Reference<users_path>> with;
  std::optional<Reference<messages_path>> until;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("with", &ReadUpTo::with, {.offers = "people", .help = "Who sent them."}),
        rest::field("until", &ReadUpTo::until, {.help = "The last of them."})};
  }
};

constexpr base::Literal select_by_id = R"(
    SELECT id, from_user, to_user, text, date, read_at FROM user_messages
     WHERE company_id = ? AND id = ?)";
constexpr db::Scoped<Message, Uuid, Uuid, Uuid> select_one{select_by_id +
                                                           " AND (from_user = ? OR to_user = ?)"};
constexpr db::Scoped<Message, Uuid> lock_one{select_by_id + " FOR UPDATE"};
// To somebody who is still here; else no row is written.
constexpr db::Scoped<void, Message, Uuid> insert_one{R"(
    INSERT INTO user_messages (company_id, id, from_user, to_user, text, date, read_at)
    SELECT u.company_id, ?, ?, ?, ?, ?, ? FROM users u
     WHERE u.company_id = ? AND u.id = ? AND u.removed_at IS NULL)"};

// The moment of reading is set once and kept. By the primary key, so that no other message is
// locked on the way.
constexpr db::Scoped<void, Time, Uuid, Uuid> mark_read{R"(
    UPDATE user_messages FORCE INDEX (PRIMARY) SET read_at = ?
     WHERE company_id = ? AND id = ? AND to_user = ? AND read_at IS NULL)"};

constexpr db::Scoped<void, Uuid, Uuid> mark_unread{R"(
    UPDATE user_messages FORCE INDEX (PRIMARY) SET read_at = NULL
     WHERE company_id = ? AND id = ? AND to_user = ? AND read_at IS NOT NULL)"};

// Of what is unread, and no more at a time than others wait for: the inbox is locked meanwhile.
constexpr int most_marked = 1000;
constexpr db::Scoped<void, Time, Uuid, Uuid, Time, Time, Uuid, std::int64_t> mark_read_up_to{R"(
    UPDATE user_messages FORCE INDEX (unread_from) SET read_at = ?
     WHERE company_id = ? AND from_user = ? AND to_user = ? AND read_at IS NULL
       AND date <= ? AND (date < ? OR id <= ?) LIMIT ?)"};

Message one_message(Context& context, const Uuid& id) {
  const auto& who = context.who();
  return context.db.one(select_one, who.tenant, id, who.user_id, who.user_id);
}

Answer show(Context& context) { return context.ok(one_message(context, context.id)); }

Answer create(Context& context) {
  const auto& who = context.who();
  Message message;
  message.id = context.new_id();
  message.from_user = {who.user_id};
  message.date = Time::now();
  const auto find = [&](const Uuid& id) {
    return context.db.find(select_one, who.tenant, id, who.user_id, who.user_id);
  };
  auto made = context.read_new<NewMessage>(find);
  if (made.answer) return *std::move(made.answer);
  base::fill(message, made.in);
  context.db.transaction([&] {
    context.remember(made.in);
    Conversations conversations(context.db, who.tenant);
    const auto& to = message.to_user.id;
    if (!conversations.add_to_inbox(to, 1) ||
        context.db.run(insert_one, who.tenant, message, to) == 0)
      base::invalid("to_user", NewMessage::no_recipient);
    conversations.note_sent(who.user_id, message.to_user.id, message.id, message.date);
  });
  return context.created(message);
}

// The message, if the caller is its recipient. The sender sees it, but its state is not theirs.
Message received_message(Context& context) {
  auto message = one_message(context, context.id);
  if (message.to_user.id != context.who().user_id) base::forbidden();
  return message;
}

// Marks what the caller received from `other`. mark() answers how many are unread now and were not
// before; less than 0: how many were. Answers the same.
template <class Mark>
int mark_received(Context& context, const Uuid& other, Mark mark) {
  const auto& who = context.who();
  int marked = 0;
  context.db.transaction([&] {
    Conversations conversations(context.db, who.tenant);
    conversations.add_to_inbox(who.user_id, 0);
    marked = mark();
    conversations.note_marked(who.user_id, other, marked);
  });
  return marked;
}

// For If-Match: what is locked before a message is locked before this one, too.
void lock_message(Context& context) {
  Conversations(context.db, context.who().tenant).add_to_inbox(context.who().user_id, 0);
  lock_row<lock_one>(context);
}

bool may_mark(Context& context) {
  const auto& who = context.who();
  const auto message =
      context.db.find(select_one, who.tenant, context.id, who.user_id, who.user_id);
  return message && message->to_user.id == who.user_id;
}

Answer set_read(Context& context) {
  const auto message = received_message(context);
  mark_received(context, message.from_user.id, [&] {
    return -context.db.run(mark_read, context.who().tenant, Time::now(), context.id,
                           context.who().user_id);
  });
  return show(context);
}

Answer set_unread(Context& context) {
  const auto message = received_message(context);
  mark_received(context, message.from_user.id, [&] {
    return context.db.run(mark_unread, context.who().tenant, context.id, context.who().user_id);
  });
  return no_content();
}

// Marks what the other person sent as read, up to a message of the two in the order of lists.
// Whatever is no such message, or nobody, is the same to the caller. 204, also where nothing was
// unread. Many are marked a thousand at a time: where it ends in between, asking again goes on.
Answer read_up_to(Context& context) {
  const auto in = context.read<ReadUpTo>();
  const auto& who = context.who();
  const auto until =
      context.db.find(select_one, who.tenant, in.until->id, who.user_id, who.user_id);
  const auto other = in.with->id;
  if (!until || (until->from_user.id != other && until->to_user.id != other) ||
      other == who.user_id)
    base::invalid("until", "There is no such message between you.");
  const auto mark = [&] {
    return -context.db.run(mark_read_up_to, who.tenant, Time::now(), other, who.user_id,
                           until->date, until->date, until->id, std::int64_t{most_marked});
  };
  // A worker that is silent for the whole time is taken for stuck.
  const auto end = base::monotonic_micros() + context.config.request_timeout_seconds * 500'000;
  while (mark_received(context, other, mark) == -most_marked)
    if (base::monotonic_micros() > end)
      throw base::Error(base::Code::unavailable, "Not all is marked as read yet. Try again.");
  return no_content();
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "usermessage-list",
     .path = "/user-messages/",
     .since = 1,
     .poll_seconds = 3,
     .summary = "The messages that you sent or received, by date.",
     .operations =
         {{{get, staff, list_messages},
           {.method = post, .access = staff, .handle = create, .summary = "Send a message."}}},
     .form = {post, describe_fields<Message, NewMessage>},
     .list = {describe_filters<MessageFilters>, &by_date}},
    {.name = "usermessage-read-until",
     .path = "/user-messages/read",
     .since = 1,
     .summary = "Mark as read all that one person sent you, up to one message.",
     .operations = {{{.method = put, .access = staff, .handle = read_up_to, .answers = 204}}},
     .form = {put, describe_fields<ReadUpTo, ReadUpTo>}},
    {.name = "usermessage-detail",
     .path = "/user-messages/{message_id}",
     .since = 1,
     .summary = "One message that you sent or received.",
     .operations = {{{get, staff, show}}},
     .shows = shown_fields<Message>},
    {.name = "usermessage-read",
     .path = "/user-messages/{message_id}/read",
     .since = 1,
     .summary = "Whether you have read a message that you received.",
     .operations = {{{.method = put,
                      .access = staff,
                      .handle = set_read,
                      .permitted = may_mark,
                      .summary = "Mark a message as read."},
                     {.method = delete_,
                      .access = staff,
                      .handle = set_unread,
                      .permitted = may_mark,
                      .summary = "Mark a message as unread."}}},
     .shows = shown_fields<Message>,
     .lock = lock_message,
     .shown_as = show},
};

}  // namespace

std::span<const Route> user_messages() { return routes; }

}  // namespace app
