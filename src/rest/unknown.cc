// rest/unknown.cc — see unknown.h. Tests: tests/rest/unknown_test.cc.
#include "rest/unknown.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "http/request.h"

namespace rest {
namespace {

// How many characters one has to add, take away, change, or exchange with the next one to come from
// one name to the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); i++) {
    before = std::exchange(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); j++) {
      row[j] =
          std::min({row[j - 1] + 1, last[j] + 1, last[j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= most_name_told && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '.' || c == '-';
  });
}

// The nearest name, where at most a third of it is another; "": none is near.
std::string_view nearest_of(std::string_view name, const std::vector<std::string_view>& known) {
  const auto from_name = [&](std::string_view each) { return distance(name, each); };
  const auto nearest = std::ranges::min_element(known, {}, from_name);
  if (nearest == known.end() || from_name(*nearest) * 3 > std::max(name.size(), nearest->size()))
    return "";
  return *nearest;
}

std::string advice(std::string_view nearest, std::string_view prefix,
                   const std::vector<std::string_view>& known) {
  constexpr std::size_t few = 12;
  if (!nearest.empty()) return fmt::format(" The nearest is \"{}{}\".", prefix, nearest);
  if (known.empty() || known.size() > few) return "";
  std::string all;
  for (const auto name : known) all += fmt::format("{}{}{}", all.empty() ? "" : ", ", prefix, name);
  return fmt::format(" There are: {}.", all);
}

}  // namespace

void UnknownNames::look_at(std::string_view name, std::string_view prefix,
                           const std::vector<std::string_view>& known, Tell tell) {
  if (std::ranges::find(known, name) != known.end()) return;
  count_++;
  if (told_.size() == most_unknown_told) return;
  const auto nearest = is_name(name) ? nearest_of(name, known) : "";
  const bool is_told = is_name(name) && (tell == Tell::all || !nearest.empty());
  told_.push_back(
      {is_told ? std::string(prefix) + std::string(name) : "?", advice(nearest, prefix, known)});
}

void UnknownNames::report(std::string_view kind, base::Problems& problems) const {
  for (const auto& [name, advice] : told_)
    problems.add(name, fmt::format("There is no such {}.{}", kind, advice));
}

std::string UnknownNames::header() const {
  return fmt::format("{}; first=\"{}\"", count_, told_.front().name);
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
