// rest/yaml.cc — see yaml.h. Tests: tests/rest/yaml_test.cc.
#include "rest/yaml.h"

#include "http/json.h"

namespace rest {
namespace {

// Every JSON string is one of YAML 1.2 in double quotes.
std::string quoted(std::string_view text) {
  http::JsonWriter json;
  json.string(text);
  return json.take();
}

}  // namespace

void YamlSink::new_line(std::size_t depth) {
  if (!text_.empty()) text_ += "\n" + std::string(2 * depth, ' ');
}

// An item of a list stands on a line of its own; a value of an object follows its key.
void YamlSink::before_value() {
  if (levels_.empty() || !levels_.back().is_list) return;
  levels_.back().is_empty = false;
  new_line(levels_.size() - 1);
  text_ += "-";
}

void YamlSink::begin(bool is_list) {
  before_value();
  levels_.push_back({.is_list = is_list});
}

void YamlSink::end(std::string_view empty) {
  const bool is_empty = levels_.back().is_empty;
  levels_.pop_back();
  if (is_empty) text_ += " " + std::string(empty);
}

void YamlSink::key(std::string_view name) {
  levels_.back().is_empty = false;
  new_line(levels_.size() - 1);
  text_ += quoted(name) + ":";
}

void YamlSink::string(std::string_view text) { leaf(quoted(text)); }

void YamlSink::leaf(std::string_view text) {
  before_value();
  text_ += " " + std::string(text);
}

}  // namespace rest
