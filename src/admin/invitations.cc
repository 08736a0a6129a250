// admin/invitations.cc — `partywall invite`. Tests: tests/api/admin_test.py.
#include <fmt/format.h>

#include <stdexcept>

#include "admin/print.h"
#include "admin/task.h"

namespace admin {
namespace {

void revoke(Task& task, const rest::Document& made) {
  NamedUser about;
  about.id = base::Uuid::parse(made.value({}).find("id")->text).value();
  task.ask("invitation-detail", http::Method::delete_, {}, about);
}

void invite(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  Form form;
  for (const auto* name : {"role", "username", "days", "uses"})
    if (const auto value = typed.find(std::string("--") + name)) form.emplace_back(name, *value);
  const auto made = task.ask("invitation-list", http::Method::post, form);
  try {
    print(made, "link role username uses_left expires_at", task.as_json(), task.urls());
  } catch (const std::runtime_error& error) {  // nobody will ever see the link
    revoke(task, made);
    throw std::runtime_error(fmt::format("{}; the invitation was revoked", error.what()));
  }
}

constexpr Command commands[] = {
    {"invite", "make a link with which people join a company", "COMPANY",
     "role username days uses json", invite},
};

}  // namespace

std::span<const Command> invitations() { return commands; }

}  // namespace admin
