// pages/document.cc — see document.h.
#include "pages/document.h"

namespace pages {
namespace {

// The text as JSON writes it, with its quotes.
std::string quoted(std::string_view text) {
  http::JsonWriter json;
  json.string(text);
  return json.take();
}

}  // namespace

void DocumentView::new_line() { page_.raw("\n").text(std::string(4 * levels_.size(), ' ')); }

// In a list, a value stands on a line of its own; in an object it follows its key.
void DocumentView::before_value() {
  if (levels_.empty() || !levels_.back().is_list) return;
  if (!levels_.back().is_empty) page_.raw(",");
  levels_.back().is_empty = false;
  new_line();
}

void DocumentView::begin(std::string_view bracket, bool is_list) {
  before_value();
  page_.text(bracket);
  levels_.push_back({.is_list = is_list});
}

void DocumentView::end(std::string_view bracket) {
  const bool is_empty = levels_.back().is_empty;
  levels_.pop_back();
  if (!is_empty) new_line();
  page_.text(bracket);
}

void DocumentView::key(std::string_view name) {
  if (!levels_.back().is_empty) page_.raw(",");
  levels_.back().is_empty = false;
  new_line();
  page_.raw("<span class=\"key\">").text(quoted(name)).raw("</span>: ");
  key_ = name;
}

void DocumentView::word(std::string_view text) {
  before_value();
  page_.text(text);
}

void DocumentView::string(std::string_view text) { word(quoted(text)); }

void DocumentView::write_link(std::string_view href, std::string_view content) {
  before_value();
  page_.raw("&quot;<a").attribute("href", href).raw(">").text(content).raw("</a>&quot;");
}

void DocumentView::id(const base::Uuid& id) {
  const bool is_of_object = key_ == "id" && !levels_.empty() && !levels_.back().has_url;
  if (links_.ids.empty() || !is_of_object) return string(id.text());
  write_link(links_.ids + id.text(), id.text());
}

void DocumentView::self_link(std::string_view path, const base::Uuid& id) {
  levels_.back().has_url = true;
  const auto url = urls().to(path, id);
  write_link(url, url);
}

void DocumentView::link(std::string_view path, const base::Uuid& id) {
  const auto url = urls().to(path, id);
  write_link(url, url);
  const auto name = links_.name_of ? links_.name_of(path, id) : "";
  if (!name.empty()) page_.raw(" <span class=\"name\">").text(name).raw("</span>");
}

void DocumentView::site_link(std::string_view path) {
  const auto url = urls().base + std::string(path);
  write_link(url, url);
}

}  // namespace pages
