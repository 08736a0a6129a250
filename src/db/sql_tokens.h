// db/sql_tokens.h — cuts SQL text into tokens inside the compiler: the alphabet and the words of
// db/sql_check.h.
//
// Words (a or a.b), decimal numbers, `?` and a few operators, between blanks, tabs and newlines.
// Whatever MySQL's own lexer might read in another way is refused: quotes, comments, variables,
// 1e5, 0x41, `a . b`, every other control byte and every byte beyond ASCII.
#pragma once
#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace db {

// Never defined in the product: a consteval constructor that reaches it does not compile, and the
// compiler prints the line of the call, so each reason is a literal on one line. (A test may define
// it to throw, and run the checker on statements that it makes up.)
[[noreturn]] void refuse(const char* why);

namespace check {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr bool same(std::string_view a, std::string_view b) {  // ASCII, ignoring case
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); i++)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

constexpr bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  for (auto each : words)
    if (same(word, each)) return true;
  return false;
}

// The tokens of one statement, and how far they have been read.
class Tokens {
 public:
  constexpr explicit Tokens(std::string_view sql) {
    for (std::size_t i = 0; i < sql.size();) {
      if (sql[i] == ' ' || sql[i] == '\n' || sql[i] == '\t') {
        i++;
        continue;
      }
      if (size_ == tokens_.size()) refuse("more than 512 tokens");
      tokens_[size_] = sql.substr(i, length(sql.substr(i)));
      i += tokens_[size_++].size();
    }
  }

  // How many ? there are, and how many of them have been read.
  constexpr std::size_t placeholders() const { return placeholders_before(size_); }
  constexpr std::size_t placeholders_read() const { return placeholders_before(next_); }

  constexpr bool at_end() const { return next_ == size_; }
  // Empty beyond the end, and so equal to no token.
  constexpr std::string_view peek(std::size_t ahead = 0) const {
    return next_ + ahead < size_ ? tokens_[next_ + ahead] : "";
  }
  constexpr bool is(std::string_view token) const { return same(peek(), token); }
  constexpr bool is_number() const { return !at_end() && is_digit(peek()[0]); }
  constexpr bool is_word() const { return !at_end() && is_letter(peek()[0]); }
  constexpr bool is_call() const { return is_word() && peek(1) == "("; }

  constexpr std::string_view take() {
    const auto token = peek();
    if (!at_end()) next_++;
    return token;
  }
  constexpr bool take(std::string_view token) {
    const bool here = is(token);
    if (here) take();
    return here;
  }
  constexpr void need(std::string_view token) {
    if (!take(token)) refuse("the checker cannot follow: its grammar heads db/sql_check.h");
  }
  // The first word decides; then the others must follow.
  constexpr bool take_phrase(std::initializer_list<std::string_view> words) {
    if (!is(*words.begin())) return false;
    for (auto word : words) need(word);
    return true;
  }

 private:
  static constexpr std::size_t length(std::string_view text) {
    constexpr auto end_of_word = [](std::string_view s, std::size_t n) {
      while (n < s.size() && (is_letter(s[n]) || is_digit(s[n]))) n++;
      return n;
    };
    std::size_t n = 1;
    if (is_letter(text[0])) {
      n = end_of_word(text, 1);
      if (n + 1 < text.size() && text[n] == '.' && is_letter(text[n + 1]))
        n = end_of_word(text, n + 2);
      if (n < text.size() && text[n] == '.') refuse("a name is a or a.b: no schema, no blanks");
      return n;
    }
    if (is_digit(text[0]))
      while (n < text.size() && is_digit(text[n])) n++;
    if (is_digit(text[0]) || text[0] == '?') {
      if (end_of_word(text, n) != n) refuse("a number is decimal digits, and ? stands alone");
      return n;
    }
    const auto two = text.substr(0, 2);
    if (two == "--") refuse("no comments in SQL");
    if (one_of(two, {"<=", ">=", "<>", "!="})) return 2;
    if (!one_of(text.substr(0, 1), {"(", ")", ",", "=", "<", ">", "+", "-", "*"}))
      refuse("no quotes, comments, variables, ;, || or other odd bytes in SQL: bind values with ?");
    return 1;
  }

  constexpr std::size_t placeholders_before(std::size_t end) const {
    std::size_t n = 0;
    for (std::size_t i = 0; i < end; i++) n += tokens_[i] == "?";
    return n;
  }

  std::array<std::string_view, 512> tokens_{};
  std::size_t size_ = 0;
  std::size_t next_ = 0;
};

// Words that are never a name here: the grammar's own, and those that could stand where it reads an
// alias or a column. MySQL reserves them too, so this costs nobody a column.
constexpr bool is_keyword(std::string_view word) {
  return one_of(word,
                {"all",       "and",    "as",       "asc",    "between",       "by",     "cross",
                 "delete",    "desc",   "distinct", "exists", "for",           "force",  "from",
                 "group",     "having", "ignore",   "in",     "inner",         "insert", "into",
                 "is",        "join",   "left",     "like",   "limit",         "lock",   "natural",
                 "not",       "offset", "on",       "or",     "order",         "outer",  "over",
                 "partition", "right",  "select",   "set",    "straight_join", "table",  "union",
                 "update",    "use",    "using",    "values", "where",         "with",   "xor"});
}

constexpr bool is_name(std::string_view token) {  // perhaps qualified
  return !token.empty() && is_letter(token[0]) && !is_keyword(token);
}

// FORCE INDEX (name), where that comes next.
constexpr void skip_forced_index(Tokens& sql) {
  if (!sql.take_phrase({"force", "index", "("})) return;
  if (!is_name(sql.take())) refuse("FORCE INDEX (name)");
  sql.need(")");
}

// "a.b" → "b"
constexpr std::string_view unqualified(std::string_view name) {
  for (std::size_t i = 0; i < name.size(); i++)
    if (name[i] == '.') return name.substr(i + 1);
  return name;
}

// They read nothing but their arguments and the clock. Add to them under that rule only.
constexpr bool is_pure_function(std::string_view word) {
  return one_of(word, {"avg", "char_length", "coalesce", "concat", "count", "greatest", "if",
                       "ifnull", "least", "length", "lower", "max", "min", "nullif", "substr",
                       "sum", "upper", "utc_timestamp"});
}

}  // namespace check
}  // namespace db
