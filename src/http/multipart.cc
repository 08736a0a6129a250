// http/multipart.cc — bodies of multipart/form-data (RFC 7578); see form.h.
#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "http/form.h"
#include "http/header_value.h"

namespace http {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t most_parts = 1000;
constexpr std::size_t most_header_bytes = 8192;

[[noreturn]] void refuse(std::string_view what) {
  throw base::Error(base::Code::invalid, "Multipart form parse error - " + std::string(what) + ".");
}

// RFC 2046 section 5.1.1: 1 to 70 of these, the last of which is no blank.
bool is_boundary(std::string_view text) {
  static constexpr std::string_view allowed =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'()+_,-./:=? ";
  return !text.empty() && text.size() <= 70 && text.back() != ' ' &&
         text.find_first_not_of(allowed) == text.npos;
}

std::string boundary_of(std::string_view content_type) {
  const auto type = parse_header_value(content_type);
  const auto* boundary = type ? type->find("boundary") : nullptr;
  if (!boundary || !is_boundary(*boundary)) refuse("Invalid boundary in multipart");
  return *boundary;
}

struct Header {
  std::string name;  // lower case
  std::string_view text;
};

// Takes the first header off `lines`, whose last line ends as the others do.
Header take_header(std::string_view& lines) {
  const auto end = lines.find(line_end);
  const auto line = lines.substr(0, end);
  lines.remove_prefix(end + line_end.size());
  if (line.find_first_of(std::string_view("\r\n\0", 3)) != line.npos)
    refuse("A header of a part has a control character");
  const auto colon = line.find(':');
  if (colon == 0 || colon == line.npos) refuse("A header of a part has no name");
  const auto name = line.substr(0, colon);
  if (name.find_first_of(" \t") != name.npos) refuse("A header of a part has blanks in its name");
  return {base::ascii_lower(name), line.substr(colon + 1)};
}

// The text of an encoding that changes nothing.
bool is_identity(std::string_view encoding) {
  const auto parsed = parse_header_value(encoding);
  return parsed &&
         (parsed->value == "7bit" || parsed->value == "8bit" || parsed->value == "binary");
}

// The name of the field that a part with these headers holds; nullopt for a file.
std::optional<std::string> field_name(std::string_view lines) {
  std::optional<HeaderValue> disposition;
  while (!lines.empty()) {
    const auto header = take_header(lines);
    if (header.name == "content-transfer-encoding" && !is_identity(header.text))
      refuse("Content-Transfer-Encoding is not supported");
    if (header.name != "content-disposition") continue;
    if (disposition) refuse("A part has two Content-Dispositions");
    disposition = parse_header_value(header.text);
    if (!disposition) refuse("A Content-Disposition is malformed");
  }
  if (!disposition || disposition->value != "form-data") refuse("A part is no form-data");
  const auto* name = disposition->find("name");
  if (!name) refuse("A part has no name");
  if (disposition->find("filename") || disposition->find("filename*")) return std::nullopt;
  return *name;
}

// Takes the headers and the blank line after them off `body`; answers the headers.
std::string_view take_headers(std::string_view& body) {
  const auto end = body.substr(0, most_header_bytes).find("\r\n\r\n");
  if (end == body.npos) refuse("The headers of a part do not end or are too long");
  const auto lines = body.substr(0, end + line_end.size());
  body.remove_prefix(end + 2 * line_end.size());
  return lines;
}

}  // namespace

// "--b" CRLF, headers, CRLF CRLF, content, CRLF "--b" CRLF, ..., CRLF "--b--" [CRLF]
Pairs parse_multipart(std::string_view body, std::string_view content_type) {
  const auto delimiter = "\r\n--" + boundary_of(content_type);
  const auto first = std::string_view(delimiter).substr(line_end.size());
  if (!body.starts_with(first)) refuse("The body does not start with the boundary");
  body.remove_prefix(first.size());
  Pairs pairs;
  std::size_t parts = 0;
  while (body.starts_with(line_end)) {
    if (++parts > most_parts) refuse("Too many parts");
    body.remove_prefix(line_end.size());
    auto name = field_name(take_headers(body));
    const auto end = body.find(delimiter);
    if (end == body.npos) refuse("The final boundary is missing");
    if (name) pairs.emplace_back(std::move(*name), std::string(body.substr(0, end)));
    body.remove_prefix(end + delimiter.size());
  }
  if (!body.starts_with("--")) refuse("A boundary is followed by something else");
  body.remove_prefix(2);
  if (!body.empty() && body != line_end) refuse("Something follows the final boundary");
  return pairs;
}

}  // namespace http
