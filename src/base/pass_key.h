// base/pass_key.h — permission as a type: only T can make a PassKey<T>, so a public function that
// asks for one can be called by T alone. (After Chromium's base::PassKey.)
#pragma once

namespace base {

template <class T>
class PassKey {
  friend T;
  PassKey() = default;

 public:
  // Not trivial, so that no std::bit_cast makes a key out of thin air.
  ~PassKey() {}
};

}  // namespace base
