// rest/decode.cc — see decode.h.
#include "rest/decode.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "base/email.h"
#include "base/text.h"

namespace rest {
namespace {

using http::Value;

bool is_text(const Value& value) {
  return value.type == Value::Type::string || value.type == Value::Type::integer ||
         value.type == Value::Type::real;  // numbers become text
}

bool is_one_of(std::string_view words, std::string_view wanted) {
  bool found = false;
  for_each_word(words, [&](std::string_view word) { found = found || word == wanted; });
  return found;
}

std::string too_long(const Rule& rule) {
  if (rule.max_length == 0)  // then only the bytes are counted
    return fmt::format("Ensure this field has no more than {} bytes.", rule.max_bytes);
  return fmt::format("Ensure this field has no more than {} characters.", rule.max_length);
}

// What Python's str() makes of a value, for sentences that quote it.
std::string python_str(const Value& value) {
  switch (value.type) {
    case Value::Type::boolean: return value.boolean ? "True" : "False";
    case Value::Type::list: return "[...]";
    case Value::Type::object: return "{...}";
    default: return value.text;
  }
}

}  // namespace

std::string not_a_choice(std::string_view word, std::string_view choices, const Version& version) {
  constexpr std::size_t quoted = 200;
  auto start = word.substr(0, quoted);
  // No character is cut: the bytes that go on with one are 10xxxxxx.
  while (start.size() < word.size() &&
         (static_cast<unsigned char>(word[start.size()]) & 0xc0) == 0x80)
    start.remove_suffix(1);
  auto sentence = fmt::format("\"{}{}\" is not a valid choice.", start,
                              start.size() < word.size() ? "..." : "");
  if (!version.errors_are_problems) return sentence;
  std::string_view before = " There are: ";
  for_each_word(choices, [&](std::string_view choice) {
    sentence.append(before).append(choice);
    before = ", ";
  });
  return sentence + ".";
}

bool is_object(const Value& value, const std::string& prefix, base::Problems& problems) {
  if (value.type == Value::Type::object) return true;
  const auto field = prefix + "non_field_errors";
  if (value.type == Value::Type::null)
    problems.add(field, "No data provided");
  else
    problems.add(
        field, fmt::format("Invalid data. Expected a dictionary, but got {}.", value.type_name()));
  return false;
}

bool is_given(const Value* value, const Place& place, DecodeMode mode) {
  const auto& rule = place.rule;
  const bool may_be_left =
      (!rule.required && !rule.blank) || (mode.from_page && mode.partial && rule.secret);
  const bool empty_in_form = mode.from_form && may_be_left && value &&
                             value->type == Value::Type::string && value->text.empty();
  if (!value || empty_in_form) {
    if (rule.required && !mode.partial) place.add("This field is required.");
    return false;
  }
  if (value->type == Value::Type::null) place.add("This field may not be null.");
  return value->type != Value::Type::null;
}

void read(const Value& value, const Place& place, std::optional<std::string>& out) {
  const auto& rule = place.rule;
  if (!is_text(value)) return place.add("Not a valid string.");
  const auto given = rule.trim ? base::trim(value.text) : std::string_view(value.text);
  // Before anything is made of it: what comes next may take long for a long text.
  if (given.size() > rule.most_bytes()) return place.add(too_long(rule));
  if (!rule.blank && (given.empty() || (rule.trim && base::shows_nothing(given))))
    return place.add("This field may not be blank.");
  std::string text(given);
  if (rule.check && !text.empty()) rule.check(text, place.name, place.problems);
  if (rule.max_length != 0 && base::code_points(text) > rule.max_length) place.add(too_long(rule));
  if (rule.choices && !is_one_of(rule.choices, text))
    place.add(not_a_choice(text, rule.choices, place.version));
  if (text.find('\0') != text.npos) place.add("Null characters are not allowed.");
  if (!place.problems.has(place.name)) out = std::move(text);
}

void read(const Value& value, const Place& place, std::optional<auth::Role>& out) {
  const auto word = python_str(value);
  if (auth::Role role{}; from_text(word, role)) {
    out = role;
  } else {
    place.add(not_a_choice(word, auth::role_words, place.version));
  }
}

void read(const Value& value, const Place& place, std::optional<base::Uuid>& out) {
  if (value.type == Value::Type::string)
    out = place.version.takes_ids ? base::Uuid::parse_any_case(value.text)
                                  : base::Uuid::parse(value.text);
  if (!out) place.add("Must be a valid UUID.");
}

void read(const Value& value, const Place& place, std::optional<std::int64_t>& out) {
  const auto& rule = place.rule;
  std::int64_t number = 0;
  const auto* end = value.text.data() + value.text.size();
  const auto [read_to, error] = std::from_chars(value.text.data(), end, number);
  if (!is_text(value) || value.text.empty() || read_to != end)
    return place.add("A valid integer is required.");
  if (error == std::errc::result_out_of_range)  // it is a number, beyond any range of ours
    number = value.text.starts_with('-') ? std::numeric_limits<std::int64_t>::min()
                                         : std::numeric_limits<std::int64_t>::max();
  if (number < rule.least)
    place.add(fmt::format("Ensure this value is greater than or equal to {}.", rule.least));
  else if (number > rule.most)
    place.add(fmt::format("Ensure this value is less than or equal to {}.", rule.most));
  else
    out = number;
}

void check_email(std::string& value, std::string_view field, base::Problems& problems) {
  if (!base::is_email(value)) problems.add(field, "Enter a valid email address.");
}

void read_link(const Value& value, const Place& place, std::string_view path,
               std::optional<base::Uuid>& out) {
  if (value.type != Value::Type::string)
    return place.add(fmt::format("Incorrect type. Expected {}, received {}.",
                                 place.version.takes_ids ? "an id or a URL" : "URL string",
                                 value.type_name()));
  if (place.version.takes_ids)
    if (const auto id = base::Uuid::parse_any_case(value.text)) {
      out = id;
      return;
    }
  std::string_view given = value.text;
  if (given.empty()) return place.add("This field may not be null.");
  if (given.starts_with("http:") || given.starts_with("https:")) {
    given.remove_prefix(given.find(':') + 1);
    if (given.starts_with("//")) {
      given.remove_prefix(2);
      given.remove_prefix(std::min(given.find_first_of("/?#"), given.size()));
    }
    given = given.substr(0, given.find_first_of("?#;"));
  }
  const auto match = resolve(place.routes, given);
  const bool fits =
      match && given == std::string(match->version->prefix) + std::string(path) + match->id.text();
  if (!fits)
    return place.add(place.version.takes_ids
                         ? fmt::format("Give an id, or a URL as {}{}….", place.version.prefix, path)
                     : match ? "Invalid hyperlink - Incorrect URL match."
                             : "Invalid hyperlink - No URL match.");
  out = match->id;
}

}  // namespace rest
