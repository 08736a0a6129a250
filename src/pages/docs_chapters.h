// pages/docs_chapters.h — what the reference of the API (pages/docs.h) says beside its operations.
#pragma once

namespace pages {

// Calls write(id, title, HTML) for each chapter. In a command $api stands for the URL of the
// version.
template <class Write>
void for_each_chapter(Write write) {
  write("begin", "Begin", R"html(
<p>Every command here can be pasted into a shell, in this order. A company signs up, its first user
gets a token, and hires a colleague:</p>
<pre class="thing" tabindex="0">name=kim$$ password=Mild-7731-Kite!
curl $api/accounts/ -H 'Content-Type: application/json' -d "{
  \"company\": {\"name\": \"Acme\", \"address\": \"1 Main St\"},
  \"user\": {\"username\": \"$name\", \"password\": \"$password\"}}"
token=$(curl -s $api/auth/token/ -H 'Content-Type: application/json' -d "{
  \"username\": \"$name\", \"password\": \"$password\"}" | grep -o 'eyJ[^"]*' | head -n 1)
user_id=$(curl -s $api/accounts/users/ -H "Authorization: Bearer $token" \
  -H 'Content-Type: application/json' -d "{\"username\": \"lee$$\", \"password\": \"$password\"}" |
  grep -o '[0-9a-f]\{8\}-[0-9a-f-]\{27\}' | head -n 1)
message_id=$(curl -s $api/user-messages/ -H "Authorization: Bearer $token" \
  -H 'Content-Type: application/json' \
  -d "{\"to_user\": \"$api/accounts/users/$user_id\", \"text\": \"Hello\"}" |
  grep -o '"id":"[^"]*' | head -n 1 | cut -c 7-)</pre>
<p>The examples below use <code>$token</code>, <code>$user_id</code> and <code>$message_id</code>; other
ids are in the answers of what made them.</p>)html");
  write("login", "Logging in", R"html(
<p>Four ways, each for something else:</p>
<ul><li>A <b>session cookie</b>, for browsers: <code>POST auth/login/</code>. What changes something then
needs the value of the cookie <code>csrftoken</code> in the header <code>X-CSRFToken</code>. A session
ends 14 days after its login, or after three days without use.</li>
<li>A <b>JSON web token</b>, for programs with a user in front of them: <code>POST auth/token/</code>
gives an access token for five minutes, and a refresh token, good once, that brings the next pair.</li>
<li>An <b>API token</b>, for scripts: <code>POST auth/api-tokens/</code> makes one that reads, or reads
and writes, as its user in one company, for up to a year. Both kinds of token are sent as
<code>Authorization: Bearer</code>, and need no CSRF token.</li>
<li><b>Basic</b>, for a first try with <code>curl -u</code>: each request checks the password.</li></ul>)html");
  write("companies", "Companies", R"html(
<p>A request is about one company: that of its session or token. A person may be in several;
<code>GET auth/me</code> lists them, <code>POST auth/company/</code> goes on in another. The header
<code>X-Company</code> says which company a request is meant for: in another it is a 409, and nothing is
done. What another company has and what nobody has are the same answer.</p>)html");
  write("paging", "Lists, pages and filters", R"html(
<p>A page has <code>limit</code> rows, 50 where nothing is said and 100 at most. Where the list goes on,
the answer names the next page: <code>next</code> in version 2, and in both a header
<code>Link: &lt;…&gt;; rel="next"</code>. Follow it as it is. Rows that are added meanwhile shift
nothing. A page may end early, even empty, where a filter has to look far: then Link has
<code>reached</code>, the time down to which was looked, and the next page goes on.</p>
<p>Filters and <code>order</code> stand with each list. A name that nothing reads is a 400 in version 2;
version 1 passes over it and says so in <code>X-Ignored</code>.</p>)html");
  write("retries", "Retries", R"html(
<p>A 429 and a 503 have <code>Retry-After</code>, in seconds: wait, and send the same again. So that
sending again makes nothing twice, give what you make a name: a header
<code>Idempotency-Key</code> with a new UUID, which becomes its id. The same request with it is answered
200 with what is there; another request with it 422. Keys are remembered for 30 days. Lists that change
say how often one may ask: <code>X-Poll-Interval</code>; with <code>If-None-Match</code> an answer that is
the same is a 304.</p>)html");
  write("conditions", "Preconditions", R"html(
<p>Every answer that shows one thing has an <code>ETag</code>. A change with
<code>If-Match: &lt;that tag&gt;</code> is done only while the thing is as you saw it; else it is a 412, and
you read again.</p>)html");
  write("errors", "Errors", R"html(
<p>Version 2 answers <code>application/problem+json</code> (RFC 9457): <code>title</code>,
<code>status</code>, <code>detail</code>, a <code>code</code> that stays, for each bad field an entry in
<code>errors</code>, sometimes a <code>hint</code>, and the <code>request_id</code> that the log has.
Version 1 answers <code>{"detail": …}</code>, or a list of sentences for each field.</p>
<dl>
<dt id="error-invalid"><code>invalid</code>, 400</dt><dd>A body, a header or the query is malformed; <code>errors</code> says where.</dd>
<dt id="error-unauthorized"><code>unauthorized</code>, 401</dt><dd>Log in, or the credentials are wrong.</dd>
<dt id="error-token_not_valid"><code>token_not_valid</code>, 401</dt><dd>The token has ended: refresh it, or get a new one.</dd>
<dt id="error-forbidden"><code>forbidden</code>, 403</dt><dd>Your role or your token may not do that, or the CSRF token is missing.</dd>
<dt id="error-company_suspended"><code>company_suspended</code>, 403</dt><dd>An operator has suspended the company.</dd>
<dt id="error-not_found"><code>not_found</code>, 404</dt><dd>There is nothing, or nothing of yours.</dd>
<dt id="error-method_not_allowed"><code>method_not_allowed</code>, 405</dt><dd><code>Allow</code> has the methods.</dd>
<dt id="error-not_acceptable"><code>not_acceptable</code>, 406</dt><dd>Answers are JSON or HTML.</dd>
<dt id="error-conflict"><code>conflict</code>, 409</dt><dd>Another company, or an id that is taken.</dd>
<dt id="error-gone"><code>gone</code>, 410</dt><dd>What the Idempotency-Key made was deleted.</dd>
<dt id="error-precondition_failed"><code>precondition_failed</code>, 412</dt><dd>It was changed meanwhile.</dd>
<dt id="error-too_large"><code>too_large</code>, 413</dt><dd>A body has 1 MiB at most.</dd>
<dt id="error-unsupported_media_type"><code>unsupported_media_type</code>, 415</dt><dd>Send JSON or a form.</dd>
<dt id="error-misdirected"><code>misdirected</code>, 421</dt><dd>This host is not served here.</dd>
<dt id="error-unprocessable"><code>unprocessable</code>, 422</dt><dd>The Idempotency-Key was used for something else.</dd>
<dt id="error-too_many_requests"><code>too_many_requests</code>, 429</dt><dd>Too many tries; wait.</dd>
<dt id="error-internal"><code>internal</code>, 500</dt><dd>A fault of ours; the log has the request.</dd>
<dt id="error-unavailable"><code>unavailable</code>, 503</dt><dd>Busy, or the database is away; wait.</dd>
<dt id="error-uri_too_long"><code>uri_too_long</code>, 414</dt><dd>The URL is too long.</dd>
<dt id="error-headers_too_large"><code>headers_too_large</code>, 431</dt><dd>The headers are too large.</dd>
<dt id="error-not_implemented"><code>not_implemented</code>, 501</dt><dd>Send a body with Content-Length, or chunked.</dd>
<dt id="error-http_version"><code>http_version</code>, 505</dt><dd>Speak HTTP/1.1 or HTTP/2.</dd>
</dl>)html");
  write("limits", "Limits", R"html(
<p>A body has 1 MiB, a text in it 64 KiB, JSON 1,000 keys and 32 levels. A page has at most 100 rows
and 1 MiB. Passwords may be tried a few times a minute for each name and address.</p>)html");
  write("versions", "Versions", R"html(
<p>Within a version nothing is taken away and nothing changes its meaning. What is new comes in the
newest version. What will go says so for a year at least, in the headers <code>Deprecation</code>,
<code>Sunset</code> and <code>Link: …; rel="successor-version"</code>. <code>GET /api/</code> lists
the versions.</p>)html");
}

}  // namespace pages
