// tests/fuzz/urlencoded.cc — queries, percent-encoding, cookies and the forms made of them.
#include "base/error.h"
#include "base/text.h"
#include "http/form.h"
#include "require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  require(http::decode_percent(http::encode_percent(text), true) == text);
  require(http::decode_percent(text, false).size() <= size);

  const auto pairs = http::parse_urlencoded(text);
  std::string again;
  for (const auto& [name, value] : pairs)
    again += "&" + http::encode_percent(name) + "=" + http::encode_percent(value);
  require(http::parse_urlencoded(again) == pairs);

  http::Request request;
  request.query = text;
  request.headers = {{"cookie", std::string(text)}};
  if (const auto cookie = request.cookie("a")) require(text.find(*cookie) != text.npos);
  if (!pairs.empty()) {
    const auto& [name, value] = pairs.back();
    require(request.parameter(name) ==
            (base::valid_utf8(value) ? value : base::well_formed(value)));
  }

  request.content_type = "application/x-www-form-urlencoded";
  request.body = text;
  http::read_form(request);
  try {
    const auto body = http::read_body(request);
    require(body.value.type == http::Value::Type::object);
    require(body.value.members.size() <= pairs.size());
    if (!pairs.empty()) require(request.form_field(pairs.back().first) == pairs.back().second);
  } catch (const base::Error& error) {
    require(error.code == base::Code::invalid);
  }
  return 0;
}
