// pages/fields.h — the fields of a form as labelled boxes, with what was typed and what is
// wrong.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/users/users.h"
#include "http/html.h"
#include "http/json.h"
#include "pages/frame.h"
#include "rest/context.h"
#include "rest/schema.h"

namespace pages {

class FormFields {
 public:
  // What is sent: a body, or the query of a list, which may leave out each of its parameters.
  enum class For { body, query };

  // Everything is lent for the lifetime.
  FormFields(http::HtmlWriter& page, Context& context, const Frame& frame, For what = For::body)
      : page_(page), context_(context), frame_(frame), in_query_(what == For::query) {}

  // A box for each field that can be written, below what is wrong with it. `values` is an object
  // with members of the fields' names, or anything else where there are none. What is secret is
  // never shown.
  void write(const FieldList& fields, const http::Value& values,
             const std::vector<base::Problem>& problems, const std::string& prefix = "");

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
    bool filled = false;                          // there is a value, maybe an empty one
    std::vector<std::string_view> problems = {};  // sentences
  };

  void write_group(const FieldInfo& field, const http::Value* values,
                   const std::vector<base::Problem>& problems, const std::string& name);
  void write_box(const Box& box);
  void write_control(const Box& box);
  void write_input(const Box& box);
  void write_select(const Box& box, const std::vector<Option>& options);
  void write_common(const Box& box);
  // The id of a box's part; a query's boxes share the page with a body's.
  std::string id_of(std::string_view part, const Box& box) const;
  // What a select box offers; nullopt: the field is a box to type into.
  std::optional<std::vector<Option>> options_for(const Box& box);
  std::optional<std::vector<Option>> people_for(const Box& box);

  http::HtmlWriter& page_;
  Context& context_;
  const Frame& frame_;
  const bool in_query_;
};

}  // namespace pages
