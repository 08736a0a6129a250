// rest/encode.h — structs to JSON, field by field.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/role.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/uuid.h"
#include "http/json.h"

namespace rest {

// How hyperlinks look in the answer to one request.
struct Urls {
  std::string base;    // "https://host": of the configured public URLs
  std::string suffix;  // "?format=json" where the request had it: links keep the representation

  std::string to(std::string_view path, const base::Uuid& id) const {
    std::string url;
    url.reserve(base.size() + path.size() + 36 + suffix.size());
    url.append(base).append(path).append(id.text()).append(suffix);
    return url;
  }
};

class Output {
 public:
  enum class What { all, stored };  // stored: without what is computed for one answer

  Output(Urls urls, int indent, What what = What::all)
      : urls_(std::move(urls)), json_(indent), what_(what) {}

  void write(const base::Uuid& id) { json_.string(id.text()); }
  void write(const std::string& text) { json_.string(text); }
  void write(std::int64_t number) { json_.integer(number); }
  void write(bool value) { json_.boolean(value); }
  void write(base::Time time) { json_.string(time.iso()); }
  void write(auth::Role role) { json_.string(to_text(role)); }
  template <base::Literal Path>
  void write(const base::Link<Path>& link) {
    json_.string(urls_.to(link.path, link.id));
  }
  template <class T>
  void write(const std::optional<T>& value) {
    if (value)
      write(*value);
    else
      json_.null();
  }
  template <class T>
  void write(const std::vector<T>& rows) {
    json_.begin_list();
    for (const auto& row : rows) write(row);
    json_.end_list();
  }
  // A list of the first rows, as many as take so many bytes, but at least one; answers how many.
  template <class T>
  std::size_t write_some(const std::vector<T>& rows, std::size_t most_bytes) {
    std::size_t written = 0;
    json_.begin_list();
    for (const auto& row : rows) {
      const auto before = json_.size();
      write(row);
      if (written > 0 && json_.size() > most_bytes) {
        json_.cut(before);
        break;
      }
      written++;
    }
    json_.end_list();
    return written;
  }
  template <base::HasFields T>
  void write(const T& row) {
    json_.begin_object();
    base::for_each_field<T>([&](const auto& field) {
      if (field.kind == base::Kind::hidden) return;
      if (field.kind == base::Kind::computed &&
          (what_ == What::stored || is_empty(row.*field.member)))
        return;
      json_.key(field.name);
      write_member(row, row.*field.member);
    });
    json_.end_object();
  }

  // Of a body: the fields that it gave, but for what is secret.
  template <base::HasFields In>
  void write_given(const In& in) {
    json_.begin_object();
    base::for_each_field<In>([&](const auto& field) {
      if (field.rule.secret || !(in.*field.member)) return;
      json_.key(field.name);
      write(*(in.*field.member));
    });
    json_.end_object();
  }

  std::string take() { return json_.take(); }

 private:
  template <class T>
  static bool is_empty(const T&) {
    return false;
  }
  template <class T>
  static bool is_empty(const std::optional<T>& value) {
    return !value;
  }
  template <class Row, class Member>
  void write_member(const Row&, const Member& member) {
    write(member);
  }
  template <class Row, base::Literal Path>
  void write_member(const Row& row, const base::SelfLink<Path>& link) {
    json_.string(urls_.to(link.path, row.id));
  }

  Urls urls_;
  http::JsonWriter json_;
  What what_;
};

// A thing in one form, however it is shown to whom: two are equal as long as it has not changed.
template <base::HasFields T>
std::string state_of(const T& value) {
  Output out({}, 0, Output::What::stored);
  out.write(value);
  return out.take();
}

}  // namespace rest
