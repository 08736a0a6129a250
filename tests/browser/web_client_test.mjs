// tests/browser/web_client_test.mjs — the web client as people use it: the first seed's story, from signing up on.
import assert from 'node:assert/strict';
import {eventually, named, runAll, test, url, visitor} from './browser.mjs';
import {
  andSays,
  as,
  ask,
  fill,
  goTo,
  hire,
  logIn,
  logOut,
  names,
  open,
  password,
  signUp,
  talkTo,
  texts,
  write,
} from './people.mjs';

const [user1, user2, user3, user4, user5, user6] = [1, 2, 3, 4, 5, 6].map((number) => named(`user${number}`));
const ids = {};

test('two companies sign up, and hire', async () => {
  const page = await open(await visitor());
  await signUp(page, 'Company 1', user1);
  ids[user3] = await hire(page, user3);
  await goTo(page, '#/people', 'People');
  await eventually(() => names(page), [user1, user3]);
  ids[user1] = (await ask(page, 'auth/me')).user.id;
  await logOut(page);

  await signUp(page, 'Company 2', user2);
  await goTo(page, '#/people', 'People');
  await eventually(() => names(page), [user2]);
  ids[user4] = await hire(page, user4);
  ids[user6] = await hire(page, user6);
  await goTo(page, '#/people', 'People');
  await eventually(() => names(page), [user2, user4, user6]);
  await goTo(page, '#/settings/company', 'Company');
  assert.equal(await page.getByLabel('Name', {exact: true}).inputValue(), 'Company 2');
  await eventually(() => page.title(), 'Company – Account – Company 2');

  const third = await open(await visitor());
  await logIn(third, user3);
  ids[user5] = await hire(third, user5); // any member may hire
  await goTo(third, '#/people', 'People');
  await eventually(() => names(third), [user1, user3, user5]);
  await goTo(third, '#/settings/company', 'Company');
  await third.getByText('Admins change these.').waitFor();
});

test('messages reach whom they are for, by themselves, and nobody else', async () => {
  const [first, third, fifth] = [await as(user1), await as(user3), await as(user5)];
  const [second, fourth] = [await as(user2), await as(user4)];
  await talkTo(first, user3);
  await write(first, 'Hello <b>user3</b>, see https://example.org/a?b=1&c=(d). \nSecond line');
  await eventually(() => third.title(), '(1) Messages – Company 1');
  assert.equal(await third.locator('.rows .badge:visible').innerText(), '1\nunread');
  await third.locator('.row', {hasText: user1}).click();
  await eventually(() => texts(third), ['Hello <b>user3</b>, see https://example.org/a?b=1&c=(d). \nSecond line']);
  const link = third.locator('.log a');
  assert.equal(await link.getAttribute('href'), 'https://example.org/a?b=1&c=(d)');
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
  assert.equal(await third.locator('.log b').count(), 0);
  await eventually(() => third.title(), `${user1} – Messages – Company 1`);
  await write(third, 'Hello user1');
  await eventually(async () => (await texts(first)).at(-1), 'Hello user1');
  await eventually(() => first.locator('.meta', {hasText: 'Read'}).count(), 1);

  await talkTo(second, user4);
  await write(second, 'Between us in Company 2');
  await fourth.locator('.row', {hasText: 'Between us'}).waitFor();
  await eventually(() => names(fourth), [user2, user6]);

  await eventually(async () => await fifth.locator('.row-sub').allInnerTexts(), ['No messages yet', 'No messages yet']);
  assert.deepEqual(await ask(fifth, 'user-messages/'), []);
  // Another company's people and messages: as if they did not exist.
  await goTo(second, `#/messages/${ids[user1]}`, 'Not here');
  await second.getByText('Nobody with this address').waitFor();
  await goTo(second, `#/people/${ids[user1]}`, 'Not here');
  await second.getByText('Nobody with this address').waitFor();
  assert.equal((await ask(second, 'user-messages/')).length, 1);
  assert.doesNotMatch(await second.content(), new RegExp(`${user1}|${user3}`));
});

test('people get a role, and go; their messages stay', async () => {
  const page = await as(user1, {expectsRefusals: true});
  const guest = named('guest');
  const id = await hire(page, guest);
  const their = await as(guest, {expectsRefusals: true});
  await talkTo(their, user1);
  await write(their, 'I was here');
  await eventually(() => their.locator('.sending').count(), 0);
  await goTo(page, `#/people/${id}`, guest);
  await page.getByRole('combobox', {name: 'Role'}).selectOption('admin');
  await andSays(page, 'Saved.', () => page.getByRole('button', {name: 'Save'}).click());
  assert.equal((await ask(page, `accounts/users/${id}`)).role, 'admin');
  await page.getByRole('button', {name: `Remove ${guest}`}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Cancel'}).click();
  await page.getByRole('button', {name: `Remove ${guest}`}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Remove'}).click();
  await eventually(async () => (await names(page)).includes(guest), false);
  await their.getByRole('dialog', {name: 'Your session has ended'}).waitFor();
  await page.goto(`/#/messages/${id}`);
  await page.getByText('no longer here').waitFor();
  await eventually(() => texts(page), ['I was here']);
  await page.reload(); // and who comes later knows the name, too
  await page.getByRole('heading', {name: `${guest} (left)`, level: 2}).waitFor();
  await page.locator('.row-title', {hasText: `${guest} (left)`}).waitFor();

  await goTo(page, '#/people/add', 'Add somebody'); // a taken name is told beside its field
  await fill(page, {Username: user3, 'First password': password});
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await page.getByText('A user with that username already exists.').waitFor();
  assert.equal(await page.getByLabel('Username').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByLabel('Username').inputValue(), user3);
});

test('an admin gives a colleague a new password, who is logged out by it and goes on with it', async () => {
  const admin = await as(user1, {expectsRefusals: true});
  const theirs = await as(user3, {expectsRefusals: true});
  await talkTo(theirs, user5);
  await theirs.locator('.composer textarea').fill('Half a thought');
  await goTo(admin, `#/people/${ids[user3]}`, user3);
  await admin.getByRole('textbox', {name: 'New password'}).fill('short');
  await admin.getByRole('button', {name: 'Set the password'}).click();
  await admin.getByText('This password is too short').waitFor();
  await admin.getByRole('textbox', {name: 'New password'}).fill('Other-brick-49!');
  await andSays(admin, 'Set. Tell them.', () => admin.getByRole('button', {name: 'Set the password'}).click());
  assert.equal(await admin.getByRole('textbox', {name: 'New password'}).inputValue(), '');
  const again = theirs.getByRole('dialog', {name: 'Your session has ended'});
  await again.getByLabel('Password').fill(password);
  await again.getByRole('button', {name: 'Log in'}).click();
  await again.getByText('No account has this username').waitFor();
  await again.getByLabel('Password').fill('Other-brick-49!');
  await again.getByRole('button', {name: 'Log in'}).click();
  await again.waitFor({state: 'detached'});
  assert.equal(await theirs.locator('.composer textarea').inputValue(), 'Half a thought');

  const colleague = await as(user5); // and only admins see the form
  await goTo(colleague, `#/people/${ids[user3]}`, user3);
  assert.equal(await colleague.getByRole('textbox', {name: 'New password'}).count(), 0);
});

test('customers: add, look up, change, and only admins delete', async () => {
  const page = await as(user1, {expectsRefusals: true});
  await goTo(page, '#/customers/add', 'Add a customer');
  await fill(page, {Name: 'Zed & Sons', 'E-mail': 'zed@example.org', Phone: '555 1', Notes: 'Pays late'});
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await page.getByRole('heading', {name: 'Zed & Sons', level: 2}).waitFor();
  await goTo(page, '#/customers/add', 'Add a customer');
  await fill(page, {Name: 'Amber', 'E-mail': 'ZED@example.org'});
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await page.getByText('A customer with that email already exists.').waitFor();
  await fill(page, {'E-mail': 'amber@example.org'});
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await page.getByRole('heading', {name: 'Amber', level: 2}).waitFor();
  await eventually(() => names(page), ['Zed & Sons', 'Amber']);
  await page.locator('.search').fill('zed');
  await eventually(() => names(page), ['Zed & Sons']);
  await page.locator('.search').fill('amber@example.org');
  await eventually(() => names(page), ['Amber']);
  await page.locator('.row', {hasText: 'Amber'}).click();
  await page.getByLabel('Phone').fill('555 2');

  const staff = await as(user5, {expectsRefusals: true});
  await goTo(staff, '#/customers', 'Customers');
  await staff.locator('.row', {hasText: 'Amber'}).click();
  await staff.getByLabel('Notes').fill('Prefers mail');
  await andSays(staff, 'Saved.', () => staff.getByRole('button', {name: 'Save'}).click());
  assert.equal(await staff.getByRole('button', {name: 'Delete this customer'}).count(), 0);

  await page.getByRole('button', {name: 'Save'}).click(); // the other one was faster: nothing is lost
  await page.getByText('Somebody changed something else here meanwhile').waitFor();
  assert.equal(await page.getByLabel('Phone').inputValue(), '555 2');
  assert.equal(await page.getByLabel('Notes').inputValue(), 'Prefers mail');
  await andSays(page, 'Saved.', () => page.getByRole('button', {name: 'Save'}).click());
  await page.locator('.search').fill('');
  await page.getByRole('button', {name: 'Delete this customer'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Delete'}).click();
  await eventually(() => names(page), ['Zed & Sons']);

  const other = await as(user2);
  await goTo(other, '#/customers', 'Customers');
  await other.getByText('No customers yet.').waitFor();
});

test('my account: name, password, sessions, tokens, company', async () => {
  const page = await as(user5, {expectsRefusals: true});
  const elsewhere = await as(user5, {expectsRefusals: true});
  await goTo(page, '#/settings/sessions', 'Sessions');
  await page.getByText('this one').waitFor();
  await page.getByRole('button', {name: 'End all the others'}).click();
  await eventually(() => page.locator('.items li').count(), 1);
  await elsewhere.getByRole('dialog', {name: 'Your session has ended'}).waitFor();

  await goTo(page, '#/settings/tokens', 'API tokens');
  await fill(page, {Name: 'Backup script'});
  await page.getByRole('button', {name: 'Make a token'}).click();
  const token = await page.getByLabel('API token', {exact: true}).inputValue();
  assert.match(token, /^\S{40,}$/);
  const me = () => fetch(`${url}/api/v2/auth/me`, {headers: {Authorization: `Bearer ${token}`}});
  assert.equal((await me()).status, 200);
  for (const name of ['the API’s documentation', 'API']) {
    const link = page.getByRole('link', {name, exact: true});
    assert.equal((await page.request.get(await link.getAttribute('href'))).status(), 200);
    await link.click();
    await page.waitForURL('**/docs/');
    await page.goBack();
  }
  await page.locator('.items li', {hasText: 'Backup script'}).getByRole('button', {name: 'End'}).click();
  await page.getByText('None yet.').waitFor();
  assert.equal((await me()).status, 401);

  await goTo(page, '#/settings/profile', 'Names and password');
  await page.evaluate(() => localStorage.setItem('pw:draft/kept', 'over a new name'));
  await page.getByRole('textbox', {name: 'Username'}).fill(named('user55'));
  await andSays(page, 'Saved.', () => page.getByRole('button', {name: 'Save'}).click());
  assert.equal((await ask(page, 'auth/me')).user.username, named('user55'));
  assert.equal(await page.evaluate(() => localStorage.getItem('pw:draft/kept')), 'over a new name');
  await fill(page, {'Current password': 'wrong', 'New password': 'Other-brick-49!'});
  await page.getByRole('button', {name: 'Change the password'}).click();
  await page.getByText('Your current password was entered incorrectly').waitFor();
  await fill(page, {'Current password': password});
  await page.getByRole('button', {name: 'Change the password'}).click();
  await eventually(() => page.getByLabel('Current password').inputValue(), '');
  await logOut(page);
  await logIn(page, named('user55'), 'Other-brick-49!');
  await goTo(page, '#/settings/companies', 'Companies');
  await page.getByRole('button', {name: 'Leave'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Leave'}).click();
  await page.getByRole('heading', {name: 'Log in'}).waitFor();

  const admin = await as(user1);
  await goTo(admin, '#/settings/company', 'Company');
  await admin.getByLabel('Address').fill('2 Side St');
  await andSays(admin, 'Saved.', () => admin.getByRole('button', {name: 'Save', exact: true}).click());
  assert.equal((await ask(admin, 'accounts/company')).address, '2 Side St');
});

await runAll();
