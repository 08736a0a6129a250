// tests/support/walk.h — the isolation walk: every route × method × caller, with another company's
// ids and with ids that nobody has. Both must get the same answer, and the other company's rows
// must stay as they are.
#pragma once
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "rest/route.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace support {

// Somebody of company B, by one kind of credential.
struct WalkCaller {
  std::string name;
  std::function<Client()> make;  // gets new credentials: a request may have ended the old ones
  Client client = make();
};

class Walk {
 public:
  // `a` is the company that must stay hidden; the callers belong to another one.
  Walk(Company& a, std::vector<WalkCaller> callers);

  // Walks all routes in all versions and answers what is wrong, a line each; nothing is good.
  std::vector<std::string> findings(const rest::Routes& routes);
  // How many pairs of requests were compared.
  int compared() const { return compared_; }

 private:
  void walk(const rest::Route& route, const rest::Version& version, std::string_view method,
            WalkCaller& caller);
  void compare(std::string_view method, WalkCaller& caller,
               const std::function<std::string(bool foreign)>& url,
               const std::function<std::string(bool foreign)>& body);
  std::string make(std::string_view parameter);
  std::string id_for(std::string_view what, bool foreign);
  std::string body_for(const rest::Route& route, const rest::Version& version,
                       std::string_view method, bool foreign);
  void check_a(const std::string& where);
  std::string without_ids(std::string text) const;
  void report(const std::string& finding) { findings_.push_back(finding); }

  Company& a_;
  std::vector<WalkCaller> callers_;
  RawSql raw_;
  std::string nobody_;
  std::vector<const rest::Route*> routes_;
  const rest::Version* made_in_ = nullptr;                // the newest version
  std::map<std::string, std::string, std::less<>> made_;  // by parameter
  std::string a_rows_;
  std::vector<std::string> findings_;
  int compared_ = 0;
};

}  // namespace support
