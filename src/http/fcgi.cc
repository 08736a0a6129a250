// http/fcgi.cc — see fcgi.h.
#include "http/fcgi.h"

#include <fcgiapp.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "base/text.h"

namespace http {
namespace {

// "HTTP_X_COMPANY" → "x-company".
std::string header_name(std::string_view param) {
  auto name = base::ascii_lower(param.substr(5));
  for (char& c : name)
    if (c == '_') c = '-';
  return name;
}

// nginx's $msec, "1700000000.123": seconds with three digits after the point.
std::int64_t millis_of(std::string_view text) {
  std::int64_t millis = 0;
  for (const char c : text.substr(0, 18)) {
    if (c >= '0' && c <= '9') millis = millis * 10 + (c - '0');
  }
  return text.find('.') + 4 == text.size() ? millis : 0;
}

// Fills what one FastCGI parameter says; content_length only from CONTENT_LENGTH. A length that is
// no number is longer than any body.
void set_param(Request& request, std::string_view name, std::string_view value,
               std::size_t& content_length) {
  if (name == "REQUEST_METHOD") {
    request.method = method_of(value);
    request.method_name = value;
  } else if (name == "REQUEST_URI") {
    const auto question = std::min(value.find('?'), value.size());
    request.path = value.substr(0, question);
    request.query = value.substr(std::min(question + 1, value.size()));
  } else if (name == "CONTENT_TYPE") {
    request.content_type = value;
  } else if (name == "CONTENT_LENGTH") {
    const auto* end = value.data() + value.size();
    const auto [read, error] = std::from_chars(value.data(), end, content_length);
    request.body_is_short = !value.empty() && (error != std::errc() || read != end);
  } else if (name == "REMOTE_ADDR") {
    request.remote_address = value;
  } else if (name == "SENT_AT") {
    request.sent_at_millis = millis_of(value);
  } else if (name == "REQUEST_SCHEME") {
    request.scheme = value;
  } else if (name == "REQUEST_ID") {
    request.id = value;
  } else if (name == "FILES_OF") {
    request.files_of = value;
  } else if (name.starts_with("HTTP_")) {
    request.headers.emplace_back(header_name(name), value);
  }
}

}  // namespace

struct Exchange::Impl {
  FCGX_Request request;
  bool read_to_end = false;  // nginx has nothing more to send
};

// Before it closes, libfcgi waits for the other side to do so, by default up to two seconds.
void init_fcgi() {
  setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "500", 0);
  if (FCGX_Init() != 0) std::abort();
}

// libfcgi accepts connections itself, blocking, deaf to signals for a moment, and with a wait of up
// to two seconds. So the worker accepts, and here libfcgi is told that it already has: a request
// with a descriptor and keepConnection set is not accepted anew (FCGX_Accept_r in fcgiapp.c). The
// listening socket is -1: on a broken request it cannot go on to accept another one.
Exchange::Exchange(int fd) : impl_(std::make_unique<Impl>()) {
  FCGX_InitRequest(&impl_->request, -1, FCGI_FAIL_ACCEPT_ON_INTR);
  impl_->request.ipcFd = fd;
  impl_->request.keepConnection = 1;
}

// libfcgi closes by shutting its side down and waiting, two seconds at most, until nginx has closed
// too: nginx must not find the connection gone while it still writes. Where nothing is left to
// write, the wait only holds the worker up, so then the connection counts as kept and is closed
// here.
Exchange::~Exchange() {
  impl_->request.keepConnection = impl_->read_to_end;
  FCGX_Finish_r(&impl_->request);
  if (impl_->request.ipcFd >= 0) close(impl_->request.ipcFd);
}

std::optional<Request> Exchange::receive(std::size_t max_body) {
  if (FCGX_Accept_r(&impl_->request) != 0) return std::nullopt;
  Request request;
  std::size_t length = 0;
  for (char** param = impl_->request.envp; *param != nullptr; param++) {
    const std::string_view pair = *param;
    const auto equals = pair.find('=');
    if (equals != pair.npos)
      set_param(request, pair.substr(0, equals), pair.substr(equals + 1), length);
  }
  if (request.body_is_short) return request;
  if (length > max_body) {
    request.body_is_too_large = true;
    return request;
  }
  request.body.resize(length);
  const int got = FCGX_GetStr(request.body.data(), static_cast<int>(length), impl_->request.in);
  request.body_is_short = got < 0 || static_cast<std::size_t>(got) != length;
  impl_->read_to_end = FCGX_GetChar(impl_->request.in) < 0 && !request.body_is_short;
  return request;
}

void Exchange::send(const Request& request, const Response& response) {
  std::string head;
  const auto add = [&](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  add("Status", status_line(response.status));
  if (!response.content_type.empty()) add("Content-Type", response.content_type);
  if (request.method != Method::head && response.status != 204 && response.status != 304)
    add("Content-Length", std::to_string(response.body.size()));
  for (const auto& [name, value] : response.headers) add(name, value);
  head += "\r\n";
  const auto put = [&](const std::string& text) {
    FCGX_PutStr(text.data(), static_cast<int>(text.size()), impl_->request.out);
  };
  put(head);
  if (request.method != Method::head) put(response.body);
}

}  // namespace http
