// tests/bench/floor.cc — the floors that `make bench` measures Partywall against.
//
//   floor SOCKET PROCESSES DB_SOCKET DB_NAME DB_USER DB_PASSWORD_FILE PUBLIC_URL
//
// The least that a sane program would do with libfcgi and Connector/C++ to answer GET users, GET
// messages, GET one message and POST message: the session by its key, of one table, then one
// statement by the cheapest key, and out with the same bytes (tests/bench/run compares them). No
// routing, no roles, no fairness, no limits, no errors to speak of, no log. It shares neither a
// line nor a statement with src, so that whatever src does too slowly shows.
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <fcgiapp.h>
#include <mysql_connection.h>
#include <mysql_driver.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "bench/floor_sql.h"
#include "bench/floor_text.h"

namespace {

using namespace floor_sql;
using namespace floor_text;
using Prepared = std::unique_ptr<sql::PreparedStatement>;

constexpr std::size_t page_rows = 50;

struct Arguments {
  std::string socket, processes, db_socket, db_name, db_user, db_password_file, public_url;
};

struct Caller {
  std::string company, user;
};

constexpr const char* poll_messages = "\r\nX-Poll-Interval: 3";

struct Answer {
  const char* status = "200 OK";
  const char* allow = "GET, POST, HEAD, OPTIONS";
  const char* poll = "";
  std::string etag{}, json{}, more_headers{};
};

std::unique_ptr<sql::Connection> connect(const Arguments& arguments) {
  std::string password;
  std::getline(std::ifstream(arguments.db_password_file), password);
  sql::ConnectOptionsMap options;
  options["hostName"] = sql::SQLString("unix://" + arguments.db_socket);
  options["userName"] = sql::SQLString(arguments.db_user);
  options["password"] = sql::SQLString(password);
  options["schema"] = sql::SQLString(arguments.db_name);
  options["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
  std::unique_ptr<sql::Connection> connection(sql::mysql::get_driver_instance()->connect(options));
  const std::unique_ptr<sql::Statement> statement(connection->createStatement());
  statement->execute("SET NAMES utf8mb4 COLLATE utf8mb4_bin");
  statement->execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  return connection;
}

std::string_view parameter(const FCGX_Request& request, const char* name) {
  const char* value = FCGX_GetParam(name, request.envp);
  return value ? value : "";
}

std::string read_body(const FCGX_Request& request) {
  std::string body(static_cast<std::size_t>(std::atoi(parameter(request, "CONTENT_LENGTH").data())),
                   '\0');
  body.resize(static_cast<std::size_t>(
      FCGX_GetStr(body.data(), static_cast<int>(body.size()), request.in)));
  return body;
}

// Binds texts to a statement's placeholders, the first of them first.
sql::PreparedStatement& bound(sql::PreparedStatement& statement,
                              std::initializer_list<std::string> values) {
  unsigned at = 0;
  for (const auto& value : values) statement.setString(++at, value);
  return statement;
}

std::unique_ptr<sql::ResultSet> query(sql::PreparedStatement& statement,
                                      std::initializer_list<std::string> values) {
  return std::unique_ptr<sql::ResultSet>(bound(statement, values).executeQuery());
}

Message read_message(const sql::ResultSet& row) {
  return {row.getString(1), row.getString(2), row.getString(3),
          row.getString(4), row.getString(5), row.getString(6)};
}

class Floor {
 public:
  explicit Floor(const Arguments& arguments)
      : url_(arguments.public_url), connection_(connect(arguments)) {}

  void answer(const FCGX_Request& request) {
    const auto caller = who(request);
    const auto answer =
        caller.user.empty() ? Answer{.status = "401 Unauthorized"} : answer_to(request, caller);
    std::string head = std::string("Status: ") + answer.status;
    head += "\r\nContent-Type: application/json\r\nContent-Length: " +
            std::to_string(answer.json.size()) + "\r\n" + answer.more_headers + "ETag: \"" +
            answer.etag + "\"\r\nAllow: " + answer.allow + answer.poll +
            "\r\nVary: Accept, Cookie, Authorization\r\nCache-Control: private, no-cache\r\n"
            "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n\r\n";
    FCGX_PutStr(head.data(), static_cast<int>(head.size()), request.out);
    FCGX_PutStr(answer.json.data(), static_cast<int>(answer.json.size()), request.out);
  }

 private:
  Answer answer_to(const FCGX_Request& request, const Caller& caller) {
    const auto uri = parameter(request, "REQUEST_URI");
    if (uri == users_path) return users(caller);
    if (parameter(request, "REQUEST_METHOD") == "POST") return post(request, caller);
    if (uri == messages_path) return messages(caller);
    return message(caller, uuid_bytes(uri.substr(messages_path.size())));
  }

  // Whose session it is; nobody's is a caller without a user.
  Caller who(const FCGX_Request& request) {
    const auto secret =
        from_base64url(cookie(FCGX_GetParam("HTTP_COOKIE", request.envp), "sessionid"));
    if (secret.size() != 49) return {};
    Caller caller{secret.substr(1, 16), ""};
    const auto hash = sha256(std::string_view(secret).substr(17));
    const auto rows = query(*by_session_, {caller.company, hash});
    if (rows->next()) caller.user = rows->getString(1);
    return caller;
  }

  Answer users(const Caller& caller) {
    const auto rows = query(*list_users_, {caller.company});
    Answer answer;
    std::string& json = answer.json;
    while (rows->next()) {
      const std::string id = rows->getString(1);
      json += json.empty() ? "[{\"url\":\"" : ",{\"url\":\"";
      append_link(json, url_, users_path, id);
      json += "\",\"id\":\"";
      append_uuid(json, id);
      json += "\",\"username\":\"";
      append_text(json, rows->getString(2).asStdString());
      json += "\",\"role\":\"";
      append_text(json, rows->getString(3).asStdString());
      json += "\"}";
    }
    json += ']';
    answer.etag = tag_of(json);
    return answer;
  }

  Answer messages(const Caller& caller) {
    const auto rows =
        query(*list_messages_, {caller.company, caller.user, caller.company, caller.user});
    std::vector<Message> messages;
    while (rows->next()) messages.push_back(read_message(*rows));
    std::ranges::sort(messages, {}, [](const auto& each) { return std::tie(each.date, each.id); });
    Answer answer{.poll = poll_messages, .json = "["};
    for (std::size_t i = 0; i < std::min(page_rows, messages.size()); i++) {
      if (i > 0) answer.json += ',';
      append_message(answer.json, messages[i], url_);
    }
    answer.json += ']';
    std::string link;
    if (messages.size() > page_rows) {
      const auto& last = messages[page_rows - 1];
      link = "<" + url_ + std::string(messages_path) + "?cursor=" + cursor(last.date, last.id) +
             ">; rel=\"next\"";
      answer.more_headers = "Link: " + link + "\r\n";
    }
    answer.etag = tag_of(answer.json + link);
    return answer;
  }

  Answer message(const Caller& caller, const std::string& id) {
    const auto rows = query(*one_message_, {caller.company, id});
    if (!rows->next()) return {.status = "404 Not Found"};
    const auto message = read_message(*rows);
    if (caller.user != message.from_user && caller.user != message.to_user)
      return {.status = "404 Not Found"};
    return shown(message);
  }

  Answer post(const FCGX_Request& request, const Caller& caller) {
    if (parameter(request, "HTTP_X_CSRFTOKEN") !=
        cookie(FCGX_GetParam("HTTP_COOKIE", request.envp), "csrftoken"))
      return {.status = "403 Forbidden"};
    const auto body = read_body(request);
    const auto recipient = member(body, "to_user");
    timeval time{};
    gettimeofday(&time, nullptr);
    const Message message{.id = new_uuid(time),
                          .from_user = caller.user,
                          .to_user = uuid_bytes(recipient.substr(recipient.rfind('/') + 1)),
                          .text = member(body, "text"),
                          .date = sql_time(time),
                          .read_at = ""};
    write(caller, message);
    auto answer = shown(message);
    answer.status = "201 Created";
    answer.allow = "GET, POST, HEAD, OPTIONS";
    answer.poll = poll_messages;
    answer.more_headers = "Location: ";
    append_link(answer.more_headers, url_, messages_path, message.id);
    answer.more_headers += "\r\n";
    return answer;
  }

  void write(const Caller& caller, const Message& message) {
    const auto &company = caller.company, &from = message.from_user, &to = message.to_user;
    transaction_->execute("START TRANSACTION");
    bound(*add_to_inbox_, {company, to}).executeUpdate();
    bound(*insert_message_, {company, message.id, from, to, message.text, message.date})
        .executeUpdate();
    bound(*note_last_, {company, from, to, message.id, message.date,  //
                        company, to, from, message.id, message.date})
        .executeUpdate();
    transaction_->execute("COMMIT");
  }

  // Its tag is of the message as it is stored, which knows no host, and of what is shown.
  Answer shown(const Message& message) const {
    Answer answer{.allow = "GET, HEAD, OPTIONS"};
    std::string stored;
    append_message(stored, message, "");
    append_message(answer.json, message, url_);
    answer.etag = tag_of(stored) + "." + tag_of(answer.json);
    return answer;
  }

  const std::string url_;
  Prepared prepared(const char* text) const {
    return Prepared(connection_->prepareStatement(text));
  }

  const std::unique_ptr<sql::Connection> connection_;
  const Prepared by_session_ = prepared(by_session), list_users_ = prepared(list_users),
                 list_messages_ = prepared(list_messages), one_message_ = prepared(one_message),
                 add_to_inbox_ = prepared(add_to_inbox), insert_message_ = prepared(insert_message),
                 note_last_ = prepared(note_last);
  const std::unique_ptr<sql::Statement> transaction_{connection_->createStatement()};
};

int serve(const Arguments& arguments, int listener) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  Floor floor(arguments);
  FCGX_Request request;
  FCGX_InitRequest(&request, listener, 0);
  while (FCGX_Accept_r(&request) == 0) floor.answer(request);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) return 2;
  const Arguments arguments{argv[1], argv[2], argv[3], argv[4], argv[5], argv[6], argv[7]};
  FCGX_Init();
  umask(0117);
  const int listener = FCGX_OpenSocket(arguments.socket.c_str(), 4096);  // as the product's
  if (listener < 0) return 1;
  for (int i = std::stoi(arguments.processes); i > 0; i--) {
    if (fork() != 0) continue;
    try {
      _exit(serve(arguments, listener));
    } catch (const std::exception& error) {
      std::fprintf(stderr, "floor: %s\n", error.what());
      _exit(1);
    }
  }
  wait(nullptr);  // none should end; and when this process does, they all do
  return 1;
}
