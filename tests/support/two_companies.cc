// tests/support/two_companies.cc — see two_companies.h.
#include "support/two_companies.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "base/crypto.h"

namespace support {
namespace {

base::Uuid id_at(const http::Response& response, std::string_view path) {
  const auto id = base::Uuid::parse(text_at(response, path));
  BOOST_REQUIRE_MESSAGE(id, response.body);
  return *id;
}

void hire_as(Person& person, Client& by, std::string_view role) {
  person.username = unique_name("user");
  const auto response =
      by.post(users_url, fmt::format(R"({{"username":"{}","password":"{}","role":"{}"}})",
                                     person.username, password, role));
  BOOST_REQUIRE_MESSAGE(response.status == 201, response.body);
  person.id = id_at(response, "id");
  person.client.log_in(person.username, password);
}

}  // namespace

std::string unique_name(std::string_view stem) {
  // Letters that our password does not have, or it would be too similar to the name now and then.
  auto letters = base::hex(base::random_string(6));
  for (char& c : letters) c = static_cast<char>(c <= '9' ? c - '0' + 'g' : c - 'a' + 'q');
  return fmt::format("{}_{}", stem, letters);
}

std::map<std::string_view, base::Uuid> Company::ids() const {
  return {
      {"{user_id}", staff.id},
      {"{message_id}", message},
      {"{customer_id}", customer},
      {"{invitation_id}", invitation},
      {"{api_token_id}", api_token},
      {"{session_id}", session},
      {"{company_id}", id},
      {"to_user", staff.id},
      {"from_user", staff.id},
      {"with", staff.id},
      {"actor", staff.id},
      {"user", staff.id},
      {"until", message},
      {"company", id},
      {"default_company", id},
  };
}

Company make_company(server::Service& service) {
  Company company(service);
  company.admin.username = unique_name("admin");
  const auto response = company.admin.client.post(
      "/api/v1/accounts/",
      fmt::format(R"({{"company":{{"name":"{}"}},"user":{{"username":"{}","password":"{}"}}}})",
                  unique_name("Company"), company.admin.username, password));
  BOOST_REQUIRE_MESSAGE(response.status == 201, response.body);
  company.id = id_at(response, "company.id");
  company.admin.id = id_at(response, "user.id");
  company.admin.client.log_in(company.admin.username, password);
  hire_as(company.staff, company.admin.client, "staff");
  hire_as(company.other, company.admin.client, "staff");
  const auto message = company.admin.client.post(
      messages_url, fmt::format(R"({{"to_user":"{}","text":"hello"}})", company.staff.url()));
  BOOST_REQUIRE_MESSAGE(message.status == 201, message.body);
  company.message = id_at(message, "id");
  const auto created = [](Client& by, std::string_view url, std::string_view json) {
    const auto made = by.post(url, json);
    BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
    return made;
  };
  auto& admin = company.admin.client;
  auto& staff = company.staff.client;
  company.customer =
      id_at(created(admin, customers_url, R"({"name":"Kim","email":"kim@kim.example"})"), "id");
  const auto invited = created(admin, invitations_url, R"({"uses":5})");
  company.invitation = id_at(invited, "id");
  company.invitation_token = text_at(invited, "token");
  company.api_token =
      id_at(created(staff, api_tokens_url, R"({"name":"cron","access":"read"})"), "id");
  company.session = id_at(staff.get(sessions_url), "0.id");
  return company;
}

Person hire(Company& company, server::Service& service, std::string_view role) {
  Person person(service);
  hire_as(person, company.admin.client, role);
  return person;
}

}  // namespace support
