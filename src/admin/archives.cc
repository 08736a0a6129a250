// admin/archives.cc — `partywall company export` and `import`. Tests: tests/api/export_test.py,
// tests/api/import_test.py.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>

#include "admin/conversations.h"
#include "admin/print.h"
#include "admin/task.h"
#include "app/archive/reader.h"
#include "app/archive/writer.h"
#include "base/new_file.h"
#include "base/secret_line.h"
#include "base/standard_output.h"
#include "base/text.h"

namespace admin {
namespace {

namespace archive = app::archive;

// Standard output is what "-" stands for.
int standard_output() {
  if (isatty(STDOUT_FILENO)) throw std::runtime_error("an archive is nothing for a terminal");
  return STDOUT_FILENO;
}

// What is read of "-" is standard input, which stays open.
class Input {
 public:
  // Throws std::runtime_error.
  explicit Input(const std::string& path)
      : fd_(path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) throw std::runtime_error(fmt::format("{}: {}", path, std::strerror(errno)));
  }
  ~Input() {
    if (fd_ != STDIN_FILENO) close(fd_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  int fd() const { return fd_; }

 private:
  const int fd_;
};

// The key of --key: the first line of that file; "" where none was typed. Throws
// std::runtime_error.
std::string read_archive_key(const Typed& typed) {
  const auto path = typed.find("--key");
  if (!path) return "";
  struct stat status {};
  std::ifstream in(*path);
  if (!in || stat(path->c_str(), &status) != 0) throw std::runtime_error(*path + " cannot be read");
  if (S_ISREG(status.st_mode) && (status.st_mode & S_IRWXO) != 0)
    throw std::runtime_error(*path + ": must not be accessible to everybody (chmod o= it)");
  const auto key = base::read_secret_line(in);
  if (!key || key->size() < archive::least_key_bytes)
    throw std::runtime_error(
        fmt::format("{}: a key has {} bytes at least", *path, archive::least_key_bytes));
  return *key;
}

struct Imported {
  base::Uuid id;
  std::int64_t rows = 0, logins = 0;
  std::string name;

  FIELDS(Imported, id, rows, logins, name)
};

struct Named {
  std::string name;

  FIELDS(Named, name)
};

constexpr db::Scoped<Named> select_name{"SELECT name FROM companies WHERE company_id = ?"};

// That it was asked for is noted before anything is read.
void export_company(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  const archive::WriteOptions options = {.with_logins = typed.has("--with-logins"),
                                         .key = read_archive_key(typed)};
  task.tenant();  // a company that is not there is told before there is a file
  const auto path = typed.get("FILE");
  std::optional<base::NewFile> file;
  const int fd = path == "-" ? standard_output() : file.emplace(path, 0600).fd();
  task.db.transaction([&] {
    task.audit({"company.export", {}, options.with_logins ? "with logins" : ""});
  });
  archive::Manifest manifest;
  try {
    base::ArchiveWriter out(fd, base::Time::now());
    manifest = archive::write(task.db, task.tenant(), task.company_id(), out, options);
    if (file) file->keep();
  } catch (const base::ArchiveError& error) {
    throw std::runtime_error(fmt::format("the archive {}", error.what()));
  }
  if (file) print(rest::Document::of(manifest.tables), "table rows", task.as_json());
}

// What was written of an archive that is refused is not seen; `partywall clean` deletes it
// (admin/purge.h).
archive::Manifest read_archive(Task& task, int fd, const archive::ReadOptions& options) try {
  return archive::read(task.db, task.tenant(), fd, options);
} catch (const archive::Refusal& refusal) {
  throw std::runtime_error(
      fmt::format("the archive is refused: {}; nothing of it is seen", refusal.what()));
}

// Who of an import cannot log in, and why.
void say_who_has_no_login(const archive::Manifest& manifest, bool wants_logins,
                          const archive::GivenLogins& logins) {
  if (!wants_logins && manifest.format.logins)
    base::complain("the logins in the archive were left out: nobody of it is let in");
  if (wants_logins && !manifest.format.logins)
    base::complain("there are no logins in the archive: nobody of it is let in");
  if (!logins.taken.empty())
    base::complain(fmt::format("usernames that somebody has here already, so that these people got"
                               " no login: {}: {}",
                               logins.taken.size(), fmt::join(logins.taken, ", ")));
}

// Nobody writes to a company that is not whole yet, so that a wait for the disk serves many counts.
constexpr int counts_at_once = 100;

void import_company(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  archive::Logins logins;
  const bool wants_logins = typed.has("--with-logins");
  const archive::ReadOptions options = {.name = typed.get("--name"),
                                        .key = read_archive_key(typed),
                                        .logins = wants_logins ? &logins : nullptr};
  if (!base::valid_utf8(options.name) || base::code_points(options.name) > 100)
    throw Misuse("--name: 100 characters of UTF-8 at most");
  if (typed.find("--name") && base::shows_nothing(options.name))
    throw Misuse("--name: it shows nothing");
  const Input file(typed.get("FILE"));
  task.found_company();
  const auto manifest = read_archive(task, file.fd(), options);
  archive::go_on(task.db, task.tenant(), base::day_seconds);
  Recounted counted;
  recount(task, task.tenant(), counted, counts_at_once);
  archive::GivenLogins given;
  task.db.transaction([&] {
    given = logins.give(task.db, task.tenant(), task.company_id());
    archive::show(task.db, task.tenant());
    task.audit({"company.import",
                {},
                fmt::format("from {}{}", manifest.company.text(),
                            wants_logins ? fmt::format(", logins: {}", given.given) : "")});
  });
  Imported imported;
  imported.id = task.company_id();
  imported.logins = given.given;
  for (const auto& table : manifest.tables) imported.rows += table.rows;
  imported.name = task.db.one(select_name, task.tenant()).name;
  print(rest::Document::of(imported), "id rows logins name", task.as_json());
  say_who_has_no_login(manifest, wants_logins, given);
  if (task.is_called_so_twice(imported.name))
    base::complain(fmt::format("another company is called \"{}\", too: commands that name it want"
                               " its id from now on; --name gives another name",
                               imported.name));
}

constexpr Command commands[] = {
    {"company import", "make a new company of an archive; nobody sees it before it is whole",
     "FILE", "name key with-logins json", import_company},
    {"company export", "write all of a company into a new file, or to standard output: -",
     "COMPANY FILE", "key with-logins json", export_company},
};

}  // namespace

std::span<const Command> archives() { return commands; }

}  // namespace admin
