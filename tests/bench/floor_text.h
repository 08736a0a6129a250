// tests/bench/floor_text.h — the forms that floor.cc reads and writes: base64url, hexadecimal,
// times, JSON. Shares no line with src, as little as floor.cc does.
#pragma once
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/time.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace floor_text {

constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

inline std::string from_base64url(std::string_view text) {
  static const auto values = [] {
    std::array<unsigned char, 256> table{};
    for (std::size_t i = 0; i < base64url_alphabet.size(); i++)
      table[static_cast<unsigned char>(base64url_alphabet[i])] = static_cast<unsigned char>(i);
    return table;
  }();
  std::string bytes;
  unsigned pending = 0;
  int bits = 0;
  for (const char c : text) {
    pending = pending << 6 | values[static_cast<unsigned char>(c)];
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(pending >> bits & 255);
  }
  return bytes;
}

// Of a number of bytes that three divides.
inline std::string base64url(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i + 2 < bytes.size(); i += 3) {
    const auto at = [&](std::size_t offset) {
      return static_cast<unsigned>(static_cast<unsigned char>(bytes[i + offset]));
    };
    const unsigned three = at(0) << 16 | at(1) << 8 | at(2);
    for (const int shift : {18, 12, 6, 0}) text += base64url_alphabet[three >> shift & 63];
  }
  return text;
}

inline void append_hex(std::string& text, std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
}

inline void append_uuid(std::string& text, std::string_view bytes) {
  for (const auto& [start, size] : {std::pair{0, 4}, {4, 2}, {6, 2}, {8, 2}, {10, 6}}) {
    if (start > 0) text += '-';
    append_hex(text, bytes.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(size)));
  }
}

inline std::string uuid_bytes(std::string_view text) {
  std::string bytes;
  int high = -1;
  for (const char c : text) {
    if (c == '-') continue;
    const int nibble = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high >= 0) bytes += static_cast<char>(high << 4 | nibble);
    high = high >= 0 ? -1 : nibble;
  }
  return bytes;
}

inline std::string sha256(std::string_view text) {
  std::string digest(32, '\0');
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             EVP_sha256(), nullptr);
  return digest;
}

// Half of a SHA-256, as entity tags have it.
inline std::string tag_of(std::string_view text) {
  std::string tag;
  append_hex(tag, std::string_view(sha256(text)).substr(0, 16));
  return tag;
}

// As the database writes it: 2024-01-31 12:00:00.000000.
inline std::string sql_time(const timeval& time) {
  tm parts{};
  gmtime_r(&time.tv_sec, &parts);
  char text[40];
  const auto size = std::strftime(text, sizeof text, "%F %T", &parts);
  std::snprintf(text + size, sizeof text - size, ".%06ld", static_cast<long>(time.tv_usec));
  return text;
}

// A version 7 id of that moment (RFC 9562).
inline std::string new_uuid(const timeval& time) {
  const auto millis = static_cast<std::uint64_t>(time.tv_sec) * 1000 +
                      static_cast<std::uint64_t>(time.tv_usec) / 1000;
  std::string id(16, '\0');
  RAND_bytes(reinterpret_cast<unsigned char*>(id.data()), 16);
  for (std::size_t i = 0; i < 6; i++) id[i] = static_cast<char>(millis >> (8 * (5 - i)));
  id[6] = static_cast<char>(0x70 | (id[6] & 0x0f));
  id[8] = static_cast<char>(0x80 | (id[8] & 0x3f));
  return id;
}

// Where a page of a list ended: eight bytes of microseconds, and the id of its last row.
inline std::string cursor(const std::string& time, std::string_view id) {
  tm parts{};
  const char* rest = strptime(time.c_str(), "%Y-%m-%d %H:%M:%S", &parts);
  const auto micros =
      static_cast<std::uint64_t>(timegm(&parts)) * 1'000'000 + std::stoull(std::string(rest + 1));
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; i++) bytes[i] = static_cast<char>(micros >> (8 * (7 - i)));
  return base64url(bytes + std::string(id));
}

// What the bench writes needs no more escaping than this.
inline void append_text(std::string& json, std::string_view text) {
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
}

// The text of one member of what the bench sends, in which nothing is escaped; "" when it is not
// there.
inline std::string member(std::string_view json, const std::string& name) {
  const auto at = json.find('"' + name + "\": \"");
  if (at == json.npos) return "";
  const auto start = at + name.size() + 5;
  return std::string(json.substr(start, json.find('"', start) - start));
}

inline std::string_view cookie(const char* all_cookies, std::string_view name) {
  const std::string_view all = all_cookies ? all_cookies : "";
  const auto at = all.find(name);
  if (at == all.npos) return {};
  const auto start = at + name.size() + 1;
  return all.substr(start, all.find(';', start) - start);
}

constexpr std::string_view users_path = "/api/v1/accounts/users/";
constexpr std::string_view messages_path = "/api/v1/user-messages/";

struct Message {
  std::string id, from_user, to_user, text, date, read_at;
};

inline void append_link(std::string& json, const std::string& url, std::string_view path,
                        std::string_view id) {
  json += url;
  json += path;
  append_uuid(json, id);
}

inline void append_time(std::string& json, std::string time) {
  if (time.empty()) return void(json += "null");
  time[10] = 'T';
  json += '"' + time + "Z\"";
}

inline void append_message(std::string& json, const Message& message, const std::string& url) {
  json += "{\"id\":\"";
  append_uuid(json, message.id);
  json += "\",\"url\":\"";
  append_link(json, url, messages_path, message.id);
  json += "\",\"from_user\":\"";
  append_link(json, url, users_path, message.from_user);
  json += "\",\"to_user\":\"";
  append_link(json, url, users_path, message.to_user);
  json += "\",\"text\":\"";
  append_text(json, message.text);
  json += "\",\"date\":";
  append_time(json, message.date);
  json += ",\"read_at\":";
  append_time(json, message.read_at);
  json += '}';
}

}  // namespace floor_text
