// rest/sink.h — where a document is written to: JSON text (rest/json.h), a page, boxes of a form.
#pragma once
#include <cstdint>
#include <string_view>

#include "base/uuid.h"

namespace rest {

// Hears a document piece by piece: calls are balanced, and in an object each value comes after its
// key. What a sink does not override it passes over.
class Sink {
 public:
  // stored: without what was computed for one answer, so that two are equal as long as the thing
  // has not changed, whoever reads it.
  enum class What { all, stored };

  explicit Sink(What what = What::all) : what_(what) {}
  virtual ~Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  What what() const { return what_; }

  virtual void begin_object() {}
  virtual void end_object() {}
  virtual void begin_list() {}
  virtual void end_list() {}
  virtual void key(std::string_view) {}
  virtual void string(std::string_view) {}  // well-formed UTF-8
  virtual void integer(std::int64_t) {}
  virtual void boolean(bool) {}
  virtual void null() {}
  virtual void id(const base::Uuid&) {}
  // The URL of the object that is being written, and of another one: below `path` by its id.
  virtual void self_link(std::string_view /*path*/, const base::Uuid&) {}
  virtual void link(std::string_view /*path*/, const base::Uuid&) {}
  // The URL of a place in the web client: "/#/…".
  virtual void client_link(std::string_view /*path*/) {}

 private:
  const What what_;
};

}  // namespace rest
