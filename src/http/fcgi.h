// http/fcgi.h — FastCGI: a connection from nginx becomes a Request, a Response goes back. The only
// includer of libfcgi.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>

#include "http/request.h"
#include "http/response.h"

namespace http {

// Readies libfcgi. It installs signal handlers of its own: call this before setting yours.
void init_fcgi();

// One accepted connection with one request on it (fastcgi_keep_conn is off).
class Exchange {
 public:
  // Takes over `fd`. Reads and writes on it must have time limits of their own (SO_RCVTIMEO):
  // libfcgi has none.
  explicit Exchange(int fd);
  // Sends what is left to send and closes the connection.
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // The request, with its body unless that is longer than max_body bytes: then body stays empty and
  // body_is_too_large is set. nullopt: what came was no FastCGI request.
  std::optional<Request> receive(std::size_t max_body);

  // Without the body for HEAD.
  void send(const Request& request, const Response& response);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace http
