// tests/fuzz/ids.cc — uuids and times: what is parsed is printed as it was, or as its equal.
#include "base/clock.h"
#include "base/uuid.h"
#include "require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using base::Time;
  using base::Uuid;
  const auto text = text_of(data, size);

  if (const auto id = Uuid::parse(text)) require(id->text() == text);
  if (size == 16) {
    const auto id = Uuid::from_bytes(text);
    require(id.view() == text);
    require(Uuid::parse(id.text()) == (id == Uuid::lowest() ? std::nullopt : std::optional(id)));
  }
  if (const auto time = Time::parse_iso(text)) {
    require(*time >= Time::lowest() && *time <= Time::highest());
    require(Time::parse_iso(time->iso()) == time);
    require(Time::parse_sql(time->sql()) == time);
    require(time->http().size() == 29);
  }
  if (const auto time = Time::parse_sql(text)) require(Time::parse_sql(time->sql()) == time);
  return 0;
}
