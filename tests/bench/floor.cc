// tests/bench/floor.cc — the floor that `make bench` measures Partywall against.
//
//   floor SOCKET PROCESSES DB_SOCKET DB_NAME DB_USER DB_PASSWORD_FILE PUBLIC_URL
//
// The least that can answer GET users from libfcgi and Connector/C++: it takes the session's cookie
// apart, runs the two statements of the product's own GET users (tests/bench/run compares their
// texts), and writes the same bytes. No routing, no roles, no errors, no limits, no log. It shares
// no line with src, so that whatever src does too slowly shows.
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <fcgiapp.h>
#include <mysql_connection.h>
#include <mysql_driver.h>
#include <openssl/evp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace {

constexpr const char* session_statement = R"(
    SELECT u.id, u.identity_id, u.username, u.role, u.token_generation, c.suspended_at,
           s.last_seen_at
      FROM sessions s
      JOIN users u ON u.company_id = s.company_id AND u.id = s.user_id
      JOIN companies c ON c.company_id = u.company_id
     WHERE s.company_id = ? AND s.token_hash = ? AND s.expires_at > ? AND s.last_seen_at > ?
       AND u.removed_at IS NULL)";

constexpr const char* list_statement = R"(
    SELECT id, username, role, CONCAT(created_at) FROM users
     WHERE company_id = ? AND removed_at IS NULL AND created_at >= ? AND (created_at > ? OR id > ?)
       AND created_at < ? ORDER BY created_at, id LIMIT ?)";

constexpr int backlog = 511;

struct Arguments {
  std::string socket, processes, db_socket, db_name, db_user, db_password_file, public_url;
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

std::string from_base64url(std::string_view text) {
  static const auto values = [] {
    std::array<unsigned char, 256> table{};
    const std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (std::size_t i = 0; i < alphabet.size(); i++)
      table[static_cast<unsigned char>(alphabet[i])] = static_cast<unsigned char>(i);
    return table;
  }();
  std::string bytes;
  unsigned pending = 0;
  int bits = 0;
  for (const char c : text) {
    pending = pending << 6 | values[static_cast<unsigned char>(c)];
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(pending >> bits & 255);
  }
  return bytes;
}

std::string_view session_cookie(const char* cookies) {
  constexpr std::string_view name = "sessionid=";
  const std::string_view all = cookies ? cookies : "";
  const auto at = all.find(name);
  if (at == all.npos) return {};
  const auto start = at + name.size();
  return all.substr(start, all.find(';', start) - start);
}

std::string now(std::time_t offset_seconds) {
  timeval time{};
  gettimeofday(&time, nullptr);
  time.tv_sec += offset_seconds;
  tm parts{};
  gmtime_r(&time.tv_sec, &parts);
  char text[40];
  const auto size = std::strftime(text, sizeof text, "%F %T", &parts);
  std::snprintf(text + size, sizeof text - size, ".%06ld", time.tv_usec);
  return text;
}

void append_hex(std::string& text, std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
}

std::string sha256(std::string_view text) {
  std::string digest(32, '\0');
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             EVP_sha256(), nullptr);
  return digest;
}

void append_uuid(std::string& json, std::string_view bytes) {
  for (const auto& [start, size] : {std::pair{0, 4}, {4, 2}, {6, 2}, {8, 2}, {10, 6}}) {
    if (start > 0) json += '-';
    append_hex(json, bytes.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(size)));
  }
}

// Names of the bench hold nothing but what needs no more escaping than this.
void append_text(std::string& json, std::string_view text) {
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
}

class Floor {
 public:
  explicit Floor(const Arguments& arguments)
      : public_url_(arguments.public_url),
        connection_(connect(arguments)),
        session_(connection_->prepareStatement(session_statement)),
        list_(connection_->prepareStatement(list_statement)) {}

  void answer(FCGX_Request& request) {
    const auto cookie = from_base64url(session_cookie(FCGX_GetParam("HTTP_COOKIE", request.envp)));
    if (cookie.size() != 49 || !is_member(cookie)) {
      FCGX_PutS("Status: 401 Unauthorized\r\n\r\n", request.out);
      return;
    }
    const auto json = users(cookie.substr(1, 16));
    std::string head =
        "Status: 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
        std::to_string(json.size()) +
        "\r\nAllow: GET, POST, HEAD, OPTIONS\r\nVary: Accept, Cookie, Authorization\r\n"
        "Cache-Control: private, no-cache\r\nETag: \"";
    append_hex(head, std::string_view(sha256(json)).substr(0, 16));
    head += "\"\r\n\r\n";
    FCGX_PutStr(head.data(), static_cast<int>(head.size()), request.out);
    FCGX_PutStr(json.data(), static_cast<int>(json.size()), request.out);
  }

 private:
  bool is_member(const std::string& cookie) {
    session_->setString(1, cookie.substr(1, 16));
    session_->setString(2, sha256(std::string_view(cookie).substr(17)));
    session_->setString(3, now(0));
    session_->setString(4, now(-3 * 24 * 3600));
    const std::unique_ptr<sql::ResultSet> rows(session_->executeQuery());
    return rows->next();
  }

  std::string users(const std::string& company) {
    list_->setString(1, company);
    list_->setString(2, "0001-01-01 00:00:00.000000");
    list_->setString(3, "0001-01-01 00:00:00.000000");
    list_->setString(4, std::string(16, '\0'));
    list_->setString(5, "9999-12-31 23:59:59.999999");
    list_->setInt64(6, 51);
    const std::unique_ptr<sql::ResultSet> rows(list_->executeQuery());
    std::string json = "[";
    while (rows->next()) {
      const std::string id = rows->getString(1);
      json += json.size() > 1 ? ",{\"url\":\"" : "{\"url\":\"";
      json += public_url_ + "/api/v1/accounts/users/";
      append_uuid(json, id);
      json += "\",\"id\":\"";
      append_uuid(json, id);
      json += "\",\"username\":\"";
      append_text(json, rows->getString(2).asStdString());
      json += "\",\"role\":\"";
      append_text(json, rows->getString(3).asStdString());
      json += "\"}";
    }
    return json + "]";
  }

  const std::string public_url_;
  const std::unique_ptr<sql::Connection> connection_;
  const std::unique_ptr<sql::PreparedStatement> session_;
  const std::unique_ptr<sql::PreparedStatement> list_;
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
  if (argc != 8) {
    std::fputs("usage: see the head of tests/bench/floor.cc\n", stderr);
    return 2;
  }
  const Arguments arguments{argv[1], argv[2], argv[3], argv[4], argv[5], argv[6], argv[7]};
  FCGX_Init();
  umask(0117);
  const int listener = FCGX_OpenSocket(arguments.socket.c_str(), backlog);
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
