// admin/exports.cc — `partywall exports`: makes the files that people asked for (app/exports),
// and takes away those that have had their day. partywall-exports.timer starts it. Tests:
// tests/api/company_exports_test.py.
//
// Companies take turns, one file each. Two at once, on this host or another, do not make the same
// one, and a company has one at a time: the row says whose it is (running is unique). One whose
// maker has not been heard of for ten minutes has failed; so it is never made twice.
#include <fmt/format.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

#include "admin/print.h"
#include "admin/task.h"
#include "app/archive/writer.h"
#include "app/exports/exports.h"
#include "base/new_file.h"
#include "base/standard_output.h"

namespace admin {
namespace {

namespace archive = app::archive;
namespace fs = std::filesystem;
using namespace app::exported;
using base::Time;
using base::Uuid;

constexpr std::int64_t dead_after_seconds = 600;
constexpr std::int64_t told_every_micros = 1'000'000;
// Less than that is left to the others on the file system.
constexpr std::uint64_t least_free_bytes = 256 << 20;
// Files that no row speaks of, as of a company that is gone.
constexpr std::int64_t forgotten_after_seconds = lives_for_seconds + 3600;
constexpr std::int64_t at_a_time = 100;
// So that a command ends, however many are asked for meanwhile: the timer starts the next one.
constexpr int most_rounds = 100;
// Nginx's group may read a file, as the folder says; nobody else.
constexpr mode_t mode = 0640;

struct Job {
  Uuid id, asked_by;
  std::string kind;

  FIELDS(Job, id, asked_by, kind)
};

struct JobId {
  Uuid id;

  FIELDS(JobId, id)
};

using Word = std::string_view;

constexpr db::Scoped<Job, Word> select_next{
    "SELECT id, asked_by, kind FROM exports FORCE INDEX (by_state)"
    " WHERE company_id = ? AND state = ? ORDER BY created_at LIMIT 1"};
constexpr db::Scoped<void, Word, std::string, Time, Time, Uuid, Word> begin_one{R"(
    UPDATE exports SET state = ?, running = 1, host = ?, seen_at = ?, expires_at = ?
     WHERE company_id = ? AND id = ? AND state = ?)"};
constexpr db::Scoped<void, std::int64_t, std::int64_t, Time, Time, Uuid, Word, std::string> tell_on{
    R"(
    UPDATE exports SET rows_written = ?, bytes_written = ?, seen_at = ?, expires_at = ?
     WHERE company_id = ? AND id = ? AND state = ? AND host = ?)"};
constexpr db::Scoped<void, Word, std::int64_t, std::int64_t, Time, Time, Uuid, Word, std::string>
    end_one{R"(
    UPDATE exports SET state = ?, running = NULL, rows_written = ?, bytes_written = ?, seen_at = ?,
                       expires_at = ?
     WHERE company_id = ? AND id = ? AND state = ? AND host = ?)"};
constexpr db::Scoped<void, Word, Uuid, Word> fail_one{R"(
    UPDATE exports SET state = ?, running = NULL WHERE company_id = ? AND id = ? AND state = ?)"};
constexpr db::Scoped<void, Word, Time> fail_dead{R"(
    UPDATE exports SET state = ?, running = NULL
     WHERE company_id = ? AND running = 1 AND seen_at < ?)"};
// Those that nobody began are everybody's.
constexpr db::Scoped<JobId, Time, std::string, Word, std::int64_t> select_over{
    "SELECT id FROM exports FORCE INDEX (by_end) WHERE company_id = ? AND expires_at < ?"
    " AND (host = ? OR host = ?) LIMIT ?"};
constexpr db::Scoped<void, Uuid> delete_one{"DELETE FROM exports WHERE company_id = ? AND id = ?"};

// Somebody took it for dead meanwhile.
struct GivenUp : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws std::runtime_error where too little room is left on the file system of that file.
void check_room(int fd) {
  struct statvfs room {};
  if (fstatvfs(fd, &room) != 0)
    throw std::runtime_error(fmt::format("how much room is left: {}", std::strerror(errno)));
  if (room.f_bavail * room.f_frsize < least_free_bytes)
    throw std::runtime_error("there is too little room for it");
}

struct Made {
  Uuid company, id;
  std::string kind, state;
  std::int64_t rows = 0, bytes = 0;

  FIELDS(Made, company, id, kind, state, rows, bytes)
};

// Whether a file may be called so.
bool is_file_name(std::string_view name) {
  constexpr std::size_t id_length = 36;
  const auto company = base::Uuid::parse(name.substr(0, id_length));
  if (!company || name.size() <= id_length) return false;
  const auto id = base::Uuid::parse(name.substr(id_length + 1, id_length));
  return id && name == file_name(*company, *id);
}

class Maker {
 public:
  Maker(const base::Config& config, Task& task)
      : host_(config.exports_host), folder_(config.exports_folder), task_(task), notes_(config) {}

  // One file of each company that waits for one; whether there were any.
  bool make_round() {
    const auto before = made.size();
    task_.for_each_company_with_exports([&](const db::Tenant& tenant, const Uuid& company) {
      const auto now = Time::now();
      task_.db.run(fail_dead, tenant, failed, now.plus_seconds(-dead_after_seconds));
      const auto job = task_.db.find(select_next, tenant, queued);
      if (job && begin(tenant, *job, now)) make(tenant, company, *job);
    });
    return made.size() > before;
  }

  // Rows of this host whose time is over, with their files.
  void take_away() {
    task_.for_each_company_with_exports([&](const db::Tenant& tenant, const Uuid& company) {
      for (bool more = true; more;) {
        const auto over = task_.db.all(select_over, tenant, Time::now(), host_, Word(), at_a_time);
        for (const auto& job : over) {
          fs::remove(folder_ / file_name(company, job.id));
          task_.db.run(delete_one, tenant, job.id);
        }
        more = static_cast<std::int64_t>(over.size()) == at_a_time;
      }
    });
  }

  // Of our own names alone. What is being written is written to all the time.
  void take_forgotten_away() const {
    const auto now = fs::file_time_type::clock::now();
    for (const auto& each : fs::directory_iterator(folder_)) {
      const auto name = each.path().filename().string();
      const bool is_part = name.ends_with(base::being_written);
      const auto after =
          std::chrono::seconds(is_part ? dead_after_seconds : forgotten_after_seconds);
      if (is_file_name(is_part ? name.substr(0, name.size() - base::being_written.size()) : name) &&
          each.is_regular_file() && each.last_write_time() < now - after)
        fs::remove(each.path());
    }
  }

  std::vector<Made> made;

 private:
  bool begin(const db::Tenant& tenant, const Job& job, Time now) try {
    return task_.db.run(begin_one, tenant, running, host_, now, now.plus_seconds(lives_for_seconds),
                        job.id, queued) == 1;
  } catch (const db::DuplicateKey&) {  // the company has one that is being made
    return false;
  }

  void make(const db::Tenant& tenant, const Uuid& company, const Job& job) {
    auto& one = made.emplace_back(Made{company, job.id, job.kind, std::string(failed)});
    try {
      write(tenant, company, job, one);
      one.state = done;
    } catch (const std::exception& error) {
      const auto* cause = dynamic_cast<const base::Error*>(&error);
      base::complain(fmt::format("export {} of company {}: {}", job.id.text(), company.text(),
                                 cause && !cause->cause.empty() ? cause->cause : error.what()));
      notes_.run(fail_one, tenant, failed, job.id, running);
    }
  }

  void write(const db::Tenant& tenant, const Uuid& company, const Job& job, Made& one) {
    const auto path = folder_ / file_name(company, job.id);
    for (const auto& left : {path, fs::path(path.string() + std::string(base::being_written))})
      fs::remove(left);  // by one that was killed
    base::NewFile file(path, mode);
    auto told_at = Time::now();
    const archive::WriteOptions options = {.told = [&](const archive::Progress& progress) {
      one.rows = progress.rows;
      const auto now = Time::now();
      if (now.micros - told_at.micros < told_every_micros) return;
      told_at = now;
      check_room(file.fd());
      if (notes_.run(tell_on, tenant, progress.rows, progress.bytes, now,
                     now.plus_seconds(lives_for_seconds), job.id, running, host_) == 0)
        throw GivenUp("it took too long, and was given up");
    }};
    check_room(file.fd());
    base::ArchiveWriter out(file.fd(), told_at);
    if (job.kind == of_company)
      archive::write(task_.db, tenant, company, out, options);
    else
      archive::write_personal(task_.db, tenant, company, job.asked_by, out, options);
    one.bytes = file.keep();
    const auto now = Time::now();
    if (notes_.run(end_one, tenant, done, one.rows, one.bytes, now,
                   now.plus_seconds(lives_for_seconds), job.id, running, host_) == 0) {
      fs::remove(path);
      throw GivenUp("it took too long, and was given up");
    }
  }

  const std::string host_;
  const fs::path folder_;
  Task& task_;
  db::Connection notes_;  // for what is noted while the other one reads all of one moment
};

void run(const base::Config& config, const Typed& typed) {
  if (config.exports_account.user.empty()) return;  // none are made here; `check-config` says so
  auto with_account = config;
  with_account.db_account = config.exports_account;
  Task task(with_account, typed, false);
  Maker maker(with_account, task);
  maker.take_away();
  maker.take_forgotten_away();
  for (int round = 0; round < most_rounds && maker.make_round();) round++;
  if (maker.made.empty()) return;
  print(rest::Document::of(maker.made), "company id kind state rows bytes", task.as_json());
  for (const auto& one : maker.made)
    if (one.state == failed) throw std::runtime_error("not all could be made");
}

constexpr Command commands[] = {
    {"exports", "make the exports that people asked for, and take away those of a day ago", "",
     "json", run, base::Use::exports},
};

}  // namespace

std::span<const Command> exports() { return commands; }

}  // namespace admin
