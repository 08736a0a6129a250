// rest/sink.h — where a document is written to: JSON text (rest/json.h), a page, boxes of a form.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/uuid.h"
#include "rest/people.h"
#include "rest/version.h"

namespace rest {

// How a document looks in the answer to one request.
struct Urls {
  std::string base = {};    // "https://host": of the configured public URLs
  std::string suffix = {};  // "?format=json" where the request had it: links keep the form
  const Version* version = &version_1;
  const People* people = nullptr;  // lent; nullptr: whoever is named is shown as a URL

  // The URL of a path of the API, and of what has the id below one.
  std::string to(std::string_view path) const {
    return base + std::string(version->prefix) + std::string(path);
  }
  std::string to(std::string_view path, const base::Uuid& id) const {
    std::string url;
    url.reserve(base.size() + version->prefix.size() + path.size() + 36 + suffix.size());
    url.append(base).append(version->prefix).append(path).append(id.text()).append(suffix);
    return url;
  }
};

// Hears a document piece by piece: calls are balanced, and in an object each value comes after its
// key. What a sink does not override it passes over; an id or a URL is a string to it.
class Sink {
 public:
  // stored: without what was computed for one answer, so that two are equal as long as the thing
  // has not changed, whoever reads it.
  enum class What { all, stored };

  explicit Sink(Urls urls = {}, What what = What::all) : urls_(std::move(urls)), what_(what) {}
  virtual ~Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  What what() const { return what_; }
  const Urls& urls() const { return urls_; }
  const Version& version() const { return *urls_.version; }

  virtual void begin_object() {}
  virtual void end_object() {}
  virtual void begin_list() {}
  virtual void end_list() {}
  virtual void key(std::string_view) {}
  virtual void string(std::string_view) {}  // well-formed UTF-8
  virtual void integer(std::int64_t) {}
  virtual void boolean(bool) {}
  virtual void null() {}
  virtual void id(const base::Uuid& id) { string(id.text()); }
  // The URL of the object that is being written, and of another one: below `path` by its id.
  virtual void self_link(std::string_view path, const base::Uuid& id) { link(path, id); }
  virtual void link(std::string_view path, const base::Uuid& id) { string(urls_.to(path, id)); }
  // The URL of a path of this site.
  virtual void site_link(std::string_view path) { string(urls_.base + std::string(path)); }

  // An object or a list, with all that write() writes; and as members of an object, by name.
  template <class Write>
  void object(Write write) {
    begin_object();
    write();
    end_object();
  }
  template <class Write>
  void object(std::string_view name, Write write) {
    key(name);
    object(write);
  }
  template <class Write>
  void list(std::string_view name, Write write) {
    key(name);
    begin_list();
    write();
    end_list();
  }
  void text(std::string_view name, std::string_view value) {
    key(name);
    string(value);
  }
  void texts(std::string_view name, std::initializer_list<std::string_view> values) {
    list(name, [&] {
      for (const auto value : values) string(value);
    });
  }
  void number(std::string_view name, std::int64_t value) {
    key(name);
    integer(value);
  }
  void flag(std::string_view name, bool value) {
    key(name);
    boolean(value);
  }

 private:
  const Urls urls_;
  const What what_;
};

}  // namespace rest
