// http/json.h — JSON in and out; the only façade over RapidJSON.
//
// Reading refuses what clients and servers are known to understand differently: duplicate keys,
// bytes after the value (NUL included), a byte order mark, malformed UTF-8, lone surrogates, and
// nesting deeper than 32. Numbers are never converted by RapidJSON (CVE-2024-38517).
#pragma once
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

// A value as a body holds it. Also what forms are read into: then all leaves are strings.
struct Value {
  enum class Type { null, boolean, integer, real, string, list, object };
  using Member = std::pair<std::string, Value>;

  Type type = Type::null;
  bool boolean = false;
  // The characters of a string. Of a number: its text as Python's str() would print the parsed
  // number ("12", "1.5", "1000.0" for 1e3), because numbers are taken where text is expected.
  std::string text = {};
  std::vector<Value> items = {};     // of a list
  std::vector<Member> members = {};  // of an object, in the order in which they came

  static Value string(std::string text);
  static Value object() { return {.type = Type::object}; }

  // The member of an object, or nullptr; nullptr as well for anything that is no object.
  const Value* find(std::string_view key) const;
  // "dict", "list", "str", "int", "float", "bool" or "NoneType": as the reference's sentences name
  // types.
  std::string_view type_name() const;
};

// How much of a JSON text is wanted.
struct JsonLimits {
  static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
  std::size_t items = all;  // of all lists: more are checked, but not kept
  std::size_t keys = all;   // of all objects: more are refused
};

// Throws base::Error{invalid, "JSON parse error - ..."} with the offset, never with the input.
Value parse_json(std::string_view text, JsonLimits limits = {});

// Writes JSON text piece by piece; calls must be balanced. With an indent of n blanks it is pretty.
class JsonWriter {
 public:
  explicit JsonWriter(int indent = 0);
  ~JsonWriter();
  JsonWriter(JsonWriter&&) noexcept;
  JsonWriter& operator=(JsonWriter&&) noexcept;

  void begin_object();
  void end_object();
  void begin_list();
  void end_list();
  void key(std::string_view name);
  void string(std::string_view text);  // text must be well-formed UTF-8
  void integer(std::int64_t number);
  void boolean(bool value);
  void null();

  std::size_t size() const;  // of the text so far

  std::string take();  // the text; the writer is empty afterwards

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace http
