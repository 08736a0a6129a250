// base/secret_line.h — a password or a key from a file or a pipe.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <istream>
#include <optional>
#include <string>

namespace base {

// The file that a key of a configuration names. One without a slash is a credential: in the folder
// that systemd made for it, or else, when a person runs the program, in credentials/ beside the
// configuration.
inline std::string secret_path(const std::string& config, const std::string& name) {
  if (name.find('/') != name.npos) return name;
  if (const char* folder = std::getenv("CREDENTIALS_DIRECTORY"))
    return std::string(folder) + "/" + name;
  return std::filesystem::path(config).parent_path() / "credentials" / name;
}

// The first line, without what editors put around it unseen: a byte order mark before it (U+FEFF in
// UTF-8), a carriage return behind it. nullopt where nothing comes.
inline std::optional<std::string> read_secret_line(std::istream& in) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  if (line.ends_with('\r')) line.pop_back();
  if (line.starts_with(mark)) line.erase(0, mark.size());
  return line;
}

}  // namespace base
