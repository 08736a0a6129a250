// admin/invitations.cc — `partywall invite`. Tests: tests/api/admin_test.py.
#include "admin/print.h"
#include "admin/task.h"

namespace admin {
namespace {

void invite(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  Form form;
  for (const auto* name : {"role", "username", "days", "uses"})
    if (const auto value = typed.find(std::string("--") + name)) form.emplace_back(name, *value);
  print(task.ask("invitation-list", http::Method::post, form),
        "link role username uses_left expires_at", task.as_json());
}

constexpr Command commands[] = {
    {"invite", "make a link with which people join a company", "COMPANY",
     "role username days uses json", invite},
};

}  // namespace

std::span<const Command> invitations() { return commands; }

}  // namespace admin
