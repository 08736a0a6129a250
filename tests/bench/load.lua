-- tests/bench/load.lua — what wrk sends, and how it reports.
--
--   wrk … -s load.lua http://HOST -- FILE [PAUSE]
--
-- FILE holds one request a line: method, path, Host, cookies, CSRF token, body, between tabs. They
-- are sent one after the other, over and over, with PAUSE milliseconds (0) before each. The report is one line of JSON.

local requests, at = {}, 0

function init(args)
  local pause = tonumber(args[2] or 0)
  if pause > 0 then delay = function() return pause end end
  for line in io.lines(args[1]) do
    local method, path, host, cookies, csrf, body =
      line:match("^(.-)\t(.-)\t(.-)\t(.-)\t(.-)\t(.*)$")
    local headers = { Host = host, Accept = "application/json" }
    if cookies ~= "" then headers["Cookie"] = cookies end
    if csrf ~= "" then headers["X-CSRFToken"] = csrf end
    if body ~= "" then headers["Content-Type"] = "application/json" else body = nil end
    requests[#requests + 1] = wrk.format(method, path, headers, body)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format('{"requests": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "failed": %d}',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
