// tests/http/multipart_test.cc — multipart/form-data as RFC 2046 and 7578 say.
#include <boost/test/unit_test.hpp>

#include "base/error.h"
#include "http/form.h"

namespace {

constexpr const char* type = "multipart/form-data; boundary=B";

std::string part(std::string_view disposition, std::string_view content) {
  return "--B\r\nContent-Disposition: " + std::string(disposition) + "\r\n\r\n" +
         std::string(content) + "\r\n";
}

std::string field(std::string_view name, std::string_view content) {
  return part("form-data; name=\"" + std::string(name) + "\"", content);
}

// "name=value|name=value", or the sentence of the refusal.
std::string parsed(std::string_view body, std::string_view content_type = type) {
  try {
    std::string result;
    for (const auto& [name, value] : http::parse_multipart(body, content_type).fields)
      result += (result.empty() ? "" : "|") + name + "=" + value;
    return result;
  } catch (const base::Error& error) {
    BOOST_TEST((error.code == base::Code::invalid));
    const std::string start = "Multipart form parse error - ";
    BOOST_TEST(error.message.starts_with(start), error.message);
    return "refused: " + error.message.substr(start.size());
  }
}

bool refused(std::string_view body, std::string_view content_type = type) {
  return parsed(body, content_type).starts_with("refused: ");
}

BOOST_AUTO_TEST_SUITE(multipart)

BOOST_AUTO_TEST_CASE(reads_fields_in_order) {
  BOOST_TEST(parsed(field("a", "1") + field("b", "") + field("a", "2\r\n") + "--B--\r\n") ==
             "a=1|b=|a=2\r\n");
  BOOST_TEST(parsed(field("a", "1") + "--B--") == "a=1");
  BOOST_TEST(parsed("--B--\r\n") == "");
}

BOOST_AUTO_TEST_CASE(reads_any_bytes_but_the_boundary) {
  const std::string bytes("\0\xff\r\n--\r\n--A\n--B", 15);
  BOOST_TEST(parsed(field("a", bytes) + "--B--") == "a=" + bytes);
}

BOOST_AUTO_TEST_CASE(unescapes_names) {
  BOOST_TEST(parsed(field(R"(a\"b)", "1") + "--B--") == "a\"b=1");
  BOOST_TEST(parsed(field(R"(a\\b)", "1") + "--B--") == R"(a\b=1)");
  BOOST_TEST(parsed(field(R"(a\b)", "1") + "--B--") == R"(a\b=1)");
  BOOST_TEST(parsed(field("a;b=c, d", "1") + "--B--") == "a;b=c, d=1");
  BOOST_TEST(parsed(part("Form-Data ; Name=a", "1") + "--B--") == "a=1");
}

BOOST_AUTO_TEST_CASE(skips_files) {
  BOOST_TEST(parsed(part("form-data; name=\"f\"; filename=\"x.png\"", "1") + field("a", "2") +
                    part("form-data; name=f; filename=", "") +
                    part("form-data; name=f; filename*=utf-8''x", "3") + "--B--") == "a=2");
}

BOOST_AUTO_TEST_CASE(ignores_other_headers_of_a_part) {
  BOOST_TEST(parsed("--B\r\nContent-Type: text/plain\r\nX-Y:z\r\ncontent-disposition:form-data;"
                    "name=a\r\nContent-Transfer-Encoding: 8BIT\r\n\r\n1\r\n--B--") == "a=1");
}

BOOST_AUTO_TEST_CASE(refuses_a_missing_or_malformed_boundary) {
  const auto body = field("a", "1") + "--B--";
  const std::string refusal = "refused: Invalid boundary in multipart.";
  BOOST_TEST(parsed(body, "multipart/form-data") == refusal);
  BOOST_TEST(parsed(body, "multipart/form-data; boundary=") == refusal);
  BOOST_TEST(parsed(body, "multipart/form-data; boundary=\"\"") == refusal);
  BOOST_TEST(parsed(body, "multipart/form-data; boundary=B; boundary=B") == refusal);
  BOOST_TEST(parsed(body, "multipart/form-data; boundary=\"B ") == refusal);
  BOOST_TEST(parsed(body, "multipart/form-data; boundary=\"B \"") == refusal);
  BOOST_TEST(parsed(body, "multipart/form-data; boundary=B*") == refusal);
  BOOST_TEST(parsed(body, "multipart/form-data; boundary=" + std::string(71, 'b')) == refusal);
}

BOOST_AUTO_TEST_CASE(takes_every_well_formed_boundary) {
  for (const auto* boundary : {"\"B\"", "B", "\"a b\"", "'()+_,-./:=?", "\"'()+_,-./:=?\"",
                               "----WebKitFormBoundary7MA4YWxkTrZu0gW"}) {
    std::string bare(boundary);
    std::erase(bare, '"');
    const auto body =
        "--" + bare + "\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--" + bare + "--\r\n";
    BOOST_TEST(parsed(body, "Multipart/Form-Data; Boundary=" + std::string(boundary)) == "a=1");
  }
}

BOOST_AUTO_TEST_CASE(passes_over_what_surrounds_the_parts) {
  const auto body = field("a", "1") + "--B--";
  for (const auto* preamble :
       {"preamble\r\n", "\r\n", "This is a message\r\nof several lines.\r\n\r\n", " --B\r\n",
        "x--B\r\n", "--A\r\n", "\xff\r\n"})
    BOOST_TEST(parsed(preamble + body) == "a=1", preamble);
  for (const auto* epilogue :
       {"", "\r\n", "\r\nepilogue", "\r\n\r\n--B\r\nmore", "\r\n--B--", " \t", " \r\nx"})
    BOOST_TEST(parsed(body + epilogue) == "a=1", epilogue);
  BOOST_TEST(parsed("preamble\r\n--B--\r\nepilogue") == "");
}

BOOST_AUTO_TEST_CASE(takes_padding_after_a_boundary) {
  const std::string header = "Content-Disposition: form-data; name=a\r\n\r\n";
  for (const auto* padding : {" ", "\t", " \t  "}) {
    const auto line = "--B" + std::string(padding) + "\r\n";
    BOOST_TEST(parsed(line + header + "1\r\n" + line + header + "2\r\n--B--" + padding) ==
               "a=1|a=2");
  }
  BOOST_TEST(refused("--B x\r\n" + header + "1\r\n--B--"));
  BOOST_TEST(refused("--B\r\n" + header + "1\r\n--B --"));
  BOOST_TEST(refused("--B\r\n" + header + "1\r\n--B-- x"));
}

BOOST_AUTO_TEST_CASE(reads_a_part_that_has_headers_alone) {
  // The blank line's end is the boundary's.
  BOOST_TEST(parsed("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n--B--") == "a=");
  BOOST_TEST(parsed("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n--B\r\n"
                    "Content-Disposition: form-data; name=b\r\n\r\n\r\n--B--") == "a=|b=");
  BOOST_TEST(refused("--B\r\nContent-Disposition: form-data; name=a\r\n--B--"));
  BOOST_TEST(refused("--B\r\n--B--"));
  BOOST_TEST(refused("--B\r\n\r\n--B--"));
}

BOOST_AUTO_TEST_CASE(unfolds_headers) {
  BOOST_TEST(parsed(part("form-data;\r\n name=a", "1") + "--B--") == "a=1");
  BOOST_TEST(parsed(part("form-data;\r\n\tname=\"a\r\n b\"", "1") + "--B--") == "a b=1");
}

BOOST_AUTO_TEST_CASE(refuses_a_body_without_its_boundary) {
  BOOST_TEST(parsed("") == "refused: The boundary is missing.");
  BOOST_TEST(refused("--A\r\n--A--"));
  BOOST_TEST(refused("preamble\n--B--"));
  BOOST_TEST(refused(field("a", "1") + "--B--x"));
  BOOST_TEST(refused(field("a", "1") + "--B--\n"));
}

BOOST_AUTO_TEST_CASE(refuses_a_missing_final_boundary) {
  BOOST_TEST(parsed("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1") ==
             "refused: The final boundary is missing.");
  BOOST_TEST(refused(field("a", "1")));
  BOOST_TEST(refused(field("a", "1") + "--B"));
  BOOST_TEST(refused(field("a", "1") + "--B\r\n"));
  BOOST_TEST(refused(field("a", "1") + "--B-"));
}

BOOST_AUTO_TEST_CASE(refuses_lines_that_only_start_as_a_boundary) {
  BOOST_TEST(refused(field("a", "1\r\n--Bx") + "--B--"));
  BOOST_TEST(refused("--BXX"));
  BOOST_TEST(refused("--BXX\r\n"));
  BOOST_TEST(refused("--BX\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--B--"));
}

BOOST_AUTO_TEST_CASE(refuses_bare_line_feeds) {
  BOOST_TEST(refused("--B\nContent-Disposition: form-data; name=a\n\n1\n--B--\n"));
  BOOST_TEST(refused("--B\r\nX: y\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--B--"));
  BOOST_TEST(refused("--B\r\nContent-Disposition: form-data; name=a\rX: y\r\n\r\n1\r\n--B--"));
}

BOOST_AUTO_TEST_CASE(refuses_malformed_headers) {
  BOOST_TEST(refused(part("form-data; name=a\r\nX: y\nZ: z", "1") + "--B--"));
  BOOST_TEST(refused(part("form-data; name=a\r\nX Y: z", "1") + "--B--"));
  BOOST_TEST(refused("--B\r\n\r\n1\r\n--B--"));
  BOOST_TEST(refused("--B\r\nContent-Type: text/plain\r\n\r\n1\r\n--B--"));
  BOOST_TEST(refused(part("attachment; name=a", "1") + "--B--"));
  BOOST_TEST(refused(part("form-data", "1") + "--B--"));
  BOOST_TEST(refused(part("form-data; name", "1") + "--B--"));
  BOOST_TEST(refused(part("form-data; name=\"a", "1") + "--B--"));
  BOOST_TEST(refused(part("form-data; name=\"a\"b", "1") + "--B--"));
  BOOST_TEST(refused(part("form-data; name=a; name=b", "1") + "--B--"));
  BOOST_TEST(
      refused(part("form-data; name=a\r\nContent-Disposition: form-data; name=b", "1") + "--B--"));
  BOOST_TEST(refused(part("form-data; name=a\r\nno colon", "1") + "--B--"));
  BOOST_TEST(refused(part("form-data; name=a\r\n: x", "1") + "--B--"));
}

BOOST_AUTO_TEST_CASE(refuses_encoded_parts) {
  const std::string start = "form-data; name=a\r\nContent-Transfer-Encoding: ";
  BOOST_TEST(refused(part(start + "base64", "MQ==") + "--B--"));
  BOOST_TEST(refused(part(start + "quoted-printable", "1") + "--B--"));
}

BOOST_AUTO_TEST_CASE(limits_headers_and_parts) {
  const std::string filler = "form-data; name=a\r\nX: ";
  BOOST_TEST(parsed(part(filler + std::string(8100, 'x'), "1") + "--B--") == "a=1");
  BOOST_TEST(refused(part(filler + std::string(8192, 'x'), "1") + "--B--"));
  std::string parts;
  for (int i = 0; i < 1000; i++) parts += part("form-data; name=f; filename=x", "");
  BOOST_TEST(parsed(parts + "--B--") == "");
  BOOST_TEST(parsed(parts + field("a", "1") + "--B--") == "refused: Too many parts.");
}

BOOST_AUTO_TEST_CASE(limits_the_parameters_of_a_header) {
  std::string disposition = "form-data; name=a";
  for (int i = 0; i < 9; i++) disposition += ";p" + std::to_string(i) + "=1";
  BOOST_TEST(parsed(part(disposition, "1") + "--B--") == "a=1");
  BOOST_TEST(parsed(part(disposition + ";p=1", "1") + "--B--") ==
             "refused: A Content-Disposition is malformed.");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
