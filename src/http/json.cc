// http/json.cc — see json.h. The only includer of RapidJSON, without its RAPIDJSON_SSE2: that
// writer leaves the control characters from 0x1a to 0x1f as they are, and is no faster here.
#include "http/json.h"

#include <fmt/format.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "http/json_number.h"

namespace http {
namespace {

constexpr std::size_t deepest = 32;

[[noreturn]] void refuse(std::string_view what, std::size_t at) {
  throw base::Error(base::Code::invalid, fmt::format("JSON parse error - {}: char {}", what, at));
}

// Replaces every number outside strings by "0" and blanks, and answers the numbers in order. So
// RapidJSON never reads a number: it crashes on some (CVE-2024-38517) and refuses 1e400, which
// Python reads as infinity. What is no JSON stays no JSON, since a number stays a number.
std::vector<std::string_view> hide_numbers(std::string_view text, std::string& plain) {
  std::vector<std::string_view> numbers;
  plain = text;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    if (c == '"') in_string = !in_string;
    if (c == '\\' && in_string) i++;
    if (in_string || (c != '-' && (c < '0' || c > '9'))) continue;
    const auto size = scan_number(text.substr(i));
    if (size == 0) refuse("Expecting value", i);
    numbers.push_back(text.substr(i, size));
    std::fill_n(plain.begin() + static_cast<std::ptrdiff_t>(i), size, ' ');
    plain[i] = '0';
    i += size - 1;
    // A digit behind a number is where RapidJSON stops: what follows is not read.
    if (i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9') break;
  }
  return numbers;
}

// Builds a Value from what RapidJSON's reader finds. A false answer stops the reader; then
// refusal() says why.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  Builder(std::vector<std::string_view> numbers, JsonLimits limits)
      : numbers_(std::move(numbers)), limits_(limits) {}

  bool Null() { return is_unwanted() || add({}); }
  bool Bool(bool value) {
    return is_unwanted() || add({.type = Value::Type::boolean, .boolean = value});
  }
  bool RawNumber(const char*, rapidjson::SizeType, bool) {
    if (next_number_ == numbers_.size()) return stop("Expecting value");
    const auto number = numbers_[next_number_++];
    if (is_too_long(number)) return stop("Too many digits");
    return is_unwanted() || add(number_value(number));
  }
  bool String(const char* characters, rapidjson::SizeType size, bool) {
    std::string text(characters, size);
    return is_text(text) && (is_unwanted() || add(Value::string(std::move(text))));
  }
  bool Key(const char* characters, rapidjson::SizeType size, bool) {
    if (keys_++ == limits_.keys) return stop("Too many keys");
    key_.assign(characters, size);
    return is_text(key_);
  }
  bool StartObject() { return open(Value::Type::object); }
  bool StartArray() { return open(Value::Type::list); }
  bool EndArray(rapidjson::SizeType) { return close(); }
  bool EndObject(rapidjson::SizeType) {
    // By sorting: comparing each with each takes too long for a body full of keys.
    std::vector<std::string_view> keys;
    for (const auto& member : open_.back()->members) keys.push_back(member.first);
    std::sort(keys.begin(), keys.end());
    if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) return stop("Duplicate key");
    return close();
  }

  std::string_view refusal() const { return refusal_; }
  Value take() { return std::move(root_); }

 private:
  // Whether the next value is an item of a list, of which there are enough.
  bool is_unwanted() const {
    return items_ >= limits_.items && !open_.empty() && open_.back()->type == Value::Type::list;
  }
  // Places a value where it belongs and remembers where that is.
  bool add(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
      added_ = &root_;
    } else if (auto& parent = *open_.back(); parent.type == Value::Type::list) {
      // A list or object too many is still looked into: it takes the place of the last item.
      if (items_++ >= limits_.items && !parent.items.empty()) parent.items.pop_back();
      added_ = &parent.items.emplace_back(std::move(value));
    } else {
      added_ = &parent.members.emplace_back(std::move(key_), std::move(value)).second;
    }
    return true;
  }
  // The pointers in open_ stay good: a container grows only while it is the last of them.
  bool open(Value::Type type) {
    if (open_.size() == deepest) return stop("Nested too deeply");
    add({.type = type});
    open_.push_back(added_);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  // RapidJSON makes of an escaped lone surrogate three bytes that are no UTF-8.
  bool is_text(std::string_view text) { return base::valid_utf8(text) || stop("Lone surrogate"); }
  bool stop(std::string_view why) {
    refusal_ = why;
    return false;
  }

  std::vector<std::string_view> numbers_;
  std::size_t next_number_ = 0;
  const JsonLimits limits_;
  std::size_t items_ = 0;  // of all lists, so far
  std::size_t keys_ = 0;   // of all objects, so far
  Value root_;
  Value* added_ = nullptr;
  std::vector<Value*> open_;  // the containers that have not ended, outermost first
  std::string key_;
  std::string_view refusal_;
};

// As Python's json module says it, where it does.
std::string_view sentence(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentRootNotSingular: return "Extra data";
    case rapidjson::kParseErrorObjectMissName:
      return "Expecting property name enclosed in double quotes";
    case rapidjson::kParseErrorObjectMissColon: return "Expecting ':' delimiter";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket: return "Expecting ',' delimiter";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex: return "Invalid \\uXXXX escape";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid: return "Lone surrogate";
    case rapidjson::kParseErrorStringEscapeInvalid: return "Invalid control character or escape";
    case rapidjson::kParseErrorStringMissQuotationMark: return "Unterminated string";
    default: return "Expecting value";
  }
}

}  // namespace

Value Value::string(std::string text) { return {.type = Type::string, .text = std::move(text)}; }

const Value* Value::find(std::string_view key) const {
  for (const auto& member : members)
    if (member.first == key) return &member.second;
  return nullptr;
}

std::string_view Value::type_name() const {
  switch (type) {
    case Type::null: return "NoneType";
    case Type::boolean: return "bool";
    case Type::integer: return "int";
    case Type::real: return "float";
    case Type::string: return "str";
    case Type::list: return "list";
    case Type::object: return "dict";
  }
  return "";
}

Value parse_json(std::string_view text, JsonLimits limits) {
  if (!base::valid_utf8(text))
    throw base::Error(base::Code::invalid, "JSON parse error - Not well-formed UTF-8");
  if (text.starts_with("\xef\xbb\xbf")) refuse("Unexpected byte order mark", 0);
  std::string plain;
  Builder builder(hide_numbers(text, plain), limits);
  rapidjson::MemoryStream stream(plain.data(), plain.size());
  rapidjson::Reader reader;
  reader.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag>(stream,
                                                                                       builder);
  const auto at = reader.GetErrorOffset();
  if (!builder.refusal().empty()) refuse(builder.refusal(), at);
  if (reader.HasParseError()) refuse(sentence(reader.GetParseErrorCode()), at);
  // RapidJSON takes a NUL for the end.
  if (stream.Tell() != plain.size()) refuse("Extra data", stream.Tell());
  return builder.take();
}

struct JsonWriter::Impl {
  using Buffer = rapidjson::StringBuffer;

  Buffer buffer{nullptr, 4096};  // grows; most answers fit
  rapidjson::Writer<Buffer> plain{buffer};
  std::optional<rapidjson::PrettyWriter<Buffer>> pretty;

  explicit Impl(int indent) {
    if (indent > 0) pretty.emplace(buffer).SetIndent(' ', static_cast<unsigned>(indent));
  }
  // Calls `write` with the writer in use; the two share no virtual functions.
  template <class Write>
  void with_writer(Write write) {
    if (pretty) {
      write(*pretty);
    } else {
      write(plain);
    }
  }
};

JsonWriter::JsonWriter(int indent) : impl_(std::make_unique<Impl>(indent)) {}
JsonWriter::~JsonWriter() = default;
JsonWriter::JsonWriter(JsonWriter&&) noexcept = default;
JsonWriter& JsonWriter::operator=(JsonWriter&&) noexcept = default;

void JsonWriter::begin_object() {
  impl_->with_writer([](auto& writer) { writer.StartObject(); });
}
void JsonWriter::end_object() {
  impl_->with_writer([](auto& writer) { writer.EndObject(); });
}
void JsonWriter::begin_list() {
  impl_->with_writer([](auto& writer) { writer.StartArray(); });
}
void JsonWriter::end_list() {
  impl_->with_writer([](auto& writer) { writer.EndArray(); });
}
void JsonWriter::key(std::string_view name) {
  const auto size = static_cast<rapidjson::SizeType>(name.size());
  impl_->with_writer([&](auto& writer) { writer.Key(name.data(), size); });
}
void JsonWriter::string(std::string_view text) {
  const auto size = static_cast<rapidjson::SizeType>(text.size());
  impl_->with_writer([&](auto& writer) { writer.String(text.data(), size); });
}
void JsonWriter::integer(std::int64_t number) {
  impl_->with_writer([&](auto& writer) { writer.Int64(number); });
}
void JsonWriter::boolean(bool value) {
  impl_->with_writer([&](auto& writer) { writer.Bool(value); });
}
void JsonWriter::null() {
  impl_->with_writer([](auto& writer) { writer.Null(); });
}

std::size_t JsonWriter::size() const { return impl_->buffer.GetSize(); }

std::string JsonWriter::take() {
  std::string text(impl_->buffer.GetString(), impl_->buffer.GetSize());
  impl_->buffer.Clear();
  impl_->with_writer([&](auto& writer) { writer.Reset(impl_->buffer); });
  return text;
}

}  // namespace http
