// tests/server/work_test.cc — the work for a request grows no faster than the request, on any
// route.
//
// Measured is the processor's time of this process, which is a worker here: what else the machine
// does, and the database, do not count. Memory that was freed is kept, because what the kernel
// takes to hand out fresh pages is not ours, and on some machines grows faster than they do. A
// build with sanitizers only sends the requests, since its own checks cost what they like.
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <ctime>

#include "app/routes.h"
#include "support/heavy.h"
#include "support/two_companies.h"

namespace {

constexpr std::size_t whole = 1 << 20, half = whole / 2;  // a body may have 1 MiB
constexpr int tries = 10;                                 // the best of them counts
constexpr double cheap_ms = 5, most_times = 3;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool measures = false;
#else
constexpr bool measures = true;
#endif

double processor_ms() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Work : support::TwoCompanies {
  const std::map<std::string_view, base::Uuid> ids = a.ids();
  int sent = 0;

  Work() {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
  }

  std::string filled(std::string url) const {
    const auto open = url.find('{');
    if (open == url.npos) return url;
    const auto name = url.substr(open, url.find('}') - open + 1);
    const auto id = ids.find(name);
    return url.replace(open, name.size(),
                       (id == ids.end() ? base::Uuid::highest() : id->second).text());
  }

  // What the route is asked for: a body where it takes one, and nothing that ends what it is about.
  static std::string_view method_of(const rest::Route& route, const support::Load& load) {
    if (load.body.empty() && route.operation(http::Method::get)) return "GET";
    for (const auto method : {http::Method::post, http::Method::put, http::Method::patch})
      if (route.operation(method)) return http::name_of(method);
    return "POST";
  }

  // The processor's time for the request. Each comes from an address of its own, else the throttle
  // would refuse them soon.
  double cost(const rest::Route& route, const std::string& url, const support::Load& load) {
    auto& client = a.admin.client;
    if (!client.cookies.contains("sessionid")) {
      client.cookies.clear();
      client.log_in(a.admin.username, support::password);
    }
    sent++;
    client.remote_address = fmt::format("10.{}.{}.{}", sent >> 16, sent >> 8 & 255, sent & 255);
    auto request = client.request(method_of(route, load), url);
    request.query = load.query;
    request.content_type = load.content_type;
    request.body = load.body;
    request.headers.emplace_back("accept", "text/html");  // a page is made from the JSON
    for (const auto& header : load.headers) {
      std::erase_if(request.headers, [&](const auto& each) { return each.first == header.first; });
      request.headers.push_back(header);
    }
    const auto cookies = client.cookies;
    const auto start = processor_ms();
    const auto response = client.send(request);
    const auto took = processor_ms() - start;
    if (!load.headers.empty()) client.cookies = cookies;  // it may have had others
    BOOST_TEST((response.status < 500 || response.status == 503),
               route.path << " answers " << response.status);
    return took;
  }

  // The best of the tries counts, and there are no more of them than it takes.
  void check(const rest::Route& route, const std::string& url, const support::Heavy& kind) {
    const auto fields = support::field_names(route);
    const auto large = kind.make(whole, fields), small = kind.make(half, fields);
    double full = 1e9, less = 1e9;
    for (int i = 0; i < tries; i++) {
      full = std::min(full, cost(route, url, large));
      if (!measures || full < cheap_ms) return;
      less = std::min(less, cost(route, url, small));
      if (full <= most_times * less) return;
    }
    BOOST_ERROR(route.path << ", " << kind.name << ": " << full
                           << " ms of the processor for 1 MiB, and " << less << " for half of it");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(work, Work)

BOOST_AUTO_TEST_CASE(grows_no_faster_than_the_request_on_any_route) {
  support::for_each_route([&](const rest::Route& route, const std::string& path) {
    for (const auto& kind : support::heavy_kinds()) check(route, filled(path), kind);
  });
}

BOOST_AUTO_TEST_SUITE_END()
