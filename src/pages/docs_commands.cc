// pages/docs_commands.cc — see docs_commands.h. Tests: tests/api/clients_test.py.
#include "pages/docs_commands.h"

#include <string_view>

#include "base/text.h"

namespace pages {
namespace {

// What stands for a member of an example's body: a variable of the shell that the page has set, or
// a name that nobody has.
struct Stand {
  std::string_view member;
  std::string_view text;
};
constexpr Stand stands[] = {{"to_user", "\"$api/accounts/users/$lee_id\""},
                            {"with", "\"$lee_id\""},
                            {"until", "\"$message_id\""},
                            {"company", "\"$company_id\""},
                            {"default_company", "\"$company_id\""},
                            {"username", "sam$RANDOM$RANDOM"},
                            {"password", "\"$password\""},
                            {"refresh", "\"$refresh\""}};

// Of an operation: lines before its command, what stands in the place of `-H "Authorization: Bearer
// $token"`, what stands for a member of its body in the place of the above, and which members that
// body has beside those that are required.
struct Command {
  std::string_view operation;
  std::string_view before = {};
  std::string_view credential = {};
  Stand stand = {};
  std::string_view also = {};
};
constexpr std::string_view by_cookie = "-b jar -c jar -H \"X-CSRFToken: $(csrf)\"";
constexpr std::string_view by_token = "-H \"Authorization: Bearer $token\"";
constexpr std::string_view invite =
    "invitation=$(curl -s \"$api/accounts/invitations/\" -H \"Authorization: Bearer $token\" \\\n"
    "  -H \"$json\" -d '{}' | field token)\n";
constexpr Command commands[] = {
    {.operation = "token-obtain-post", .stand = {"username", "$name"}},
    {.operation = "token-verify-post", .stand = {"token", "\"$token\""}},
    {.operation = "login-post", .credential = "-c jar", .stand = {"username", "$name"}},
    {.operation = "logout-post", .credential = by_cookie},
    {.operation = "second-factor-set-up-post", .credential = by_token},
    {.operation = "second-factor-confirm-post",
     .credential = by_token,
     .stand = {"code", "\"$(oathtool --totp --base32 \"$secret\")\""}},
    // Each code is good once, and that of the next half minute is good already.
    {.operation = "second-factor-codes-post",
     .stand = {"code", "\"$(oathtool --totp --base32 --now \"+30 seconds\" \"$secret\")\""}},
    {.operation = "second-factor-off-post", .stand = {"code", "\"$recovery_code\""}},
    {.operation = "email-verify-post",
     .before = "# email_token: what comes after #/email/ in the mail.\n[ -z \"$email_token\" ] || ",
     .stand = {"token", "\"$email_token\""}},
    {.operation = "events-get",
     .credential = "-sN --max-time 3 -H \"Authorization: Bearer $token\" || true"},
    {.operation = "company-detail-delete",
     .before =
         "# Of another company: everybody is logged out, and in 30 days it is erased.\n"
         "other=kim$RANDOM$RANDOM\n"
         "curl -s -o other.json \"$api/accounts/\" -H \"$json\" -d '{\"company\":\n"
         "  "
         "{\"name\":\"Acme\"},\"user\":{\"username\":\"'$other'\",\"password\":\"'$password'\"}}'\n"
         "other_token=$(curl -s \"$api/auth/token/\" -H \"$json\" \\\n"
         "  -d '{\"username\":\"'$other'\",\"password\":\"'$password'\"}' | field access)\n",
     .credential = "-H \"Authorization: Bearer $other_token\"",
     .stand = {"current_password", "\"$password\""}},
    {.operation = "erasure-detail-get",
     .before = "other_token=$(curl -s \"$api/auth/token/\" -H \"$json\" \\\n"
               "  -d '{\"username\":\"'$other'\",\"password\":\"'$password'\"}' | field access)\n",
     .credential = "-H \"Authorization: Bearer $other_token\""},
    {.operation = "erasure-detail-delete",
     .credential = "-H \"Authorization: Bearer $other_token\""},
    {.operation = "me-delete",
     .before = "# Of somebody new: a company's last admin cannot.\n"
               "leaver=kim$RANDOM$RANDOM\n"
               "curl -s -o leaver.json \"$api/accounts/users/\" -H \"$json\" \\\n"
               "  -H \"Authorization: Bearer $token\" \\\n"
               "  -d '{\"username\":\"'$leaver'\",\"password\":\"'$password'\"}'\n"
               "leaver_token=$(curl -s \"$api/auth/token/\" -H \"$json\" \\\n"
               "  -d '{\"username\":\"'$leaver'\",\"password\":\"'$password'\"}' | field access)\n",
     .credential = "-H \"Authorization: Bearer $leaver_token\"",
     .stand = {"current_password", "\"$password\""}},
    {.operation = "company-switch-post",
     .before = "curl -s -o login.json -c jar \"$api/auth/login/\" -H \"$json\" \\\n"
               "  -d '{\"username\":\"'$name'\",\"password\":\"'$password'\"}'\n",
     .credential = by_cookie},
    {.operation = "membership-detail-delete",
     .before =
         "# Lee leaves: the last admin of a company cannot. (Her token is made anew: it is old.)\n"
         "lee_token=$(curl -s \"$api/auth/token/\" -H \"$json\" \\\n"
         "  -d '{\"username\":\"'$lee'\",\"password\":\"'$password'\"}' | field access)\n",
     .credential = "-H \"Authorization: Bearer $lee_token\""},
    {.operation = "invitation-open-post", .before = invite, .stand = {"token", "\"$invitation\""}},
    {.operation = "invitation-accept-post",
     .stand = {"token", "\"$invitation\""},
     .also = "username password"},
    {.operation = "user-password-link-post", .before = "user_id=$lee_id\n"},
    {.operation = "password-choose-post",
     .before = "link=$(curl -s \"$api/accounts/users/$lee_id/password-link\" -X POST \\\n"
               "  -H \"Authorization: Bearer $token\" | field token)\n",
     .stand = {"token", "\"$link\""}},
    {.operation = "session-detail-delete",
     .before = "curl -s -o login.json -c jar \"$api/auth/login/\" -H \"$json\" \\\n"
               "  -d '{\"username\":\"'$name'\",\"password\":\"'$password'\"}'\n"
               "session_id=$(curl -s -b jar \"$api/auth/sessions/\" |\n"
               "  grep -o '{[^{]*\"current\":true' | field id)\n"},
    {.operation = "export-link-post",
     .before = "# When it is done; a link is for a session.\n"
               "until curl -s \"$api/exports/$export_id\" -H \"Authorization: Bearer $token\" |\n"
               "  grep -q '\"done\"'; do sleep 3; done\n"
               "curl -s -o login.json -c jar \"$api/auth/login/\" -H \"$json\" \\\n"
               "  -d '{\"username\":\"'$name'\",\"password\":\"'$password'\"}'\n",
     .credential = by_cookie},
    {.operation = "export-file-get",
     .before =
         "link=$(curl -s \"$api/exports/$export_id/link\" -b jar -H \"X-CSRFToken: $(csrf)\" \\\n"
         "  -H \"$json\" -d '{\"current_password\":\"'$password'\"}' | field link)\n",
     .credential = "-b jar -G -d \"${link#*\\?}\" -o export.tar.gz"},
};

// What a POST makes, for the commands about it: a list's its id.
struct Made {
  std::string_view operation;
  std::string_view variable;
  std::string_view field = "id";
};
constexpr Made made[] = {{"user-list-post", "user_id"},
                         {"customer-list-post", "customer_id"},
                         {"invitation-list-post", "invitation_id"},
                         {"api-token-list-post", "api_token_id"},
                         {"second-factor-set-up-post", "secret", "secret"},
                         {"second-factor-codes-post", "recovery_code", "code"},
                         {"export-list-post", "export_id"}};

std::string quoted(std::string_view text) {
  http::JsonWriter json;
  json.string(text);
  return json.take();
}

std::string shown(const std::string& name, const Value& value, const Command& special) {
  if (value.type == Value::Type::object) {
    std::string text;
    for (const auto& [inner, each] : value.members)
      if (inner != "display_name")
        text += (text.empty() ? "{" : ",") + quoted(inner) + ":" + shown(inner, each, special);
    return text + "}";
  }
  if (value.type != Value::Type::string) return value.text;
  if (name == special.stand.member) return "\"'" + std::string(special.stand.text) + "'\"";
  for (const auto& [member, text] : stands)
    if (member == name) return "\"'" + std::string(text) + "'\"";
  return quoted(value.text);
}

// Whether one of the words, with blanks between them, is this.
bool has_word(std::string_view words, std::string_view word) {
  return (" " + std::string(words) + " ").find(" " + std::string(word) + " ") != std::string::npos;
}

// The example, with what is required, where anything is.
std::string body_of(const Value& body, const Command& special) {
  const auto& required = member(member(body, "schema"), "required").items;
  std::string text;
  for (const auto& [name, value] : member(body, "example").members) {
    if (!required.empty() && !is_required(member(body, "schema"), name) &&
        !has_word(special.also, name))
      continue;
    text += (text.empty() ? "{" : ",") + quoted(name) + ":" + shown(name, value, special);
  }
  return text.empty() ? "{}" : text + "}";
}

}  // namespace

// A line for the shell, with the variables that lines before it have set.
std::string command_for(const std::string& path, const std::string& method, const Value& operation,
                        const Value& body) {
  const auto id = text_of(operation, "operationId");
  Command special;
  for (const auto& each : commands)
    if (each.operation == id) special = each;
  Made kept;
  for (const auto& each : made)
    if (each.operation == id) kept = each;
  auto url = "$api" + path;
  for (auto open = url.find('{'); open != url.npos; open = url.find('{', open + 3))
    url = url.substr(0, open) + "${" + url.substr(open + 1, url.find('}') - open - 1) + ":?}" +
          url.substr(url.find('}') + 1);
  const bool has_body = body.type == Value::Type::object;
  auto line = (kept.variable.empty() ? "curl \"" : "made=$(curl -s \"") + url + "\"";
  if (method != "get" && !(method == "post" && has_body)) line += " -X " + upper(method);
  const auto& security = member(operation, "security").items;
  const bool needs_token = !security.empty() && !security.front().members.empty();
  if (!special.credential.empty())
    line += " " + std::string(special.credential);
  else if (needs_token)
    line += " " + std::string(by_token);
  if (has_body) line += " \\\n  -H \"$json\" -d '" + body_of(body, special) + "'";
  if (!kept.variable.empty())
    line += ")\necho \"$made\"; " + std::string(kept.variable) + "=$(field " +
            std::string(kept.field) + " <<<\"$made\")";
  return std::string(special.before) + line;
}

}  // namespace pages
