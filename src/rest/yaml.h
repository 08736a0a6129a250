// rest/yaml.h — a document as YAML 1.2: blocks, with texts quoted as in JSON.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "rest/sink.h"

namespace rest {

class YamlSink final : public Sink {
 public:
  explicit YamlSink(Urls urls = {}) : Sink(std::move(urls)) {}

  void begin_object() override { begin(false); }
  void end_object() override { end("{}"); }
  void begin_list() override { begin(true); }
  void end_list() override { end("[]"); }
  void key(std::string_view name) override;
  void string(std::string_view text) override;
  void integer(std::int64_t number) override { leaf(std::to_string(number)); }
  void boolean(bool value) override { leaf(value ? "true" : "false"); }
  void null() override { leaf("null"); }

  std::string take() { return text_ + "\n"; }

 private:
  struct Level {
    bool is_list = false;
    bool is_empty = true;
  };

  void begin(bool is_list);
  void end(std::string_view empty);
  void leaf(std::string_view text);
  void before_value();
  void new_line(std::size_t depth);

  std::string text_;
  std::vector<Level> levels_;
};

}  // namespace rest
