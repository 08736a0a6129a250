// rest/json.h — a document as JSON text, and as a value for who looks into it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "http/json.h"
#include "rest/sink.h"

namespace rest {

class JsonSink final : public Sink {
 public:
  explicit JsonSink(Urls urls = {}, int indent = 0, What what = What::all)
      : Sink(std::move(urls), what), json_(indent) {}

  void begin_object() override { json_.begin_object(); }
  void end_object() override { json_.end_object(); }
  void begin_list() override { json_.begin_list(); }
  void end_list() override { json_.end_list(); }
  void key(std::string_view name) override { json_.key(name); }
  void string(std::string_view text) override { json_.string(text); }
  void integer(std::int64_t number) override { json_.integer(number); }
  void boolean(bool value) override { json_.boolean(value); }
  void null() override { json_.null(); }

  std::size_t size() const { return json_.size(); }  // of the text so far
  std::string take() { return json_.take(); }

 private:
  http::JsonWriter json_;
};

// The same as a value, whose leaves are texts: for tables of commands and boxes of forms.
class ValueSink final : public Sink {
 public:
  explicit ValueSink(Urls urls = {}) : Sink(std::move(urls)) {}

  void begin_object() override { open(http::Value::object()); }
  void end_object() override { open_.pop_back(); }
  void begin_list() override { open({.type = http::Value::Type::list}); }
  void end_list() override { open_.pop_back(); }
  void key(std::string_view name) override { key_ = name; }
  void string(std::string_view text) override { add(http::Value::string(std::string(text))); }
  void integer(std::int64_t number) override {
    add({.type = http::Value::Type::integer, .text = std::to_string(number)});
  }
  void boolean(bool value) override { add({.type = http::Value::Type::boolean, .boolean = value}); }
  void null() override { add({}); }

  http::Value take() { return std::move(root_); }

 private:
  http::Value& add(http::Value value);
  void open(http::Value value) { open_.push_back(&add(std::move(value))); }

  http::Value root_;
  std::vector<http::Value*> open_;  // objects and lists around what comes next, outermost first
  std::string key_;
};

}  // namespace rest
