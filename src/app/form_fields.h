// app/form_fields.h — the fields of a form as labelled boxes, with what was typed and what is
// wrong.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/call.h"
#include "app/describe.h"
#include "app/page.h"
#include "http/html.h"
#include "http/json.h"

namespace app {

class FormFields {
 public:
  // Everything is lent for the lifetime.
  FormFields(http::HtmlWriter& page, Call& call, const Visitor& visitor)
      : page_(page), call_(call), visitor_(visitor) {}

  // A box for each field that can be written. `values` and `errors` are objects with members of the
  // fields' names, or anything else where there are none. What is secret is never shown.
  void write(const Fields& fields, const http::Value& values, const http::Value& errors,
             const std::string& prefix = "");

 private:
  struct Option {
    std::string value;
    std::string label;
    bool selected = false;
  };
  struct Box {
    const FieldInfo& field;
    std::string name;  // "company.name"
    std::string value;
    bool filled = false;  // there is a value, maybe an empty one
    const http::Value* problems = nullptr;
  };

  void write_group(const FieldInfo& field, const http::Value* values, const http::Value* errors,
                   const std::string& name);
  void write_box(const Box& box);
  void write_control(const Box& box);
  void write_input(const Box& box);
  void write_select(const Box& box, const std::vector<Option>& options);
  void write_common(const Box& box);
  // What a select box offers; nullopt: the field is a box to type into.
  std::optional<std::vector<Option>> options_for(const Box& box);

  http::HtmlWriter& page_;
  Call& call_;
  const Visitor& visitor_;
};

}  // namespace app
