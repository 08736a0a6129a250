// app/message_list.cc — see message_list.h.
//
// A person's messages are what one sent and what one received, each in order in a key of its own.
// A list of both reads the two halves by a UNION ALL, and merges them here: with an ORDER BY of the
// whole UNION MariaDB puts all of it, because it holds TEXT, into a table on disk.
#include "app/message_list.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "app/message.h"
#include "base/text.h"

namespace app {
namespace {

using SizedMessage = Sized<Message>;

// What is read of two halves at once: of all that somebody sent and received, or of what two people
// sent each other.
template <class Bounds>
using OfBoth = db::Scoped<SizedMessage, TextCut, Uuid, Bounds, TextCut, Uuid, Bounds>;
template <class Bounds>
using OfBothPairs =
    db::Scoped<SizedMessage, TextCut, Uuid, Uuid, Bounds, TextCut, Uuid, Uuid, Bounds>;

// A list of two halves, in both orders.
template <template <class> class Statement>
struct Union : InBothOrders<Statement> {
  template <std::size_t N, std::size_t M>
  consteval Union(const base::Literal<N>& half, const base::Literal<M>& other)
      : InBothOrders<Statement>(
            [&](const auto& end) { return "(" + half + end + ") UNION ALL (" + other + end + ")"; },
            "date", so_many_rows) {}
};
// A list of one half.
using OfOne = BothOrders<SizedMessage, TextCut, Uuid>;
using OfPair = BothOrders<SizedMessage, TextCut, Uuid, Uuid>;

constexpr base::Literal columns = R"(
    SELECT id, from_user, to_user, SUBSTR(text, 1, ?) AS text, date, read_at,
           LENGTH(text) AS bytes FROM user_messages)";
constexpr base::Literal of_sender = " FORCE INDEX (sent) WHERE company_id = ? AND from_user = ?";
constexpr base::Literal of_recipient =
    " FORCE INDEX (received) WHERE company_id = ? AND to_user = ?";
constexpr base::Literal of_pair =
    " FORCE INDEX (conversation) WHERE company_id = ? AND from_user = ? AND to_user = ?";

constexpr Union<OfBoth> all{columns + of_sender, columns + of_recipient};
constexpr Union<OfBothPairs> all_with{columns + of_pair, columns + of_pair};
constexpr OfOne sent{columns + of_sender, "date"};
constexpr OfOne received{columns + of_recipient, "date"};
constexpr OfPair sent_to{columns + of_pair, "date"};
constexpr OfOne unread{
    columns + " FORCE INDEX (unread) WHERE company_id = ? AND to_user = ? AND read_at IS NULL",
    "date"};
constexpr OfPair unread_from{
    columns + " FORCE INDEX (unread_from)"
              " WHERE company_id = ? AND from_user = ? AND to_user = ? AND read_at IS NULL",
    "date"};
// These have no key; their pages end early.
constexpr OfOne read_already{columns + of_recipient + " AND read_at IS NOT NULL", "date"};
constexpr OfPair read_from{columns + of_pair + " AND read_at IS NOT NULL", "date"};
constexpr base::Literal place = "SELECT date AS time, id FROM user_messages";
constexpr Places<Uuid> places_received{place + of_recipient, "date"};
constexpr Places<Uuid, Uuid> places_of_pair{place + of_pair, "date"};

// Which messages are asked for, in the terms of the halves. Of no sender and no recipient there are
// none.
struct Wanted {
  std::optional<Uuid> sender, recipient;  // the caller, where that half is wanted
  std::optional<Uuid> other;              // only those from or to this person
  std::optional<bool> is_read;            // of those received
};

Wanted wanted(const MessageFilters& filters, const Uuid& caller) {
  Wanted wanted{caller, caller, {}, {}};
  // Two different other parties leave nothing.
  const auto narrow = [&](const Uuid& other) {
    if (wanted.other.value_or(other) != other) wanted.sender = wanted.recipient = std::nullopt;
    wanted.other = other;
  };
  if (filters.from_user) {
    (filters.from_user->id == caller ? wanted.recipient : wanted.sender) = std::nullopt;
    if (filters.from_user->id != caller) narrow(filters.from_user->id);
  }
  if (filters.to_user) {
    (filters.to_user->id == caller ? wanted.sender : wanted.recipient) = std::nullopt;
    if (filters.to_user->id != caller) narrow(filters.to_user->id);
  }
  if (filters.with) narrow(filters.with->id);
  if (filters.read) {
    wanted.sender = std::nullopt;
    wanted.is_read = *filters.read == "true";
  }
  return wanted;
}

// Reads the messages of a page, at most page.rows of each half that is wanted.
class Reader {
 public:
  Reader(Context& context, const Wanted& wanted) : context_(context), wanted_(wanted) {}

  // `rows_sent` of those sent and `rows_received` of those received, at most.
  std::vector<SizedMessage> read(const Page& page, TextCut cut, std::int64_t rows_sent,
                                 std::int64_t rows_received) const {
    const auto& [sender, recipient, other, is_read] = wanted_;
    auto of_sent = page, of_received = page;
    of_sent.rows = rows_sent;
    of_received.rows = rows_received;
    const auto one = [&](const auto& list, const Page& half, const auto&... people) {
      return list.all(context_.db, context_.who().tenant, half, cut, people...);
    };
    // Calls ask(statement, bounds of those sent, bounds of those received).
    const auto both = [&](const auto& list, auto ask) {
      return list.with(page, [&](const auto& statement, auto bounds) {
        auto out = bounds, in = bounds;
        out.rows = rows_sent;
        in.rows = rows_received;
        return ask(statement, out, in);
      });
    };
    const auto& tenant = context_.who().tenant;
    if (!sender && !recipient) return {};
    if (sender && recipient && other)
      return both(all_with, [&](const auto& statement, const auto& out, const auto& in) {
        return context_.db.all(statement, tenant, cut, *sender, *other, out, cut, *other,
                               *recipient, in);
      });
    if (sender && recipient)
      return both(all, [&](const auto& statement, const auto& out, const auto& in) {
        return context_.db.all(statement, tenant, cut, *sender, out, cut, *recipient, in);
      });
    if (sender) return other ? one(sent_to, of_sent, *sender, *other) : one(sent, of_sent, *sender);
    if (other) return one(of_pair_received(), of_received, *other, *recipient);
    return one(of_one_received(), of_received, *recipient);
  }

  // Ends a page early whose filter has no key; answers where.
  std::optional<Position> limit(Page& page) const {
    const auto& [sender, recipient, other, is_read] = wanted_;
    const auto& tenant = context_.who().tenant;
    if (!is_read.value_or(false) || !recipient) return std::nullopt;
    if (other) return places_of_pair.limit(context_.db, tenant, page, *other, *recipient);
    return places_received.limit(context_.db, tenant, page, *recipient);
  }

 private:
  const OfPair& of_pair_received() const {
    return !wanted_.is_read ? sent_to : *wanted_.is_read ? read_from : unread_from;
  }
  const OfOne& of_one_received() const {
    return !wanted_.is_read ? received : *wanted_.is_read ? read_already : unread;
  }

  Context& context_;
  const Wanted& wanted_;
};

// Brings the two halves into one order, and cuts it to what was asked for.
std::vector<SizedMessage> merge(std::vector<SizedMessage> messages, const Page& page) {
  const auto position = [](const SizedMessage& each) { return position_of(each.row); };
  if (page.newest_first)
    std::ranges::sort(messages, std::ranges::greater(), position);
  else
    std::ranges::sort(messages, std::ranges::less(), position);
  const auto rows = static_cast<std::size_t>(page.rows);
  if (messages.size() > rows) messages.resize(rows);
  return messages;
}

Fitting<Message> read_page(const Reader& reader, const Page& page, const Uuid& caller) {
  const auto read_whole = [&](const auto& messages) {
    const auto rows = static_cast<std::int64_t>(messages.size());
    const auto rows_sent = std::ranges::count_if(
        messages, [&](const auto& each) { return each.row.from_user.id == caller; });
    return merge(reader.read(page, no_cut, rows_sent, rows - rows_sent), page);
  };
  return fit(merge(reader.read(page, {}, page.rows, page.rows), page), page, read_whole);
}

// Whether a text has all the words, as parts of its own, in any case.
bool has_words(const std::string& text, const std::vector<std::string>& words) {
  const auto key = base::search_key(text);
  return std::ranges::all_of(words, [&](const auto& word) { return key.find(word) != key.npos; });
}

// Reads on until the page is full, but no more than so many messages, and texts of so many bytes:
// then the page ends, with its Link. There is no key of words: each message would be written twenty
// times over for what is read once.
Answer search(const Context& context, const Reader& reader, Page page, std::string_view q) {
  constexpr std::size_t most_messages = 300, most_bytes = 128 * 1024;
  std::vector<std::string> words;
  for_each_word(base::search_key(q), [&](auto word) {
    if (!word.empty()) words.emplace_back(word);
  });
  const auto limit = reader.limit(page);
  const auto wanted = static_cast<std::size_t>(page.rows) - 1;
  std::vector<Message> found;
  std::size_t messages = 0, bytes = 0;
  const auto is_enough = [&] {
    return found.size() == wanted || messages == most_messages || bytes >= most_bytes;
  };
  page.rows = 101;
  for (;;) {
    auto [read, more] = read_page(reader, page, context.who().user_id);
    for (std::size_t i = 0; i < read.size(); i++) {
      const auto position = position_of(read[i]);
      messages++;
      bytes += read[i].text.size();
      if (has_words(read[i].text, words)) found.push_back(std::move(read[i]));
      if (!is_enough()) continue;
      const bool is_last = i + 1 == read.size() && !more;
      return context.list(std::move(found), false, is_last ? limit : position);
    }
    if (!more) return context.list(std::move(found), false, limit);
    page.start_after(position_of(read.back()));
  }
}

}  // namespace

Answer list_messages(Context& context) {
  base::Problems problems;
  const auto filters = context.read_filters<MessageFilters>(problems);
  const bool searches = filters.q.value_or("") != "";
  auto page = context.read_page(problems, searches);
  const auto& caller = context.who().user_id;
  const auto which = wanted(filters, caller);
  const Reader reader(context, which);
  if (searches) return search(context, reader, page, *filters.q);
  const auto place = reader.limit(page);
  auto [messages, more] = read_page(reader, page, caller);
  return context.list(std::move(messages), more, place);
}

}  // namespace app
