// rest/unknown.cc — see unknown.h. Tests: tests/rest/unknown_test.cc.
#include "rest/unknown.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "http/request.h"

namespace rest {
namespace {

// How many characters one has to add, take away or change to come from one name to the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); i++) {
    auto diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); j++) {
      const auto changed = diagonal + (a[i] != b[j] ? 1 : 0);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, changed});
    }
  }
  return row.back();
}

std::string plain(std::string_view name) {
  std::string text(name.substr(0, most_name_told));
  for (char& c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-';
    if (!is_plain) c = '?';
  }
  return text;
}

// What one may have meant: a name of which no more than half is another, else all of a few.
std::string advice(std::string_view name, std::string_view prefix,
                   const std::vector<std::string_view>& known) {
  constexpr std::size_t few = 12;
  const auto from_name = [&](std::string_view each) { return distance(name, each); };
  const auto nearest = std::ranges::min_element(known, {}, from_name);
  if (nearest != known.end() && from_name(*nearest) * 2 <= name.size())
    return fmt::format(" The nearest is \"{}{}\".", prefix, *nearest);
  if (known.empty() || known.size() > few) return "";
  return fmt::format(" There are: {}.", fmt::join(known, ", "));
}

}  // namespace

void UnknownNames::look_at(std::string_view name, std::string_view prefix,
                           const std::vector<std::string_view>& known) {
  if (std::ranges::find(known, name) != known.end()) return;
  count_++;
  if (told_.size() == most_unknown_told) return;
  told_.push_back({plain(std::string(prefix) + std::string(name)),
                   advice(name.substr(0, most_name_told), prefix, known)});
}

void UnknownNames::report(std::string_view kind, base::Problems& problems) const {
  for (const auto& [name, advice] : told_)
    problems.add(name, fmt::format("There is no such {}.{}", kind, advice));
}

std::string UnknownNames::header() const {
  return fmt::format("{}; first=\"{}\"", count_, told_.empty() ? "" : told_.front().name);
}

void UnknownNames::add(const UnknownNames& other) {
  count_ += other.count_;
  told_.insert(told_.end(), other.told_.begin(), other.told_.end());
}

bool is_of_page(std::string_view name) {
  for (const auto each : {"csrfmiddlewaretoken", "x_company", "idempotency_key", "next", "_method",
                          "_confirm", "_content", "_content_type"})
    if (name == each) return true;
  return false;
}

}  // namespace rest
