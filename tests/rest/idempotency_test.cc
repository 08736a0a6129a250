// tests/rest/idempotency_test.cc — creates with an Idempotency-Key, of every noun that takes one.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "app/routes.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::Client;
using support::text_at;

// A noun whose rows are made with a key.
struct Noun {
  std::string url;
  std::string body, other_body;
  bool can_be_deleted;
};

struct Keys : support::TwoCompanies {
  support::RawSql raw{support::config()};
  Client& admin = a.admin.client;
  // A second admin, so that nothing is refused for the role.
  support::Person colleague = support::hire(a, service, "admin");

  std::vector<Noun> nouns() {
    const auto name = support::unique_name("key");
    const auto user = [&](std::string_view suffix) {
      return fmt::format(R"({{"username":"{}{}","password":"{}"}})", name, suffix,
                         support::password);
    };
    const auto message = [&](std::string_view text) {
      return fmt::format(R"({{"to_user":"{}","text":"{}"}})", a.staff.url(), text);
    };
    return {
        {std::string(support::users_url), user(""), user("x"), true},
        {std::string(support::messages_url), message("one"), message("two"), false},
        {std::string(support::customers_url), R"({"name":"One","email":"one@one.example"})",
         R"({"name":"Two","email":"one@one.example"})", true},
        {std::string(support::invitations_url), R"({"role":"staff"})", R"({"role":"admin"})", true},
        {std::string(support::api_tokens_url), R"({"name":"one","access":"read"})",
         R"({"name":"one","access":"write"})", true}};
  }

  std::string new_key() { return base::Uuid::make(base::Time::now()).text(); }
  http::Response post(Client& client, std::string_view url, const std::string& key,
                      std::string_view body) {
    client.headers["idempotency-key"] = key;
    auto response = client.post(url, body);
    client.headers.erase("idempotency-key");
    return response;
  }
  std::string literal_of(const std::string& key) {
    return support::literal(*base::Uuid::parse(key));
  }
  void age(const std::string& key, int days) {
    BOOST_REQUIRE(raw.execute(fmt::format("UPDATE idempotency_keys SET created_at = created_at -"
                                          " INTERVAL {} DAY WHERE company_id = {} AND id = {}",
                                          days, support::literal(a.id), literal_of(key))) == 0);
  }
  void forget(const std::string& key) {
    BOOST_REQUIRE(raw.execute(fmt::format("DELETE FROM idempotency_keys WHERE company_id = {}"
                                          " AND id = {}",
                                          support::literal(a.id), literal_of(key))) == 0);
  }
  std::string count(const std::string& table) {
    return raw.query(fmt::format("SELECT COUNT(*) FROM {} WHERE company_id = {}", table,
                                 support::literal(a.id)))[0][0];
  }
};

std::string bytes(const http::Response& response) {
  std::string text = std::to_string(response.status) + "\n";
  for (const auto& [name, value] : response.headers) text += name + ": " + value + "\n";
  return text + response.body;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(idempotency, Keys)

BOOST_AUTO_TEST_CASE(answers_the_same_request_with_the_row_and_shows_no_secret_again) {
  for (const auto& noun : nouns()) {
    const auto key = new_key();
    const auto first = post(admin, noun.url, key, noun.body);
    BOOST_TEST(first.status == 201, noun.url << first.body);
    BOOST_TEST(text_at(first, "id") == key, noun.url);
    const auto again = post(admin, noun.url, key, noun.body);
    BOOST_TEST(again.status == 200, noun.url << again.body);
    BOOST_TEST(text_at(again, "id") == key, noun.url);
    for (const auto* secret : {"\"token\"", "\"link\""})
      BOOST_TEST(again.body.find(secret) == std::string::npos, again.body);
  }
}

BOOST_AUTO_TEST_CASE(answers_the_row_as_it_is_now) {
  const auto key = new_key();
  const auto body = R"({"name":"Once","email":"once@once.example"})";
  post(admin, support::customers_url, key, body);
  const auto url = std::string(support::customers_url) + key;
  BOOST_TEST(a.staff.client.patch(url, R"({"name":"Later","email":"l@l.example"})").status == 200);
  const auto again = post(admin, support::customers_url, key, body);
  BOOST_TEST(again.status == 200);
  BOOST_TEST(text_at(again, "name") == "Later");
  BOOST_TEST(again.body == admin.get(url).body);
}

BOOST_AUTO_TEST_CASE(is_over_once_the_row_was_deleted) {
  for (const auto& noun : nouns()) {
    if (!noun.can_be_deleted) continue;
    const auto key = new_key();
    post(admin, noun.url, key, noun.body);
    BOOST_TEST(admin.remove(noun.url + key).status == 204, noun.url);
    const auto late = post(admin, noun.url, key, noun.body);
    BOOST_TEST(late.status == 410, noun.url << late.body);
    BOOST_TEST(text_at(late, "detail") == "What this Idempotency-Key made was deleted.");
    BOOST_TEST(post(admin, noun.url, key, noun.other_body).status == 422, noun.url);
  }
}

BOOST_AUTO_TEST_CASE(tells_others_nothing_whether_the_row_lives_was_deleted_or_is_not_theirs) {
  const auto all = nouns();
  const auto refused = post(
      colleague.client, all[1].url,
      [&] {
        const auto key = new_key();
        post(admin, all[1].url, key, all[1].body);
        return key;
      }(),
      all[1].body);
  BOOST_TEST(refused.status == 422);
  for (const auto& noun : all) {
    const auto key = new_key();
    post(admin, noun.url, key, noun.body);
    std::vector<http::Response> answers;
    const auto ask = [&] {
      for (const auto& body : {noun.body, noun.other_body})
        answers.push_back(post(colleague.client, noun.url, key, body));
      // By the maker, but on another route.
      for (const auto& other : all)
        if (other.url != noun.url) answers.push_back(post(admin, other.url, key, other.body));
    };
    ask();
    if (noun.can_be_deleted) {
      admin.remove(noun.url + key);
      ask();
    }
    for (const auto& answer : answers) {
      BOOST_TEST(answer.status == 422, noun.url << answer.body);
      BOOST_TEST(answer.body == refused.body);
    }
    BOOST_TEST(bytes(answers[0]) == bytes(answers[1]));
  }
}

BOOST_AUTO_TEST_CASE(of_one_company_is_a_new_one_in_another) {
  const auto key = new_key();
  const auto body = R"({"name":"Once","email":"once@once.example"})";
  BOOST_TEST(post(admin, support::customers_url, key, body).status == 201);
  auto& stranger = b.admin.client;
  BOOST_TEST(post(stranger, support::customers_url, key, body).status == 201);
  BOOST_TEST(post(stranger, support::customers_url, key, body).status == 200);
  BOOST_TEST(post(stranger, support::users_url, a.admin.id.text(), nouns()[0].body).status == 201);
}

BOOST_AUTO_TEST_CASE(is_looked_at_with_what_was_given_and_not_with_what_was_left_out) {
  const auto key = new_key();
  const auto url = support::customers_url;
  post(admin, url, key, R"({"name":" Once ","email":"once@once.example","unknown":1})");
  BOOST_TEST(post(admin, url, key, R"({"email":"once@once.example","name":"Once"})").status == 200);
  BOOST_TEST(
      post(admin, url, key, R"({"name":"Once","email":"once@once.example","notes":"n"})").status ==
      422);
  // What is wrong with a body is told before.
  BOOST_TEST(post(admin, url, key, R"({"name":"Once"})").status == 400);
}

BOOST_AUTO_TEST_CASE(never_tells_whether_a_password_is_right) {
  const auto guess = [&](const std::string& key, std::string_view username,
                         std::string_view tried) {
    return post(admin, support::users_url, key,
                fmt::format(R"({{"username":"{}","password":"{}"}})", username, tried));
  };
  const auto key = new_key(), name = support::unique_name("key");
  guess(key, name, support::password);
  for (const auto& [id, username] :
       {std::pair(key, name), std::pair(a.staff.id.text(), a.staff.username),
        std::pair(new_key(), a.staff.username)})
    BOOST_TEST(bytes(guess(id, username, support::password)) ==
               bytes(guess(id, username, "Bade-9175-Decaf!")));
}

BOOST_AUTO_TEST_CASE(is_forgotten_after_thirty_days_but_makes_no_second_row_while_one_is_there) {
  for (const auto& noun : nouns()) {
    const auto key = new_key();
    post(admin, noun.url, key, noun.body);
    age(key, 29);
    BOOST_TEST(post(admin, noun.url, key, noun.body).status == 200, noun.url);
    age(key, 2);
    const auto late = post(admin, noun.url, key, noun.body);
    BOOST_TEST(late.status == (409), noun.url << late.body);
  }
  const auto customers = std::string(support::customers_url);
  const auto key = new_key();
  const auto body = R"({"name":"First","email":"first@one.example"})";
  const auto other = R"({"name":"Second","email":"second@one.example"})";
  post(admin, customers, key, body);
  age(key, 31);
  BOOST_TEST(post(admin, customers, key, other).status == 409);
  BOOST_TEST(text_at(admin.get(customers + key), "name") == "First");
  admin.remove(customers + key);
  BOOST_TEST(post(admin, customers, key, other).status == 201);
  BOOST_TEST(post(admin, customers, key, other).status == 200);
}

BOOST_AUTO_TEST_CASE(that_is_the_id_of_a_row_made_without_it_makes_no_second_one) {
  const auto all = nouns();
  const std::vector<std::pair<std::string, std::string>> rows = {{all[0].url, a.staff.id.text()},
                                                                 {all[1].url, a.message.text()},
                                                                 {all[2].url, a.customer.text()},
                                                                 {all[3].url, a.invitation.text()},
                                                                 {all[4].url, a.api_token.text()}};
  for (std::size_t i = 0; i < rows.size(); i++) {
    const auto& [url, id] = rows[i];
    for (auto* client : {&admin, &colleague.client}) {
      const auto refused = post(*client, url, id, all[i].body);
      BOOST_TEST(refused.status == 409, url << refused.body);
      BOOST_TEST(refused.body ==
                 R"({"detail":"This Idempotency-Key is the id of something that is there."})");
    }
  }
  // Nobody who is gone comes back under the old id, either.
  admin.remove(a.other.url());
  BOOST_TEST(post(admin, all[0].url, a.other.id.text(), all[0].body).status == 409);
}

BOOST_AUTO_TEST_CASE(leaves_nothing_when_nothing_was_made) {
  const auto key = new_key();
  const auto before = count("idempotency_keys");
  const auto refused =
      post(admin, support::customers_url, key, R"({"name":"Kim","email":"kim@kim.example"})");
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(post(admin, support::users_url, key, R"({"username":"x","password":"1"})").status ==
             400);
  BOOST_TEST(count("idempotency_keys") == before);
  BOOST_TEST(
      post(admin, support::customers_url, key, R"({"name":"L","email":"l@l.example"})").status ==
      201);
}

BOOST_AUTO_TEST_CASE(of_one_who_changed_companies_or_role_is_still_theirs) {
  const auto key = new_key();
  const auto all = nouns();
  post(colleague.client, all[0].url, key, all[0].body);
  admin.patch(colleague.url(), R"({"role":"staff"})");
  BOOST_TEST(post(colleague.client, all[0].url, key, all[0].body).status == 200);
}

BOOST_AUTO_TEST_CASE(is_refused_by_every_request_that_makes_no_row_of_a_list) {
  int refused = 0;
  support::for_each_route([&](const rest::Route& route, std::string path) {
    if (const auto open = path.find('{'); open != path.npos)
      path.replace(open, path.find('}') - open + 1, new_key());
    for (const auto* method : {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}) {
      const bool is_there =
          route.operation(http::method_of(method)) || method == std::string_view("OPTIONS");
      if (!is_there || route.makes_rows(http::method_of(method))) continue;
      admin.headers["idempotency-key"] = new_key();
      const auto answer = admin.send(method, path, "{}");
      admin.headers.erase("idempotency-key");
      BOOST_TEST(answer.status == 400, method << " " << path);
      if (method != std::string_view("HEAD"))
        BOOST_TEST(answer.body.find("This request takes no key.") != std::string::npos, path);
      refused++;
    }
  });
  BOOST_TEST(refused > 50);
  BOOST_TEST(admin.get(support::me_url).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
