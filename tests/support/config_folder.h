// tests/support/config_folder.h — a configuration file to be read, in a folder of its own.
#pragma once
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/config.h"

namespace support {

// A folder with a configuration file and a secret, of its own for each case.
struct ConfigFolder {
  std::string path;
  // The least that a file must have.
  const std::string server = "[server]\n"
                             "socket = '/run/x.sock'\n"
                             "public_urls = ['https://a.example', 'http://b.example:8080']\n";
  const std::string database = "[database]\n"
                               "socket = '/run/db.sock'\n"
                               "name = 'partywall'\n"
                               "user = 'app'\n";

  ConfigFolder() {
    path = (std::filesystem::temp_directory_path() / "partywall-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(path.data()) != nullptr);
    write("secret", "p\xc3\xa9ss\nsecond line\n", 0640);
  }
  ~ConfigFolder() { std::filesystem::remove_all(path); }
  ConfigFolder(const ConfigFolder&) = delete;
  ConfigFolder& operator=(const ConfigFolder&) = delete;

  std::string write(const std::string& name, std::string_view text, mode_t mode) const {
    const auto file = path + "/" + name;
    std::ofstream(file) << text;
    BOOST_REQUIRE(chmod(file.c_str(), mode) == 0);
    return file;
  }
  base::Config read(const std::string& text, base::Use use = base::Use::serve) const {
    return base::read_config(write("partywall.toml", text, 0644), use);
  }
  // What is said when the file is refused, without the folder; "accepted" when it is not.
  std::string refusal(const std::string& text) const {
    try {
      read(text);
      return "accepted";
    } catch (const std::runtime_error& error) {
      const std::string what = error.what();
      return what.starts_with(path) ? what.substr(path.size() + 1) : what;
    }
  }
};

}  // namespace support
