// tests/browser/screens_test.mjs — every screen of the web client: readable by day, by night and on a phone, for
// everybody; and small.
import assert from 'node:assert/strict';
import {askNow, axeEverywhere, eventually, named, runAll, test, tooWide, url, visitor} from './browser.mjs';
import {arrive, as, found, invitation, open, speaker, write} from './people.mjs';

const [ann, bob] = ['ann', 'bob'].map(named);
let ids,
  link,
  admin,
  nobody,
  visits = 0;

/** Goes to a screen with nothing left of the one before. */
const at = (who, hash, wait) => async () => {
  const page = who();
  await page.goto(`/?${++visits}${hash()}`); // another document: the one before is unloaded
  await page.locator(wait).first().waitFor();
  return page;
};
const [me, stranger] = [() => admin, () => nobody];

const screens = {
  'log in': at(stranger, () => '#/login', 'form'),
  'sign up': at(stranger, () => '#/signup', 'form'),
  'invitation of a newcomer': async () => {
    const page = await at(stranger, () => link, 'details')();
    await page.locator('summary').click();
    return page;
  },
  'invitation of a member': at(me, () => link, 'form'),
  'invitation that is over': at(stranger, () => '#/invitation/no', '.aside'),
  messages: at(me, () => '#/', '.row'),
  thread: at(me, () => `#/messages/${ids[bob]}`, '.message'),
  nobody: at(me, () => `#/messages/${ids[bob].replace(/^......../, '00000000')}`, '.foot .note:not(:empty)'),
  people: at(me, () => '#/people', '.row'),
  person: at(me, () => `#/people/${ids[bob]}`, 'form'),
  add: at(me, () => '#/people/add', 'form'),
  invite: async () => {
    const page = await at(me, () => '#/people/invite', 'form')();
    await page.getByRole('button', {name: 'Make a link'}).click();
    await page.locator('.secret').waitFor();
    return page;
  },
  customers: at(me, () => '#/customers', '.row'),
  'add a customer': at(me, () => '#/customers/add', 'form'),
  customer: async () => {
    const page = await at(me, () => '#/customers', '.row')();
    await page.locator('.row').first().click();
    await page.getByLabel('Notes').waitFor();
    return page;
  },
  account: at(me, () => '#/settings', '.row'),
  profile: at(me, () => '#/settings/profile', '.part form'),
  companies: at(me, () => '#/settings/companies', '.items'),
  notifications: at(me, () => '#/settings/alerts', '.part form'),
  sessions: at(me, () => '#/settings/sessions', '.items'),
  exports: at(me, () => '#/settings/exports', '.part button'),
  tokens: at(me, () => '#/settings/tokens', '.items'),
  company: at(me, () => '#/settings/company', '.part form'),
  'company menu': async () => {
    const page = await at(me, () => '#/', '.row')();
    await page.locator('.company').click();
    await page.locator('.menu button').first().waitFor();
    return page;
  },
  help: async () => {
    const page = await at(me, () => '#/', '.row')();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    return page;
  },
  'a question': async () => {
    const page = await at(me, () => `#/people/${ids[bob]}`, 'form')();
    await page.getByRole('button', {name: /^Remove/}).click();
    await page.getByRole('dialog').waitFor();
    return page;
  },
  'a failed message, offline': async () => {
    const page = await at(me, () => `#/messages/${ids[bob]}`, '.message')();
    await page.context().setOffline(true);
    await write(page, 'A long unbroken line '.concat('x'.repeat(200)));
    await page.getByText('Not sent,').first().waitFor();
    return page;
  },
  'an error in a form': async () => {
    await admin.context().setOffline(false);
    const page = await at(me, () => '#/settings/profile', '.part form')();
    await page.getByRole('button', {name: 'Change the password'}).click();
    await page.getByText('This field may not be blank.').first().waitFor();
    return page;
  },
  'the session has ended': async () => {
    await admin.context().clearCookies({name: 'sessionid'});
    await askNow(admin);
    await admin.getByRole('dialog').waitFor();
    return admin;
  },
};

/** On a phone: what scrolls sideways, shows two panes, or is too small to touch. */
const unfit = async (page) => [
  ...(await tooWide(page)),
  ...(await page.evaluate(() => {
    const bad = [];
    const panes = [...document.querySelectorAll('.list-pane, .detail-pane')].filter((each) => each.checkVisibility());
    if (panes.length > 1) bad.push('two panes');
    for (const each of document.querySelectorAll('a, button, input, select, textarea, summary')) {
      const box = each.getBoundingClientRect();
      if (!each.checkVisibility() || each.closest('.skip, .text, .note, .lead')) continue; // links in a sentence
      if (box.height < 43.5 || box.width < 43.5)
        bad.push(`${each.tagName} "${each.textContent}" is ${box.width} × ${box.height}`);
    }
    return bad;
  })),
];

test('people, messages and customers are there to be looked at', async () => {
  ids = await found('A company with rather a long name, as companies have', ann, bob);
  const tell = await speaker(ann);
  for (const text of ['Hello', 'See https://example.org/a-long-address/'.concat('y'.repeat(120)), 'x'.repeat(300)])
    await tell('POST', 'user-messages/', {to_user: ids[bob], text});
  await (
    await speaker(bob)
  )('POST', 'user-messages/', {to_user: ids[ann], text: 'Hello, too'});
  await tell('POST', 'customers/', {
    name: 'Zed & Sons '.concat('z'.repeat(80)),
    email: 'zed@example.org',
    notes: 'Pays late',
  });
  await tell('POST', 'auth/api-tokens/', {name: 'Backup script', access: 'read'});
  const other = named('other');
  await found('Another one', other);
  link = (await invitation(other)).replace(/^.*\//, '#/invitation/');
  await tell('POST', 'auth/invitation/accept/', {token: (await invitation(other)).split('/').pop()});
});

test('nothing serious is wrong on any screen: light, dark, and at 320 px with one pane and 44 px to touch', async () => {
  const options = {axe: true, expectsRefusals: true, reducedMotion: 'reduce'};
  admin = await as(ann, options);
  nobody = await open(await visitor(options));
  const wrong = [];
  for (const page of [admin, nobody])
    page.on('request', (request) => {
      const {pathname} = new URL(request.url());
      if (/^\/api\/(?!v2\/)/.test(pathname)) wrong.push(`${pathname} is not of version 2`);
    });
  for (const [name, show] of Object.entries(screens))
    wrong.push(...(await axeEverywhere(await show(), unfit)).map((each) => `${name}: ${each}`));
  assert.deepEqual([...new Set(wrong)], []);
});

test('at most 70 kB are transferred, under the strict policy', async () => {
  const context = await arrive(await visitor(), ann); // who is logged in loads the most
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send('Network.enable');
  const files = new Map(); // not what the API answers
  wire.on('Network.requestWillBeSent', ({requestId, request}) => {
    if (request.url.startsWith(url) && !request.url.includes('/api/')) files.set(requestId, undefined);
  });
  wire.on('Network.loadingFinished', ({requestId, encodedDataLength}) => {
    if (files.has(requestId)) files.set(requestId, encodedDataLength);
  });
  const response = await page.goto('/');
  const isThere = () =>
    page.evaluate(() => performance.getEntriesByType('resource').some(({name}) => name.endsWith('/live.js')));
  await eventually(isThere, true);
  await eventually(() => [...files.values()].includes(undefined), false);
  const bytes = [...files.values()].reduce((sum, each) => sum + each);
  console.log(`   ${files.size} files, ${bytes} bytes with their headers`);
  assert.ok(files.size > 10 && bytes < 70000, `${bytes} bytes`);
  const policy = response.headers()['content-security-policy'];
  assert.equal(
    policy.startsWith(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    true,
  );
  assert.match(policy, /require-trusted-types-for 'script'; trusted-types 'none'$/);
  assert.equal((await page.request.get('/nothing')).status(), 404);
});

await runAll();
