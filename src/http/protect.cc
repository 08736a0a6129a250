// http/protect.cc — see protect.h.
#include "http/protect.h"

#include <algorithm>

namespace http {
namespace {

bool has(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const auto& header) { return header.first == name; });
}

}  // namespace

void keep_nowhere(Response& response) { response.set("Cache-Control", "no-store"); }

void protect(Response& response) {
  const bool is_page = response.content_type.starts_with("text/html");
  if (!has(response, "Cache-Control"))
    response.set("Cache-Control", is_page ? "no-store" : "private, no-cache");
  if (!has(response, "Content-Security-Policy"))
    response.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

void clear_storage(Response& response) { response.set("Clear-Site-Data", "\"storage\""); }

}  // namespace http
