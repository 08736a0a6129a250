// pages/docs_chapters.h — what the reference of the API (pages/docs.h) says beside its operations.
#pragma once

namespace pages {

// Calls write(id, title, HTML) for each chapter, with HTML as a literal, which is what a page takes
// unescaped (http/html.h). In a command $api stands for the URL of the version, which the page sets
// before the first.
template <class Write>
void for_each_chapter(Write write) {
  write("begin", "Begin", R"html(
<p>Paste this into bash. It signs up a company, whose first user is its admin; gets a token for her; adds
a colleague, Lee; and lets Lee send her a message. All commands of this page work after it, in the order
of the page: each id that one of them needs was kept by one before.</p>
<pre class="thing">name=kim$RANDOM$RANDOM lee=lee$RANDOM$RANDOM password='Mild-7731-Kite!'
json='Content-Type: application/json'
# The first member of an answer that is called so.
field() { grep -o "\"$1\":\"[^\"]*" | head -n 1 | cut -d '"' -f 4; }

company_id=$(curl -s "$api/accounts/" -H "$json" -d '{
  "company":{"name":"Acme","address":"1 Main St"},
  "user":{"username":"'$name'","password":"'$password'"}}' | field id)
made=$(curl -s "$api/auth/token/" -H "$json" -d '{"username":"'$name'","password":"'$password'"}')
token=$(field access &lt;&lt;&lt;"$made") refresh=$(field refresh &lt;&lt;&lt;"$made")
lee_id=$(curl -s "$api/accounts/users/" -H "Authorization: Bearer $token" -H "$json" \
  -d '{"username":"'$lee'","password":"'$password'"}' | field id)
lee_token=$(curl -s "$api/auth/token/" -H "$json" \
  -d '{"username":"'$lee'","password":"'$password'"}' | field access)
kim_id=$(curl -s "$api/auth/me" -H "Authorization: Bearer $token" | field id)
message_id=$(curl -s "$api/user-messages/" -H "Authorization: Bearer $lee_token" -H "$json" \
  -d '{"to_user":"'$api/accounts/users/$kim_id'","text":"Hello, Kim"}' | field id)
echo "$name $message_id"</pre>
<p>The token is good for five minutes. When an answer says <code>token_not_valid</code>, paste the two
lines that begin with <code>made=</code> and <code>token=</code> again.</p>
<p>What to look for: <a href="#usermessage-list-post">send a message</a>, <a
href="#usermessage-list-get">read messages</a> (unread ones with <code>?read=false</code>), <a
href="#usermessage-read-until-put">mark them as read</a>, <a href="#user-list-post">add a colleague</a>,
<a href="#user-detail-patch">change a password or a name</a>, <a href="#api-token-list-post">make a token
for a script</a>.</p>)html");
  write("login", "Logging in", R"html(
<p>There are four ways. All do for every request, but where an operation says otherwise.</p>
<p>A <b>JSON web token</b>, for programs that have the user's password now and must not keep it. <code>POST
auth/token/</code> gives an access token for five minutes, and a refresh token that works once and brings
the next pair. Begin has fetched both:</p>
<pre class="thing">curl "$api/auth/me" -H "Authorization: Bearer $token"</pre>
<p>An <b>API token</b>, for scripts. It reads, or reads and writes, as its user in one company, for up to a
year, and is shown once:</p>
<pre class="thing">made=$(curl -s "$api/auth/api-tokens/" -H "Authorization: Bearer $token" -H "$json" \
  -d '{"name":"nightly","access":"write"}')
api_token=$(field token &lt;&lt;&lt;"$made")
curl "$api/accounts/users/" -H "Authorization: Bearer $api_token"</pre>
<p>A <b>session cookie</b>, for browsers. With it, every POST, PUT, PATCH and DELETE needs the header
<code>X-CSRFToken</code> with the value of the cookie <code>csrftoken</code>; tokens need none. A session
ends 14 days after its login, or after three days without use:</p>
<pre class="thing">csrf() { awk '$6 ~ /csrftoken$/ {print $7}' jar; }
curl -c jar "$api/auth/login/" -H "$json" -d '{"username":"'$name'","password":"'$password'"}'
curl -b jar "$api/user-messages/" -H "X-CSRFToken: $(csrf)" -H "$json" \
  -d '{"to_user":"'$api/accounts/users/$lee_id'","text":"Hello, Lee"}'</pre>
<p><b>Basic</b>, for a first try: each request checks the password.</p>
<pre class="thing">curl -u "$name:$password" "$api/auth/me"</pre>
<p>Who has a <b>second factor</b> sends a <code>code</code> with name and password, for a token and for a
session; without it the answer is <code>second_factor_required</code>. Basic is refused then.</p>)html");
  write("companies", "Companies", R"html(
<p>A request is about one company: that of its session or token. A person may be in several;
<code>GET auth/me</code> lists them. A session goes on in another with <code>POST auth/company/</code>; a
token stays in its own, and <code>POST auth/token/</code> takes a <code>company</code>. The header
<code>X-Company</code> says which company a request is meant for: if you work in another, the answer is
409 and nothing is done. Another company's things are answered like things that do not exist: 404.</p>)html");
  write("paging", "Lists, pages and filters", R"html(
<p>A page has 50 rows; <code>limit</code> asks for 1 to 100. In version 2 <code>next</code> is the whole
URL of the next page, or null on the last one; in both versions the header <code>Link: &lt;…&gt;;
rel="next"</code> has it. Request it unchanged; or, where a typed client cannot follow a URL, take its
<code>cursor</code> and send it with the same filters. Rows that are added meanwhile shift nothing. One
list is different: a conversation that gets a message while you read moves to the front, so read the first
page of <code>conversations/</code> once more at the end.</p>
<p>A page may end early, even empty, where a filter has to look far: then Link has <code>reached</code>,
the time down to which was searched. Follow <code>next</code>.</p>
<pre class="thing">curl "$api/user-messages/?read=false&amp;limit=2" -H "Authorization: Bearer $token"</pre>
<p>Filters and <code>order</code> stand with each list. Times are UTC, as 2026-11-27T10:00:00Z. An unknown
parameter, or an unknown key of a body, is a 400 in version 2; version 1 ignores it and names the first in
the header <code>X-Ignored</code>.</p>)html");
  write("retries", "Retries", R"html(
<p>A 429 and a 503 have <code>Retry-After</code>, in seconds: wait, and send the same request again. So
that this makes nothing twice, send the header <code>Idempotency-Key</code> with a new UUID when you make
something; it becomes the id. When the answer gets lost, send the same with the same key: it is answered
200, with what was made. Another request with a used key is a 422. Keys are remembered for 30 days. What is
shown once, as an API token, is not shown again: delete it and make another.</p>
<pre class="thing">key=$(cat /proc/sys/kernel/random/uuid)
for again in 1 2; do
  curl "$api/customers/" -H "Authorization: Bearer $token" -H "$json" -H "Idempotency-Key: $key" \
    -d '{"name":"Once","email":"once@example.com"}'
done</pre>
<p>What is asked for again and again says in <code>X-Poll-Interval</code> how many seconds to wait. Send
<code>If-None-Match</code> with the last <code>ETag</code>: while nothing has changed the answer is a 304
without a body.</p>)html");
  write("events", "Events", R"html(
<p>Instead of asking again and again, keep a stream open: <code>GET events/</code> answers Server-Sent
Events, as <code>EventSource</code> reads them. An event says that something has changed, and not what:
<code>{"changed": ["messages"]}</code> when a message to you or from you was sent or read,
<code>"elsewhere"</code> when that was so in another of your companies. Ask then as you would have asked
anyway, with <code>If-None-Match</code>, and once whenever a stream begins: events before it are not told
again.</p>
<pre class="thing">(sleep 1; curl -s -o sent.json "$api/user-messages/" -H "Authorization: Bearer $lee_token" \
  -H "$json" -d '{"to_user":"'$api/accounts/users/$kim_id'","text":"Are you there?"}') &amp;
timeout 3 curl -sN "$api/events/" -H "Authorization: Bearer $token" || true</pre>
<p>A stream ends after ten minutes at most, and when the login that it was asked for with does: come back
after the time that <code>retry:</code> says. Where there is none to be had the answer is a 503: ask for
news meanwhile, and for a stream again after <code>Retry-After</code>. A person may have twenty; when
another one begins, an old one ends with <code>event: end</code>, and should not come back by itself
(<code>EventSource</code> does, unless it is closed; after a 503 it gives up).</p>)html");
  write("conditions", "Preconditions", R"html(
<p>Every answer that shows one thing has an <code>ETag</code>. A change with <code>If-Match</code> and that
tag, with its quotes, is done only while the thing is as you saw it; else the answer is 412: read it again.
A tag is good for the version that gave it.</p>
<pre class="thing">tag=$(curl -sD - -o thing.json "$api/customers/$key" -H "Authorization: Bearer $token" |
  tr -d '\r' | awk 'tolower($1) == "etag:" {print $2}')
curl "$api/customers/$key" -X PATCH -H "Authorization: Bearer $token" -H "$json" \
  -H "If-Match: $tag" -d '{"notes":"Called back."}'</pre>)html");
  write("limits", "Limits", R"html(
<p>A body has 1 MiB, a text in it 64 KiB, JSON 1,000 keys and 32 levels. A page has at most 100 rows and
1 MiB of them. After five wrong passwords for a name from one address the answer is 429 for five minutes. An
address may sign up sixty companies in an hour, unless the operator says otherwise.</p>)html");
  write("versions", "Versions", R"html(
<p>Within a version nothing is taken away and nothing changes its meaning. New keys may appear: ignore what
you do not know. What is new comes in the newest version. What will be removed says so at least a year
before, in the headers <code>Deprecation</code>, <code>Sunset</code> and <code>Link: …;
rel="successor-version"</code>. <code>GET /api/</code> lists the versions.</p>
<table><caption>What differs</caption><thead><tr><th scope="col">What</th><th scope="col">Version 1</th>
<th scope="col">Version 2</th></tr></thead><tbody>
<tr><th scope="row">A list</th><td><code>[…]</code></td><td><code>{"items": […], "next": …}</code></td></tr>
<tr><th scope="row">A person who is named</th><td>a URL</td><td>an object</td></tr>
<tr><th scope="row">What names a thing in a body</th><td>a URL</td><td>an id or a URL</td></tr>
<tr><th scope="row">An error</th><td><code>{"detail": …}</code>, or a list of sentences for each field</td>
<td>a problem, with <code>code</code> and <code>errors</code></td></tr>
<tr><th scope="row">Unknown parameters and keys</th><td>ignored</td><td>refused</td></tr>
<tr><th scope="row"><code>?format=</code></th><td>json, api</td><td>none: send Accept</td></tr>
</tbody></table>)html");
}

}  // namespace pages
