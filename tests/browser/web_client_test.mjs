// tests/browser/web_client_test.mjs — the web client as people use it: the first seed's story, and what goes
// wrong on the way.
import assert from 'node:assert/strict';
import {
  ask, axe, eventually, fill, hire, logIn, logOut, named, names, open, password, runAll, signUp, talkTo, test,
  texts, url, visitor, write,
} from './browser.mjs';

const [user1, user2, user3, user4, user5, user6] = [1, 2, 3, 4, 5, 6].map((number) => named(`user${number}`));
const ids = {};

/** Somebody of the story, logged in, in a browser of their own. */
async function as(username, options) {
  const page = await open(await visitor(options));
  await logIn(page, username);
  return page;
}

test('two companies sign up, and hire', async () => {
  const page = await open(await visitor());
  await signUp(page, 'Company 1', user1);
  ids[user3] = await hire(page, user3);
  await page.goto(`${url}/#/people`);
  await eventually(() => names(page), [user1, user3]);
  ids[user1] = (await ask(page, 'auth/me')).user.id;
  await logOut(page);

  await signUp(page, 'Company 2', user2);
  await page.goto(`${url}/#/people`);
  await eventually(() => names(page), [user2]);
  ids[user4] = await hire(page, user4);
  ids[user6] = await hire(page, user6);
  await page.goto(`${url}/#/people`);
  await eventually(() => names(page), [user2, user4, user6]);
  await page.goto(`${url}/#/settings/company`);
  assert.equal(await page.getByLabel('Name').inputValue(), 'Company 2');
  assert.equal(await page.title(), 'Company 2 · Partywall');

  const third = await as(user3);
  ids[user5] = await hire(third, user5); // any member may hire
  await third.goto(`${url}/#/people`);
  await eventually(() => names(third), [user1, user3, user5]);
  await third.goto(`${url}/#/settings/company`);
  await third.getByText('Admins change these.').waitFor();
});

test('messages reach whom they are for, by themselves, and nobody else', async () => {
  const [first, third, fifth, second, fourth] = [await as(user1), await as(user3), await as(user5), await as(user2), await as(user4)];
  await talkTo(first, user3);
  await write(first, 'Hello <b>user3</b>, see https://example.org/a?b=1&c=(d). \nSecond line');
  await eventually(() => third.title(), '(1) Company 1 · Partywall', 6000);
  assert.equal(await third.locator('.rows .badge:visible').innerText(), '1\nunread');
  await third.locator('.row', {hasText: user1}).click();
  await eventually(() => texts(third), ['Hello <b>user3</b>, see https://example.org/a?b=1&c=(d). \nSecond line']);
  const link = third.locator('.log a');
  assert.equal(await link.getAttribute('href'), 'https://example.org/a?b=1&c=(d)');
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
  assert.equal(await third.locator('.log b').count(), 0);
  await eventually(() => third.title(), 'Company 1 · Partywall');
  await write(third, 'Hello user1');
  await eventually(async () => (await texts(first)).at(-1), 'Hello user1', 6000);
  await eventually(() => first.locator('.meta', {hasText: 'Read'}).count(), 1, 6000);

  await talkTo(second, user4);
  await write(second, 'Between us in Company 2');
  await fourth.locator('.row', {hasText: 'Between us'}).waitFor();
  await eventually(() => names(fourth), [user2, user6]);

  await eventually(async () => (await fifth.locator('.row-sub').allInnerTexts()), ['No messages yet', 'No messages yet']);
  assert.deepEqual(await ask(fifth, 'user-messages/'), []);
  // Another company's people and messages: as if they did not exist.
  await second.goto(`${url}/#/messages/${ids[user1]}`);
  await second.getByText('Nobody with this address').waitFor();
  await second.goto(`${url}/#/people/${ids[user1]}`);
  await second.getByText('Nobody with this address').waitFor();
  assert.equal((await ask(second, 'user-messages/')).length, 1);
  assert.doesNotMatch(await second.content(), new RegExp(`${user1}|${user3}`));
});

test('what was not sent says so, and a retry never doubles it', async () => {
  const page = await as(user1, {expectsRefusals: true});
  await talkTo(page, user5);
  let lose = 'answer';
  await page.route('**/api/v1/user-messages/', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    if (lose === 'answer') await route.fetch(); // it arrives, and the answer is lost
    return lose ? route.abort() : route.fallback();
  });
  await write(page, 'Once only');
  await page.getByText('Not sent,').waitFor();
  await page.getByRole('button', {name: 'retry'}).waitFor();
  lose = '';
  await page.getByRole('button', {name: 'retry'}).click().catch(() => {}); // unless a poll finds it first
  await eventually(() => page.locator('.failed, .sending').count(), 0);
  assert.deepEqual(await texts(page), ['Once only']);

  lose = 'request';
  await write(page, 'Kept over a reload');
  await page.getByText('Not sent,').waitFor();
  await page.reload();
  await page.getByText('Not sent,').waitFor();
  lose = '';
  await page.getByRole('button', {name: 'retry'}).click();
  await eventually(() => page.locator('.failed, .sending').count(), 0);
  await eventually(async () => (await ask(page, 'user-messages/')).filter((each) => each.to_user.endsWith(ids[user5])).map((each) => each.text),
    ['Once only', 'Kept over a reload']);

  let let_go;
  await page.route('**/api/v1/user-messages/', async (route) => {
    if (route.request().method() === 'POST') await new Promise((resolve) => { let_go = resolve; });
    return route.fallback();
  });
  await write(page, 'On its way');
  await page.locator('.sending', {hasText: 'On its way'}).waitFor(); // at once, greyed
  await eventually(() => typeof let_go, 'function');
  let_go();
  await eventually(() => page.locator('.sending').count(), 0);
  await page.unrouteAll({behavior: 'ignoreErrors'});

  await page.context().setOffline(true);
  await page.getByText('You are offline').waitFor();
  await write(page, 'Written offline');
  await page.getByText('Not sent,').waitFor();
  await page.context().setOffline(false);
  await eventually(() => page.locator('.banner').count(), 0);
  await page.getByRole('button', {name: 'discard'}).click();
  await eventually(() => page.locator('.failed').count(), 0);
});

test('drafts survive a reload and a lost session, and logging out clears them', async () => {
  const page = await as(user1, {expectsRefusals: true});
  const field = page.locator('.composer textarea');
  await talkTo(page, user3);
  await field.fill('Half a thought');
  await page.reload();
  await eventually(() => field.inputValue(), 'Half a thought');
  await field.fill('Half a thought, and more');
  await page.context().clearCookies({name: 'sessionid'});
  const again = page.getByRole('dialog', {name: 'Your session has ended'});
  await again.waitFor();
  await page.keyboard.press('Escape');
  await again.getByLabel('Password').fill('wrong');
  await again.getByRole('button', {name: 'Log in'}).click();
  await again.getByText('No active account').waitFor();
  await again.getByLabel('Password').fill(password);
  await again.getByRole('button', {name: 'Log in'}).click();
  await again.waitFor({state: 'detached'});
  assert.equal(await field.inputValue(), 'Half a thought, and more');
  await page.locator('.row', {hasText: user5}).click();
  await page.locator('.row-sub', {hasText: 'Draft: Half a thought, and more'}).waitFor();
  await logOut(page);
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
  assert.deepEqual((await page.context().cookies()).map((each) => each.name), []);
});

test('an invitation brings in a newcomer, and somebody of another company', async () => {
  const admin = await as(user2);
  const link = async (only) => {
    await admin.goto(`${url}/#/people/invite`);
    await admin.reload();
    await fill(admin, {'Only for the username': only});
    await admin.getByRole('button', {name: 'Make a link'}).click();
    return admin.getByLabel('Invitation link').inputValue();
  };
  const forNewcomer = await link('');
  assert.match(forNewcomer, new RegExp(`^${url}/#/invitation/.{40,}`));
  const forUser1 = await link(user1);
  await eventually(() => admin.locator('.items li').count(), 2);
  const revoked = await link('');
  await admin.locator('.items li').last().getByRole('button', {name: 'Revoke'}).click();
  await eventually(() => admin.locator('.items li').count(), 2);

  const newcomer = await open(await visitor({expectsRefusals: true}));
  await newcomer.goto(revoked);
  await newcomer.getByText('not valid, or not any more').waitFor();
  await newcomer.goto(forNewcomer);
  await newcomer.getByRole('heading', {name: 'Join Company 2'}).waitFor();
  await fill(newcomer, {Username: named('user8'), Password: password});
  await newcomer.getByRole('button', {name: 'Join', exact: true}).click();
  await newcomer.locator('.app').waitFor();
  await eventually(() => newcomer.title(), 'Company 2 · Partywall');

  const first = await as(user1);
  await first.goto(forUser1);
  await first.getByRole('button', {name: `Join as ${user1}`}).click();
  await first.locator('.app').waitFor();
  await eventually(() => first.title(), 'Company 2 · Partywall');
  await eventually(async () => (await names(first)).includes(user4), true);

  await first.getByRole('button', {name: /Switch company/}).click();
  await first.locator('.menu button', {hasText: 'Company 1'}).click();
  await eventually(() => first.title(), 'Company 1 · Partywall');
  await eventually(async () => (await names(first)).includes(user3), true);
  assert.equal((await names(first)).includes(user4), false);
});

test('two tabs in two companies never write into the wrong one', async () => {
  const context = await visitor({expectsRefusals: true});
  const one = await open(context);
  await logIn(one, user1);
  await talkTo(one, user3);
  const two = await open(context, '#/settings/companies');
  await two.locator('.items li', {hasText: 'Company 2'}).getByRole('button', {name: 'Go there'}).click();
  await eventually(() => two.title(), 'Company 2 · Partywall');
  await one.getByText('This tab is in Company 1').waitFor();
  await write(one, 'For Company 1 only');
  await one.getByText('Not sent,').waitFor();
  // Even a tab that noticed nothing is refused, by the server.
  assert.equal(await one.evaluate(async (company) => (await fetch('/api/v1/user-messages/', {
    method: 'POST', headers: {'X-Company': company, 'Content-Type': 'application/json',
      'X-CSRFToken': /csrftoken=([^;]+)/.exec(document.cookie)[1]}, body: '{}',
  })).status, (await ask(one, 'auth/me')).memberships.find((each) => each.name === 'Company 1').company), 409);
  await talkTo(two, user4);
  await write(two, 'For Company 2 only');
  await eventually(() => two.locator('.sending').count(), 0);
  await one.getByRole('button', {name: 'Go on in Company 1'}).click();
  await eventually(() => one.locator('.banner').count(), 0);
  await one.getByRole('button', {name: 'retry'}).click();
  await eventually(() => one.locator('.failed, .sending').count(), 0);
  await two.getByText('This tab is in Company 2').waitFor();
  const sent = (await ask(one, 'user-messages/')).map((each) => each.text);
  assert.equal(sent.filter((text) => text === 'For Company 1 only').length, 1);
  assert.equal(sent.includes('For Company 2 only'), false);
});

test('somebody else who logs in beside sees nothing of it', async () => {
  const context = await visitor({expectsRefusals: true});
  const one = await open(context);
  await logIn(one, user1);
  await talkTo(one, user3);
  await one.locator('.composer textarea').fill('Private draft');
  const two = await open(context);
  await logOut(two);
  await eventually(() => one.getByRole('button', {name: 'Log in'}).count(), 1);
  await logIn(two, user5);
  assert.equal(await two.evaluate(() => JSON.stringify(localStorage).includes('Private draft')), false);
});

test('the keyboard is enough', async () => {
  const page = await as(user1);
  const third = await as(user3);
  await talkTo(third, user1);
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.type), 'search');
  await page.keyboard.type('user5');
  await eventually(() => names(page), [user5]);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {name: user5, level: 2}).waitFor();
  await eventually(() => page.evaluate(() => document.activeElement.tagName), 'TEXTAREA');
  await page.keyboard.type('first');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second');
  await page.keyboard.press('Enter');
  await eventually(async () => (await texts(page)).at(-1), 'first\nsecond');
  await page.keyboard.press('Escape');
  await page.locator('.search').fill('');
  await page.locator('.search').blur();
  await page.keyboard.press('j');
  await page.getByRole('heading', {name: user3, level: 2}).waitFor();
  await page.keyboard.press('k');
  await page.getByRole('heading', {name: user5, level: 2}).waitFor();
  await write(third, 'Unread, for n');
  await page.locator('.rows .badge:visible').waitFor();
  await page.keyboard.press('n');
  await page.getByRole('heading', {name: user3, level: 2}).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', {name: 'Keyboard'}).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({state: 'detached'});
});

test('people get a role, and go; their messages stay', async () => {
  const page = await as(user1, {expectsRefusals: true});
  const guest = named('guest');
  const id = await hire(page, guest);
  const their = await as(guest);
  await talkTo(their, user1);
  await write(their, 'I was here');
  await page.goto(`${url}/#/people/${id}`);
  await page.getByRole('combobox', {name: 'Role'}).selectOption('admin');
  await page.getByRole('button', {name: 'Save the role'}).click();
  await page.getByText('Saved.').waitFor();
  await eventually(async () => (await ask(page, `accounts/users/${id}`)).role, 'admin');
  await page.getByRole('button', {name: `Remove ${guest}`}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Cancel'}).click();
  await page.getByRole('button', {name: `Remove ${guest}`}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Remove'}).click();
  await eventually(async () => (await names(page)).includes(guest), false);
  await page.goto(`${url}/#/messages/${id}`);
  await page.getByText('no longer here').waitFor();
  await eventually(() => texts(page), ['I was here']);

  await page.goto(`${url}/#/people/add`); // a taken name is told beside its field
  await fill(page, {'Username': user3, 'First password': password});
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await page.getByText('A user with that username already exists.').waitFor();
  assert.equal(await page.getByLabel('Username').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByLabel('Username').inputValue(), user3);
});

test('customers: add, look up, change, and only admins delete', async () => {
  const page = await as(user1, {expectsRefusals: true});
  await page.goto(`${url}/#/customers/add`);
  await fill(page, {'Name': 'Zed & Sons', 'E-mail': 'zed@example.org', 'Phone': '555 1', 'Notes': 'Pays late'});
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await page.getByRole('heading', {name: 'Zed & Sons'}).waitFor();
  await page.goto(`${url}/#/customers/add`);
  await fill(page, {'Name': 'Amber', 'E-mail': 'ZED@example.org'});
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

  const staff = await as(user3, {expectsRefusals: true});
  await staff.goto(`${url}/#/customers`);
  await staff.locator('.row', {hasText: 'Amber'}).click();
  await staff.getByLabel('Notes').fill('Prefers mail');
  await staff.getByRole('button', {name: 'Save'}).click();
  await staff.getByText('Saved.').waitFor();
  assert.equal(await staff.getByRole('button', {name: 'Delete this customer'}).count(), 0);

  await page.getByRole('button', {name: 'Save'}).click(); // the other one was faster: nothing is lost
  await page.getByText('Somebody changed this customer meanwhile').waitFor();
  assert.equal(await page.getByLabel('Phone').inputValue(), '555 2');
  await page.reload();
  await page.getByRole('button', {name: 'Delete this customer'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Delete'}).click();
  await eventually(() => names(page), ['Zed & Sons']);
  await (await as(user2)).goto(`${url}/#/customers`);
});

test('my account: name, password, sessions, tokens, company', async () => {
  const page = await as(user5, {expectsRefusals: true});
  const elsewhere = await as(user5, {expectsRefusals: true});
  await page.goto(`${url}/#/settings/sessions`);
  await page.getByText('this one').waitFor();
  await page.getByRole('button', {name: 'End all the others'}).click();
  await eventually(() => page.locator('.items li').count(), 1);
  await elsewhere.getByRole('dialog', {name: 'Your session has ended'}).waitFor();

  await page.goto(`${url}/#/settings/tokens`);
  await fill(page, {Name: 'Backup script'});
  await page.getByRole('button', {name: 'Make a token'}).click();
  assert.match(await page.getByLabel('API token', {exact: true}).inputValue(), /^\S{40,}$/);
  await page.locator('.items li', {hasText: 'Backup script'}).getByRole('button', {name: 'End'}).click();
  await page.getByText('None yet.').waitFor();

  await page.goto(`${url}/#/settings/profile`);
  await page.evaluate(() => localStorage.setItem('pw:draft/kept', 'over a new name'));
  await page.getByRole('textbox', {name: 'Username'}).fill(named('user55'));
  await page.getByRole('button', {name: 'Save'}).click();
  await eventually(async () => (await ask(page, 'auth/me')).user.username, named('user55'));
  await page.getByText('Saved.').waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem('pw:draft/kept')), 'over a new name');
  await fill(page, {'Current password': 'wrong', 'New password': 'Other-brick-49!'});
  await page.getByRole('button', {name: 'Change the password'}).click();
  await page.getByText('Your current password was entered incorrectly').waitFor();
  await fill(page, {'Current password': password});
  await page.getByRole('button', {name: 'Change the password'}).click();
  await eventually(() => page.getByLabel('Current password').inputValue(), '');
  await logOut(page);
  await logIn(page, named('user55'), 'Other-brick-49!');
  await page.goto(`${url}/#/settings/companies`);
  await page.getByRole('button', {name: 'Leave'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Leave'}).click();
  await page.getByRole('heading', {name: 'Log in'}).waitFor();

  const admin = await as(user1);
  await admin.goto(`${url}/#/settings/company`);
  await admin.getByLabel('Address').fill('2 Side St');
  await admin.getByRole('button', {name: 'Save'}).click();
  await eventually(async () => (await ask(admin, 'accounts/company')).address, '2 Side St');
});

test('asks for news every 3 s, every 30 s when idle, never when hidden, and later when told so', async () => {
  const context = await visitor({expectsRefusals: true});
  const page = await context.newPage();
  await page.clock.install();
  await logIn(page, user3);
  let polls = [], refuse;
  await page.route('**/user-messages/?order=-date&limit=50', (route) => {
    polls.push(route.request().headers()['if-none-match'] ?? '');
    return refuse ? route.fulfill({status: refuse, headers: {'Retry-After': '20'}, body: '{"detail":"Later."}'}) : route.fallback();
  });
  let pending = 0;
  page.on('request', () => pending++);
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, () => pending--);
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const during = async (seconds) => { // of the page's clock, which stands while an answer is on its way
    polls = [];
    for (let second = 0; second < seconds; second++) {
      await page.clock.runFor(1000);
      await pause(15);
      for (let wait = 0; pending > 0 && wait < 200; wait++) await pause(10);
      await pause(15);
    }
    return polls.length;
  };
  const between = (count, low, high) => assert.ok(count >= low && count <= high, `${count} requests, not ${low} to ${high}`);
  await page.mouse.move(100, 100);
  between(await during(30), 7, 11);
  assert.ok(polls.every((tag) => tag.startsWith('"')), 'every one says what it knows');
  await during(60);
  between(await during(90), 2, 4); // idle
  await page.mouse.move(200, 200); // back: at once, and often again
  between(await during(12), 3, 5);
  for (refuse of [429, 503]) {
    await during(4);
    between(await during(18), 0, 1);
  }
  refuse = 0;
  await during(80);
  await page.mouse.move(300, 200);
  between(await during(12), 3, 5);
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', {value: true, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
  });
  between(await during(60), 0, 0);
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', {value: false});
    document.dispatchEvent(new Event('visibilitychange'));
  });
  between(await during(3), 1, 2);
});

/** Every screen, as a name and how to get there. `of` has pages of an admin, and of nobody. */
async function screens({admin, nobody, link}, visit) {
  const at = (page, hash, wait) => async () => {
    await page.goto(`${url}/${hash}`);
    await page.reload(); // nothing is left of the screen before
    await page.locator(wait).first().waitFor();
    return page;
  };
  const steps = {
    'log in': at(nobody, '#/login', 'form'),
    'sign up': at(nobody, '#/signup', 'form'),
    'invitation of a newcomer': at(nobody, link.split('/').slice(3).join('/'), 'details'),
    'invitation of a member': at(admin, link.split('/').slice(3).join('/'), 'form'),
    'messages': at(admin, '#/', '.row'),
    'thread': at(admin, `#/messages/${ids[user3]}`, '.message'),
    'people': at(admin, '#/people', '.row'),
    'person': at(admin, `#/people/${ids[user3]}`, 'form'),
    'add': at(admin, '#/people/add', 'form'),
    'invite': at(admin, '#/people/invite', '.items'),
    'customers': at(admin, '#/customers', '.row'),
    'add a customer': at(admin, '#/customers/add', 'form'),
    'customer': async () => {
      await at(admin, '#/customers', '.row')();
      await admin.locator('.row').first().click();
      await admin.getByLabel('Notes').waitFor();
      return admin;
    },
    'account': at(admin, '#/settings', '.row'),
    'profile': at(admin, '#/settings/profile', '.part form'),
    'companies': at(admin, '#/settings/companies', '.items'),
    'sessions': at(admin, '#/settings/sessions', '.items'),
    'tokens': at(admin, '#/settings/tokens', '.part form'),
    'company': at(admin, '#/settings/company', '.part form'),
    'company menu': async () => {
      await at(admin, '#/', '.row')();
      await admin.locator('.company').click();
      return admin;
    },
    'help': async () => {
      await at(admin, '#/', '.row')();
      await admin.keyboard.press('?');
      return admin;
    },
    'a failed message, offline': async () => {
      await at(admin, `#/messages/${ids[user3]}`, '.message')();
      await admin.context().setOffline(true);
      await write(admin, 'A long unbroken line '.concat('x'.repeat(200)));
      await admin.getByText('Not sent,').first().waitFor();
      return admin;
    },
    'an error in a form': async () => {
      await admin.context().setOffline(false);
      await at(admin, '#/settings/profile', '.part form')();
      await admin.getByRole('button', {name: 'Change the password'}).click();
      await admin.getByText('This field may not be blank.').first().waitFor();
      return admin;
    },
    'the session has ended': async () => {
      await admin.context().clearCookies({name: 'sessionid'});
      await admin.getByRole('dialog').waitFor();
      return admin;
    },
  };
  for (const [name, go] of Object.entries(steps)) await visit(name, await go());
}

async function everyScreen(options, visit) {
  const maker = await as(user1);
  await maker.goto(`${url}/#/people/invite`);
  await maker.getByRole('button', {name: 'Make a link'}).click();
  const link = await maker.getByLabel('Invitation link').inputValue();
  const admin = await as(user1, {...options, expectsRefusals: true});
  await screens({admin, nobody: await open(await visitor({...options, expectsRefusals: true})), link}, visit);
}

/** What scrolls sideways, shows two panes, or is too small to touch. */
const unfit = (page, screen) => page.evaluate((screen) => {
  const bad = [];
  const scrolls = (each) => each === document.documentElement || ['auto', 'scroll'].includes(getComputedStyle(each).overflowX);
  for (const each of document.querySelectorAll('html, div, section, main, ul, dialog'))
    if (scrolls(each) && each.scrollWidth > each.clientWidth + 1)
      bad.push(`${screen}: ${each.tagName}.${each.className} is ${each.scrollWidth} wide`);
  const panes = [...document.querySelectorAll('.list-pane, .detail-pane')].filter((each) => each.checkVisibility());
  if (panes.length > 1) bad.push(`${screen}: two panes`);
  for (const each of document.querySelectorAll('a, button, input, select, textarea, summary')) {
    const box = each.getBoundingClientRect();
    if (!each.checkVisibility() || each.closest('.skip, .text, .note, .lead')) continue; // links in a sentence
    if (box.height < 43.5 || box.width < 43.5) bad.push(`${screen}: ${each.tagName} "${each.textContent}" is ${box.width} × ${box.height}`);
    if (box.right > innerWidth + 1) bad.push(`${screen}: ${each.tagName} "${each.textContent}" sticks out`);
  }
  return bad;
}, screen);

for (const scheme of ['light', 'dark'])
  test(`axe-core finds nothing serious on any screen: ${scheme}`, async () => {
    const found = [];
    await everyScreen({colorScheme: scheme, axe: true, reducedMotion: 'reduce'}, async (screen, page) =>
      found.push(...(await axe(page)).map((each) => `${screen}: ${each}`)));
    assert.deepEqual(found, []);
  });

test('at 320 px nothing scrolls sideways, there is one pane, targets are 44 px, and axe-core is content', async () => {
  const found = [];
  await everyScreen({viewport: {width: 320, height: 640}, hasTouch: true, axe: true, reducedMotion: 'reduce'}, async (screen, page) =>
    found.push(...await unfit(page, screen), ...(await axe(page)).map((each) => `${screen}: ${each}`)));
  assert.deepEqual([...new Set(found)], []);
});

test('at most 60 kB are transferred, under the strict policy', async () => {
  const context = await visitor();
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send('Network.enable');
  let bytes = 0, files = 0;
  wire.on('Network.loadingFinished', ({encodedDataLength}) => { bytes += encodedDataLength; files++; });
  const response = await page.goto(`${url}/`);
  await page.waitForLoadState('networkidle');
  console.log(`   ${files} files, ${bytes} bytes with their headers`);
  assert.ok(files > 10 && bytes < 60000, `${bytes} bytes`);
  const policy = response.headers()['content-security-policy'];
  assert.equal(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"), true);
  assert.match(policy, /require-trusted-types-for 'script'; trusted-types 'none'$/);
  const again = await page.request.get(`${url}/app.js`, {headers: {'If-None-Match': (await page.request.get(`${url}/app.js`)).headers().etag}});
  assert.equal(again.status(), 304);
  assert.equal((await page.request.get(`${url}/nothing`)).status(), 404);
});

await runAll();
