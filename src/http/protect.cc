// http/protect.cc — see protect.h.
#include "http/protect.h"

namespace http {

void keep_nowhere(Headers& headers) { headers.set("Cache-Control", "no-store"); }

void protect(Response& response) {
  const bool is_page = response.content_type.starts_with("text/html");
  if (!response.headers.find("Cache-Control"))
    response.set("Cache-Control", is_page ? "no-store" : "private, no-cache");
  if (!response.headers.find("Content-Security-Policy"))
    response.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

void clear_storage(Headers& headers) { headers.set("Clear-Site-Data", "\"storage\""); }

}  // namespace http
