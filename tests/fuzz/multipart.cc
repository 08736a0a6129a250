// tests/fuzz/multipart.cc — multipart bodies; the first line of the input is the Content-Type.
#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "http/form.h"
#include "require.h"

namespace {

std::string quoted(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return "\"" + text + "\"";
}

// Fields that were read, written as another body with all that may surround them, are read alike.
void require_same_again(const http::Pairs& pairs) {
  std::string boundary = "b";
  const auto occurs = [&](const auto& pair) {
    return ("\r\n" + pair.second).find("\r\n--" + boundary) != std::string::npos;
  };
  while (std::any_of(pairs.begin(), pairs.end(), occurs)) boundary += "_b";
  if (boundary.size() > 70) return;
  std::string body = "preamble\r\n";
  for (const auto& [name, value] : pairs)
    body += "--" + boundary + " \t\r\nContent-Disposition: form-data; name=" + quoted(name) +
            "\r\n\r\n" + value + "\r\n";
  body += "--" + boundary + "-- \r\nepilogue";
  require(http::parse_multipart(body, "multipart/form-data; boundary=" + boundary).fields == pairs);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  const auto line = std::min(text.find('\n'), size);
  http::Request request;
  request.content_type = text.substr(0, line);
  request.body = text.substr(std::min(line + 1, size));
  try {
    require_same_again(http::parse_multipart(request.body, request.content_type).fields);
  } catch (const base::Error& error) {
    require(error.code == base::Code::invalid && base::valid_utf8(error.message));
  }
  http::read_form(request);
  request.form_field("a");
  try {
    http::read_body(request);
  } catch (const base::Error& error) {
    require(base::valid_utf8(error.message));
  }
  return 0;
}
