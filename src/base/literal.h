// base/literal.h — text that the compiler knows: as a template argument, and joined by +.
//
//   constexpr Literal users = "SELECT id FROM users WHERE company_id = ?";
//   … users + " AND id = ?" …
#pragma once
#include <algorithm>
#include <cstddef>
#include <string_view>

namespace base {

template <std::size_t N>
struct Literal {
  char text[N];  // ends with a NUL

  constexpr Literal(const char (&literal)[N]) { std::copy_n(literal, N, text); }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

template <std::size_t N, std::size_t M>
constexpr Literal<N + M - 1> operator+(const Literal<N>& a, const Literal<M>& b) {
  char joined[N + M - 1]{};
  std::copy_n(b.text, M, std::copy_n(a.text, N - 1, joined));
  return joined;
}
template <std::size_t N, std::size_t M>
constexpr Literal<N + M - 1> operator+(const Literal<N>& a, const char (&b)[M]) {
  return a + Literal<M>(b);
}
template <std::size_t N, std::size_t M>
constexpr Literal<N + M - 1> operator+(const char (&a)[N], const Literal<M>& b) {
  return Literal<N>(a) + b;
}

}  // namespace base
