// tests/browser/browsable_api_test.mjs — the first seed's story in the browsable API: two companies and six people,
// by hand, with scripts switched off.
import assert from 'node:assert/strict';
import {named, runAll, test, url, visitor} from './browser.mjs';
import {arrive, password, speaker} from './people.mjs';

const users = '/api/v1/accounts/users/';
const messages = '/api/v1/user-messages/';
const [user1, user2, user3, user4, user5, user6] = [1, 2, 3, 4, 5, 6].map((number) => named(`user${number}`));
const company1 = named('One & <b>Sons</b>'),
  company2 = named('Two Ltd');

const person = async (options) =>
  (await visitor({javaScriptEnabled: false, expectsRefusals: true, ...options})).newPage();

/** Somebody of the story, logged in, at an address. */
async function at(username, address) {
  const page = await person();
  await arrive(page.context(), username);
  await page.goto(address);
  return page;
}

const status = async (page) => (await page.locator('.answer .ok, .answer .no').textContent()).trim();
const answer = (page) => page.locator('.answer').textContent();
const form = (page) => page.locator('section.card form');
const who = (page) => page.locator('.who').textContent();
const send = (page, method) => form(page).getByRole('button', {name: method, exact: true}).click();
async function sendRaw(page, method, data) {
  const raw = page.locator('details.raw');
  if ((await raw.getAttribute('open')) === null) await raw.locator('summary').click();
  await raw.getByLabel('Content').fill(data);
  await raw.getByRole('button', {name: method, exact: true}).click();
}
const recipients = (page) => page.locator('section [name="to_user"] option').allTextContents();

async function switchTo(page, company) {
  const option = page.locator('.bar [name="company"] option', {hasText: company});
  await page.selectOption('.bar [name="company"]', await option.getAttribute('value'));
  await page.getByRole('button', {name: 'Switch'}).click();
}

async function signUp(company, username) {
  const page = await person();
  await page.goto('/api/v1/accounts/');
  assert.match(await status(page), /405/); // there is nothing to get, but the form is there
  await page.fill('[name="company.name"]', company);
  await page.fill('[name="company.address"]', '1 Main Street');
  await page.fill('[name="user.username"]', username);
  await page.fill('[name="user.password"]', password);
  await send(page, 'POST');
  assert.equal(await status(page), 'HTTP 201 Created');
  return page;
}

async function logIn(page, username, next) {
  await page.goto(next);
  assert.match(await status(page), /401/);
  await page.getByRole('link', {name: 'Log in', exact: true}).first().click();
  await page.fill('[name="username"]', username);
  await page.fill('[name="password"]', password);
  await page.getByRole('button', {name: 'Log in'}).click();
  assert.equal(new URL(page.url()).pathname, next);
  assert.match(await who(page), new RegExp(username));
}

async function hire(page, username) {
  await page.goto(users);
  await page.fill('section [name="username"]', username);
  await page.fill('section [name="password"]', password);
  await send(page, 'POST');
  assert.equal(await status(page), 'HTTP 201 Created');
}

async function write(page, to, text) {
  await page.goto(messages);
  await page.selectOption('section [name="to_user"]', {label: to});
  await page.fill('section [name="text"]', text);
  await send(page, 'POST');
  assert.equal(await status(page), 'HTTP 201 Created');
}

test('two companies sign up, log in, hire, and see their own people only', async () => {
  for (const [company, admin, ...colleagues] of [
    [company1, user1, user2, user3],
    [company2, user4, user5, user6],
  ]) {
    const page = await signUp(company, admin);
    await logIn(page, admin, users);
    assert.ok((await who(page)).includes(company));
    for (const each of colleagues) await hire(page, each);
    await page.goto(users);
    assert.equal(await page.locator('.answer a', {hasText: users}).count(), 3);
    assert.equal(await page.locator('.who b b').count(), 0); // names are text, never markup
    for (const each of [user1, user4]) assert.equal((await answer(page)).includes(each), each === admin);
  }
});

test('messages reach whom they are for and nobody else, as text', async () => {
  const first = await at(user1, messages);
  assert.deepEqual((await recipients(first)).slice(1), [user2, user3]); // colleagues, not oneself
  await write(first, user2, 'Hello, "user2" <i>& all</i>\nsecond line');
  const second = await at(user2, messages);
  assert.match(await answer(second), /\\nsecond line/);
  assert.doesNotMatch(await answer(second), /\\r/); // which a form adds
  assert.equal(await second.locator('.answer i').count(), 0);
  await write(second, user1, `See http://evil.example/ and ${url}${users}`);
  await second.goto(messages);
  assert.equal(await second.locator('a[href*="evil.example"]').count(), 0);
  for (const each of [user3, user4]) assert.doesNotMatch(await answer(await at(each, messages)), /second line/);
});

test('a message is marked as read by its recipient, following links', async () => {
  const page = await at(user2, messages);
  await page.locator('.answer a', {hasText: messages}).first().click();
  await page.getByRole('link', {name: 'usermessage-read'}).click();
  await send(page, 'PUT');
  assert.match(await answer(page), /"read_at": "\d{4}-/);
  const address = new URL(page.url()).pathname;
  const foreign = await at(user4, address.replace('/read', ''));
  assert.match(await status(foreign), /404/);
  assert.equal(await form(foreign).count(), 0);
  const sender = await at(user1, address);
  assert.equal(await sender.getByRole('button', {name: 'PUT'}).count(), 0);
});

test('errors stand beside their fields, and what was typed is kept, but for a password', async () => {
  const page = await at(user1, users);
  await page.fill('section [name="username"]', user2.toUpperCase());
  await page.fill('section [name="password"]', 'short');
  await send(page, 'POST');
  assert.match(await status(page), /400/);
  const field = page.locator('section [name="username"]');
  assert.equal(await field.inputValue(), user2.toUpperCase());
  assert.equal(await page.inputValue('section [name="password"]'), '');
  const [problem] = (await field.getAttribute('aria-describedby')).split(' ');
  assert.match(await page.locator(`[id="${problem}"]`).textContent(), /already exists/);
});

test('PATCH, OPTIONS, raw data, and DELETE, which asks first', async () => {
  const page = await at(user1, users);
  await page.locator('.answer a', {hasText: users}).nth(2).click();
  const victim = page.url();
  await page.selectOption('section [name="role"]', 'admin');
  await send(page, 'PATCH'); // without a new password
  assert.match(await answer(page), /"role": "admin"/);
  await page.getByRole('button', {name: 'OPTIONS'}).click();
  assert.match(await answer(page), /"max_length": 150/);
  await sendRaw(page, 'PATCH', '{"role": "staff"');
  assert.match(await status(page), /400/);
  await sendRaw(page, 'PATCH', '{"role": "staff"}');
  assert.match(await answer(page), /"role": "staff"/);

  const theirs = await at(user3, users);
  await page.getByRole('button', {name: 'DELETE'}).click();
  await page.getByText('Nothing is done yet').waitFor();
  await page.getByRole('link', {name: 'Cancel'}).click();
  assert.equal(await status(page), 'HTTP 200 OK');
  await page.getByRole('button', {name: 'DELETE'}).click();
  await page.getByText('Nothing is done yet').waitFor();
  await page.getByRole('button', {name: 'DELETE'}).click();
  assert.equal(await status(page), 'HTTP 204 No Content');
  await page.getByRole('link', {name: 'Go on'}).click();
  assert.equal(await page.locator('.answer a', {hasText: users}).count(), 2);
  await theirs.reload();
  assert.match(await status(theirs), /401/);
  await page.goto(victim);
  assert.match(await status(page), /404/);
});

test('lists are narrowed and ordered with a form', async () => {
  const tell = await speaker(user1);
  for (const name of ['Amber', 'Zed']) await tell('POST', 'customers/', {name, email: `${name}@example.org`});
  const page = await at(user2, '/api/v1/customers/');
  const order = async () => [...(await answer(page)).matchAll(/"name": "(\w+)"/g)].map((each) => each[1]);
  await page.locator('.filters summary').click();
  await page.locator('.filters').getByLabel('Order').selectOption('-created_at');
  await page.getByRole('button', {name: 'Filter'}).click();
  assert.deepEqual(await order(), ['Zed', 'Amber']);
  await page.locator('.filters').getByLabel('Name').fill('amb');
  await page.getByRole('button', {name: 'Filter'}).click();
  assert.deepEqual(await order(), ['Amber']);
  await page.getByRole('link', {name: 'Show all'}).click();
  assert.deepEqual(await order(), ['Amber', 'Zed']);
  await page.locator('.filters summary').click();
  await page.locator('.filters').getByLabel('Created until').fill('2020-01-01T00:00');
  await page.getByRole('button', {name: 'Filter'}).click();
  assert.deepEqual(await order(), []);

  await page.goto(messages);
  await page.locator('.filters summary').click();
  await page.locator('.filters').getByLabel('Read').selectOption('false');
  await page.locator('.filters').getByLabel('With').selectOption({label: user1});
  await page.getByRole('button', {name: 'Filter'}).click();
  assert.doesNotMatch(await answer(page), /second line/); // it was read above
  await page.locator('.filters').getByLabel('Read').selectOption('true');
  await page.getByRole('button', {name: 'Filter'}).click();
  assert.match(await answer(page), /second line/);
});

test('only admins get the form that changes the company', async () => {
  const staff = await at(user2, '/api/v1/accounts/company');
  assert.equal(await form(staff).count(), 0);
  const admin = await at(user1, '/api/v1/accounts/company');
  await admin.fill('section [name="address"]', '2 Side Street');
  await send(admin, 'PUT');
  assert.match(await answer(admin), /2 Side Street/);
});

test('a long list is walked by its links, and JSON is one click away', async () => {
  const page = await at(user1, `${users}?limit=1`);
  await page.getByRole('link', {name: 'Next page'}).click();
  assert.ok((await answer(page)).includes(user2));
  await page.getByRole('link', {name: 'First page'}).click();
  assert.ok((await answer(page)).includes(user1));
  await page.locator('summary[aria-label="GET as"]').click();
  await page.getByRole('link', {name: 'json', exact: true}).click();
  assert.match(page.url(), /format=json/);
  assert.equal(JSON.parse(await page.locator('pre').textContent()).length, 1);
});

test('a person in two companies switches; what was meant for one is never written into the other', async () => {
  const inviting = await at(user4, '/api/v1/accounts/invitations/');
  await sendRaw(inviting, 'POST', '{"role": "staff"}');
  const token = /"token": "([^"]+)"/.exec(await answer(inviting))[1];
  const page = await at(user1, '/api/v1/auth/invitation/accept/');
  await page.fill('section [name="token"]', token);
  await send(page, 'POST');
  assert.equal(await status(page), 'HTTP 201 Created');

  await page.goto(messages);
  const stale = await page.context().newPage();
  await stale.goto('/api/v1/customers/');
  await switchTo(page, company2);
  assert.equal(new URL(page.url()).pathname, messages); // switching stays where one was
  assert.ok((await who(page)).includes(company2));
  assert.ok((await recipients(page)).includes(user5));

  await stale.fill('section [name="name"]', 'Astray');
  await stale.fill('section [name="email"]', 'astray@example.com');
  await send(stale, 'POST');
  assert.match(await status(stale), /40[39]/);
  await stale.getByText('opened in another company').waitFor();
  for (const each of [user1, user4]) assert.deepEqual(await (await speaker(each))('GET', 'customers/?name=astray'), []);

  // Forms from before a switch do nothing at all, and those of the page that says so work.
  await stale.goto(users);
  await switchTo(page, company1);
  await switchTo(stale, company1);
  assert.match(await status(stale), /403/);
  await stale.getByText('from before you logged in or went to another company').waitFor();
  assert.ok((await who(stale)).includes(company1));
  await switchTo(stale, company2);
  assert.ok((await who(stale)).includes(company2));
  await page.getByRole('button', {name: 'Log out'}).click();
  assert.match(await status(page), /403/);
  await page.getByRole('button', {name: 'Log out'}).click();
  await stale.goto(users);
  assert.match(await status(stale), /401/);
});

test('logging out leads to the login, whose next cannot leave the site', async () => {
  const page = await at(user1, users);
  await page.getByRole('button', {name: 'Log out'}).click();
  assert.equal(new URL(page.url()).pathname, '/api/v1/auth/login/');
  await page.goto('/api/v1/auth/login/?next=//evil.example/');
  await page.fill('[name="username"]', user1);
  await page.fill('[name="password"]', 'wrong');
  await page.getByRole('button', {name: 'Log in'}).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.inputValue('[name="username"]'), user1);
  await page.fill('[name="password"]', password);
  await page.getByRole('button', {name: 'Log in'}).click();
  assert.ok(page.url().startsWith(url), page.url());
  assert.ok((await who(page)).includes(user1));
});

await runAll();
