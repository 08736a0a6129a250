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

// What fills the placeholders of a half, where two are read at once: of all that somebody sent or
// received, or of that which one sent to another.
template <class Bounds>
struct Half {
  TextCut cut;
  Uuid person;
  Bounds bounds;

  static constexpr auto placeholders() {
    return std::tuple{&Half::cut, &Half::person, &Half::bounds};
  }
};
template <class Bounds>
struct Between {
  TextCut cut;
  Uuid from, to;
  Bounds bounds;

  static constexpr auto placeholders() {
    return std::tuple{&Between::cut, &Between::from, &Between::to, &Between::bounds};
  }
};

template <class Bounds>
using OfBoth = db::Scoped<SizedMessage, Half<Bounds>, Half<Bounds>>;
template <class Bounds>
using OfBothPairs = db::Scoped<SizedMessage, Between<Bounds>, Between<Bounds>>;

// A list of two halves, in both orders.
template <template <class> class Statement>
struct Union {
  const InOrder<Statement> oldest, newest;

  template <std::size_t N, std::size_t M>
  consteval Union(const base::Literal<N>& half, const base::Literal<M>& other)
      : Union(half, other, oldest_first("date", so_many_rows), newest_first("date", so_many_rows)) {
  }

  const InOrder<Statement>& of(const Page& page) const {
    return page.newest_first ? newest : oldest;
  }

 private:
  consteval Union(const auto& half, const auto& other, const auto& oldest, const auto& newest)
      : oldest(both(half, other, oldest.from_start), both(half, other, oldest.between)),
        newest(both(half, other, newest.from_start), both(half, other, newest.between)) {}
  static constexpr auto both(const auto& half, const auto& other, const auto& end) {
    return "(" + half + end + ") UNION ALL (" + other + end + ")";
  }
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
// These have no key; their pages end early.
constexpr OfOne read_already{columns + of_recipient + " AND read_at IS NOT NULL", "date"};
constexpr OfPair read_from{columns + of_pair + " AND read_at IS NOT NULL", "date"};
constexpr OfPair unread_from{columns + of_pair + " AND read_at IS NULL", "date"};
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
    (*filters.from_user == caller ? wanted.recipient : wanted.sender) = std::nullopt;
    if (*filters.from_user != caller) narrow(*filters.from_user);
  }
  if (filters.to_user) {
    (*filters.to_user == caller ? wanted.sender : wanted.recipient) = std::nullopt;
    if (*filters.to_user != caller) narrow(*filters.to_user);
  }
  if (filters.with) narrow(*filters.with);
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
    // `halves` makes what fills the placeholders of the two.
    const auto both = [&](const auto& list, auto halves) {
      return list.of(page).with(page, [&](const auto& statement, auto bounds) {
        auto out = bounds, in = bounds;
        out.rows = rows_sent;
        in.rows = rows_received;
        const auto [first, second] = halves(out, in);
        return context_.db.all(statement, context_.who().tenant, first, second);
      });
    };
    if (!sender && !recipient) return {};
    if (sender && recipient && other)
      return both(all_with, [&](auto out, auto in) {
        return std::pair{Between{cut, *sender, *other, out}, Between{cut, *other, *recipient, in}};
      });
    if (sender && recipient)
      return both(all, [&](auto out, auto in) {
        return std::pair{Half{cut, *sender, out}, Half{cut, *recipient, in}};
      });
    if (sender) return other ? one(sent_to, of_sent, *sender, *other) : one(sent, of_sent, *sender);
    if (other) return one(of_pair_received(), of_received, *other, *recipient);
    return one(of_one_received(), of_received, *recipient);
  }

  // Ends a page early whose filter has no key; answers where.
  std::optional<Position> limit(Page& page) const {
    const auto& [sender, recipient, other, is_read] = wanted_;
    const auto& tenant = context_.who().tenant;
    if (!is_read || !recipient) return std::nullopt;
    if (other) return places_of_pair.limit(context_.db, tenant, page, *other, *recipient);
    return *is_read ? places_received.limit(context_.db, tenant, page, *recipient) : std::nullopt;
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
  constexpr std::size_t most_messages = 300, most_bytes = 256 * 1024;
  std::vector<std::string> words;
  for_each_word(base::search_key(q), [&](auto word) {
    if (!word.empty()) words.emplace_back(word);
  });
  const auto wanted = static_cast<std::size_t>(page.rows) - 1;
  std::vector<Message> found;
  std::size_t messages = 0, bytes = 0;
  std::optional<Position> place;  // after which the list goes on
  page.rows = 101;
  for (bool more = true; more && messages < most_messages && bytes < most_bytes;) {
    auto read = read_page(reader, page, context.who().user_id);
    more = read.more;
    place.reset();
    for (auto& message : read.rows) {
      messages++;
      bytes += message.text.size();
      place = position_of(message);
      if (has_words(message.text, words)) found.push_back(std::move(message));
      if (found.size() == wanted || bytes >= most_bytes) break;
    }
    const bool has_rest = place && !read.rows.empty() && position_of(read.rows.back()) != *place;
    if (!more && !has_rest) place.reset();
    if (found.size() == wanted || !place) break;
    page.start_after(*place);
  }
  return context.list(std::move(found), false, place);
}

}  // namespace

Answer list_messages(Context& context) {
  base::Problems problems;
  const auto filters = context.read_filters<MessageFilters>(problems);
  const bool searches = filters.q.value_or("") != "";
  auto page = context.read_page(problems, &by_date, searches);
  const auto& caller = context.who().user_id;
  const auto which = wanted(filters, caller);
  const Reader reader(context, which);
  if (searches) return search(context, reader, page, *filters.q);
  const auto place = reader.limit(page);
  auto [messages, more] = read_page(reader, page, caller);
  return context.list(std::move(messages), more, place);
}

}  // namespace app
