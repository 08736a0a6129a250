// app/archive/reader.cc — see reader.h.
#include "app/archive/reader.h"

#include "app/archive/statements.h"
#include "base/crypto.h"
#include "base/version.h"
#include "db/migrate.h"

namespace app::archive {
namespace {

using base::Time;
using base::Uuid;

constexpr std::int64_t seconds_for_a_part = 600;
constexpr auto most_total_bytes = static_cast<std::int64_t>(most_parts * full_part_bytes);
constexpr std::size_t most_small_part_bytes = 64 * 1024;
constexpr http::JsonLimits row_limits = {.items = 0, .keys = 32};
constexpr http::JsonLimits manifest_limits = {.items = most_parts + 16, .keys = 5 * most_parts};
// More customers of one e-mail address than changed rules of keys ever made (admin/rebuild.cc).
constexpr std::int64_t most_twins = 100;

constexpr db::Scoped<void, Time, Time> set_deadline{R"(
    UPDATE companies SET importing_until = ? WHERE company_id = ? AND importing_until > ?)"};
constexpr db::Scoped<void, Time> show_company{R"(
    UPDATE companies SET importing_until = NULL WHERE company_id = ? AND importing_until > ?)"};
constexpr std::string_view beginning = "before its first part",
                           damaged = "it is not what the manifest says: damaged";

// What is wrong with a line, and where that is.
std::string at(std::string_view part, std::int64_t line, std::string_view why) {
  return fmt::format("{}, line {}: {}", part, line, why);
}

class Reader {
 public:
  Reader(db::Connection& db, const db::Tenant& tenant, base::ArchiveReader& in,
         const ReadOptions& options)
      : db_(db), tenant_(tenant), in_(in), options_(options) {}

  Manifest read_all() {
    next(most_small_part_bytes);
    read_format();
    std::apply([&](const auto&... row) { (read_table(row), ...); }, Tables{});
    if (format_.logins) read_table(LoginRow{});
    read_manifest();
    if (part_) refuse("there should be nothing more");
    return std::move(read_);
  }

 private:
  void next(std::size_t most_bytes) {
    if (part_) before_ = "after " + part_->name;
    try {
      part_ = in_.next(most_bytes);
    } catch (const base::ArchiveError& error) {
      throw Refusal(
          fmt::format("{}: it {}", error.part.empty() ? before_ : named(error.part), error.what()));
    }
    if (part_) bytes_ += static_cast<std::int64_t>(part_->content.size());
    if (bytes_ > most_total_bytes)
      refuse(fmt::format("with it there are more than {} bytes", most_total_bytes));
  }

  // Of the part that comes next.
  [[noreturn]] void refuse(std::string_view why) const {
    throw Refusal(fmt::format("{}: {}", named(part_->name), why));
  }

  bool is_next(std::string_view name) const { return part_ && part_->name == name; }
  // `more`: what else is said where it does not come.
  void need(std::string_view name, std::string_view more = "") const {
    if (is_next(name)) return;
    if (part_) refuse(fmt::format("{} should come here{}", name, more));
    throw Refusal(fmt::format("{}: {} is missing{}", before_, name, more));
  }

  template <class Struct>
  Struct whole_part(http::JsonLimits limits) const {
    try {
      return read_struct<Struct>(part_->content, limits);
    } catch (const Refusal& refusal) {
      throw Refusal(at(part_->name, 1, refusal.what()));
    }
  }

  void read_format() {
    need(format_part);
    format_ = whole_part<Format>(row_limits);
    if (format_.format != format_name || format_.version < 1 || format_.schema < 1)
      throw Refusal(at(part_->name, 1, "it is no archive of a company"));
    const auto schema = db::all_migrations().back().number;
    if (format_.version > format_version || format_.schema > schema)
      throw Refusal(at(part_->name, 1,
                       fmt::format("it was written by a newer release, {} with format {} and schema"
                                   " {}; this is {} with format {} and schema {}",
                                   named(format_.product), format_.version, format_.schema,
                                   base::version, format_version, schema)));
    next(most_part_bytes);
  }

  template <class Row>
  void read_table(const Row&) {
    Count count{std::string(Row::table)};
    last_id_.reset();
    if (std::is_same_v<Row, CompanyRow>) need(part_name(Row::table, 1));
    for (std::size_t number = 1; is_next(part_name(Row::table, number)); number++) {
      if (read_.parts.size() == most_parts)
        refuse(fmt::format("there are more than {} parts", most_parts));
      const auto rows = read_part<Row>();
      count.rows += rows;
      read_.parts.push_back({part_->name, rows, static_cast<std::int64_t>(part_->content.size()),
                             base::hex(base::view(base::sha256(part_->content)))});
      next(most_part_bytes);
    }
    read_.tables.push_back(std::move(count));
  }

  // Answers how many rows it has. A deadlock runs it again, so it starts where the part did.
  template <class Row>
  std::int64_t read_part() {
    const auto before = last_id_;
    std::int64_t line = 0;
    db_.transaction([&] {
      last_id_ = before;
      line = 0;
      std::string_view rest = part_->content;
      while (!rest.empty()) {
        line++;
        const auto end = rest.find('\n');
        if (end == rest.npos) throw Refusal(at(part_->name, line, "is cut off"));
        read_line<Row>(line, rest.substr(0, end));
        rest.remove_prefix(end + 1);
      }
      if (line == 0) throw Refusal(at(part_->name, 1, "there is no row"));
      go_on(db_, tenant_, seconds_for_a_part);
    });
    return line;
  }

  template <class Row>
  void read_line(std::int64_t line, std::string_view text) {
    try {
      const auto row = read_struct<Row>(text, row_limits);
      if constexpr (!std::is_same_v<Row, CompanyRow>) {
        if (last_id_ && row.id <= *last_id_) throw Refusal("its id does not come after the last");
        last_id_ = row.id;
      } else if (line > 1 || !read_.parts.empty()) {
        throw Refusal("there is a second company");
      }
      insert(row);
    } catch (const Refusal& refusal) {
      throw Refusal(at(part_->name, line, refusal.what()));
    } catch (const base::Error& error) {
      if (error.code == base::Code::unavailable) throw;
      throw Refusal(at(part_->name, line, error.message));
    }
  }

  void insert(CompanyRow row) {
    if (!options_.name.empty()) row.name = options_.name;
    db_.run(insert_company, tenant_, row, Time::now().plus_seconds(seconds_for_a_part),
            kept_until(row));
  }
  void insert(const UserRow& row) {
    db_.run(insert_user, tenant_, row.id, row.name, row.role, row.created_at, row.removed_at);
  }
  void insert(const CustomerRow& row) {
    for (std::int64_t twin = 0; twin < most_twins; twin++) {
      try {
        db_.run(insert_customer, tenant_, row, twin);
        return;
      } catch (const db::DuplicateKey&) {  // the next number is free, or the one after it
      }
    }
    throw Refusal("too many customers have this e-mail address");
  }
  void insert(const MessageRow& row) {
    if (row.from_user == row.to_user) throw Refusal("nobody writes to themselves");
    db_.run(insert_message, tenant_, row);
  }
  void insert(const AuditRow& row) { db_.run(insert_audit, tenant_, row, ""); }
  void insert(const LoginRow& row) {
    if (options_.logins) options_.logins->add(db_, tenant_, row);
  }

  void read_manifest() {
    need(manifest_part);
    if (part_->content.size() > most_manifest_bytes)
      refuse(fmt::format("it has more than {} bytes", most_manifest_bytes));
    const auto manifest = whole_part<Manifest>(manifest_limits);
    const auto text = std::move(part_->content);
    next(most_small_part_bytes);
    const bool is_signed = is_next(signature_part);
    if (!options_.key.empty()) check_signature(text);
    if (is_signed) next(most_small_part_bytes);
    if (manifest.format != format_) throw Refusal(fmt::format("{}: {}", format_part, damaged));
    compare_parts(manifest.parts);
    compare_tables(manifest.tables);
    read_ = manifest;
  }

  void check_signature(const std::string& text) const {
    need(signature_part, ": the archive is not signed");
    const auto wanted = base::hex(base::view(base::hmac_sha256(options_.key, text))) + "\n";
    if (!base::same_bytes(part_->content, wanted))
      refuse("it was signed by another key, or changed");
  }

  void compare_parts(const std::vector<Part>& wanted) const {
    for (std::size_t i = 0; i < read_.parts.size(); i++) {
      const auto& name = read_.parts[i].part;
      if (i == wanted.size()) throw Refusal(name + ": the manifest says nothing of it");
      if (wanted[i].part != name)
        throw Refusal(fmt::format("{}: {} should come here, as the manifest says", name,
                                  named(wanted[i].part)));
      if (wanted[i] != read_.parts[i]) throw Refusal(fmt::format("{}: {}", name, damaged));
    }
    if (wanted.size() > read_.parts.size())
      throw Refusal(fmt::format("after {}: {} is missing, which the manifest has",
                                read_.parts.back().part, named(wanted[read_.parts.size()].part)));
  }

  void compare_tables(const std::vector<Count>& wanted) const {
    for (std::size_t i = 0; i < read_.tables.size(); i++) {
      const auto& table = read_.tables[i];
      if (i == wanted.size() || wanted[i].table != table.table)
        throw Refusal(at(manifest_part, 1, "it has other tables"));
      if (wanted[i].rows != table.rows)
        throw Refusal(at(manifest_part, 1, "it has another number of rows of " + table.table));
    }
    if (wanted.size() > read_.tables.size())
      throw Refusal(at(manifest_part, 1, "it has other tables"));
  }

  db::Connection& db_;
  const db::Tenant& tenant_;
  base::ArchiveReader& in_;
  const ReadOptions& options_;
  std::optional<base::ArchivePart> part_;  // that comes next
  std::string before_{beginning};          // where that is
  std::int64_t bytes_ = 0;
  Format format_;
  std::optional<Uuid> last_id_;  // of the table
  Manifest read_;                // what was there
};

}  // namespace

Manifest read(db::Connection& db, const db::Tenant& tenant, int fd,
              const ReadOptions& options) try {
  base::ArchiveReader in(fd);
  return Reader(db, tenant, in, options).read_all();
} catch (const base::ArchiveError& error) {  // of the constructor
  throw Refusal(fmt::format("{}: it {}", beginning, error.what()));
}

void go_on(db::Connection& db, const db::Tenant& tenant, std::int64_t seconds) {
  const auto now = Time::now();
  if (db.run(set_deadline, tenant, now.plus_seconds(seconds), now) == 0)
    throw Refusal("it took too long, and was given up");
}

void show(db::Connection& db, const db::Tenant& tenant) {
  if (db.run(show_company, tenant, Time::now()) == 0)
    throw Refusal("it took too long, and was given up");
}

}  // namespace app::archive
