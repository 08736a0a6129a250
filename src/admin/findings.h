// admin/findings.h — what `partywall check` has found wrong.
#pragma once
#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/uuid.h"

namespace admin {

struct Finding {
  std::optional<base::Uuid> company;  // empty: of no company, or of all
  std::string table;
  std::string what;

  FIELDS(Finding, company, table, what)
};

// At most so many of a company's table, so that one does not hide the others, and at most so many
// of all, so that memory is bounded; whoever has as many mends those first.
class Findings {
 public:
  static constexpr std::size_t most = 1000, most_of_table = 50;
  struct Enough {};  // thrown with the last one that there is room for

  // Those that follow are of that company.
  void set_company(const std::optional<base::Uuid>& company) {
    for (const auto& [table, count] : counts_)
      if (count > most_of_table) push(table, fmt::format("and {} more", count - most_of_table));
    counts_.clear();
    company_ = company;
  }
  void add(std::string_view table, std::string what) {
    if (++counts_[std::string(table)] <= most_of_table) push(table, std::move(what));
  }
  const std::vector<Finding>& all() const { return all_; }

 private:
  void push(std::string_view table, std::string what) {
    all_.push_back({company_, std::string(table), std::move(what)});
    if (all_.size() == most) throw Enough();
  }

  std::optional<base::Uuid> company_;
  std::map<std::string, std::size_t> counts_;  // of the company, by table
  std::vector<Finding> all_;
};

}  // namespace admin
