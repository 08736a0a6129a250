// admin/findings.h — what `partywall check` has found wrong.
#pragma once
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

// At most so many, so that memory is bounded; whoever has as many mends those first.
class Findings {
 public:
  static constexpr std::size_t most = 1000;
  struct Enough {};  // thrown with the last one that there is room for

  // Those that follow are of that company.
  void set_company(const std::optional<base::Uuid>& company) { company_ = company; }
  void add(std::string_view table, std::string what) {
    all_.push_back({company_, std::string(table), std::move(what)});
    if (all_.size() == most) throw Enough();
  }
  const std::vector<Finding>& all() const { return all_; }

 private:
  std::optional<base::Uuid> company_;
  std::vector<Finding> all_;
};

}  // namespace admin
