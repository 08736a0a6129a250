// tests/browser/load_test.mjs — how the web client arrives: something to see at once, over a slow line too, and nothing of
// it a second time.
import assert from 'node:assert/strict';
import {eventually, named, runAll, test, visitor} from './browser.mjs';
import {arrive, as, found, goTo, names, open, speaker, talkTo, texts, visitorAt} from './people.mjs';

const [ann, bob, cem] = ['ann', 'bob', 'cem'].map(named);
let ids;

/** Holds the answers to some requests until they are let go. */
async function hold(page, wanted) {
  let letGo;
  const gate = new Promise((resolve) => {
    letGo = resolve;
  });
  await page.route(wanted, async (route) => {
    await gate;
    await route.fallback();
  });
  return letGo;
}
const data = (address) => address.pathname.startsWith('/api/');

/** A line of 400 kbit/s, with 400 ms until an answer begins. */
async function slowly(page) {
  const wire = await page.context().newCDPSession(page);
  await wire.send('Network.enable');
  await wire.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 400,
    downloadThroughput: 400000 / 8,
    uploadThroughput: 400000 / 8,
  });
  return wire;
}

/** Every request for data is answered and every file is there. */
const settled = (page) =>
  page.waitForFunction(() => document.readyState === 'complete' && !document.querySelector('.early, [aria-busy=true]'));

test('two people have written to each other', async () => {
  ids = await found('Acme', ann, bob, cem);
  const tell = await speaker(ann);
  for (let number = 0; number < 60; number++)
    await tell('POST', 'user-messages/', {to_user: ids[bob], text: `Line ${number}`});
});

/** When something was painted, and when the conversations were there, in somebody's first visit over a slow line. */
async function arrival() {
  const context = await visitorAt(ann);
  const page = await context.newPage();
  await page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (document.querySelector('.row')) performance.mark('usable');
    });
    observer.observe(document, {subtree: true, childList: true});
  });
  await slowly(page);
  await page.goto('/', {waitUntil: 'commit'});
  await page.locator('.row', {hasText: bob}).waitFor();
  const times = await page.evaluate(() =>
    ['first-contentful-paint', 'usable'].map((name) => Math.round(performance.getEntriesByName(name)[0].startTime)),
  );
  await context.close();
  return times;
}

test('over 400 ms and 400 kbit/s something is painted within 2 s and the conversations are there within 4', async () => {
  let painted, usable;
  for (let tries = 0; tries < 5; tries++) {
    // what else the machine does makes it slower, and never faster
    [painted, usable] = await arrival();
    console.log(`   painted after ${painted} ms, usable after ${usable} ms`);
    if (painted < 2000 && usable < 4000) return;
  }
  assert.fail(`painted after ${painted} ms, usable after ${usable} ms`);
});

test('a second visit asks for nothing but data, and for the page, which is a 304', async () => {
  const context = await visitorAt(ann);
  const first = await context.newPage();
  await first.goto('/');
  await first.locator('.row').first().waitFor();
  await settled(first);
  await first.close();

  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send('Network.enable');
  const kept = new Set(),
    sent = [];
  wire.on('Network.requestServedFromCache', ({requestId}) => kept.add(requestId));
  wire.on('Network.responseReceived', ({requestId, response}) => {
    const {pathname} = new URL(response.url);
    if (!kept.has(requestId) && !response.fromDiskCache && response.url.startsWith('http') && !data({pathname}))
      sent.push(pathname);
  });
  const statuses = [];
  wire.on('Network.responseReceivedExtraInfo', ({statusCode}) => statuses.push(statusCode));
  await page.goto('/');
  await page.locator('.row').first().waitFor();
  await settled(page);
  assert.deepEqual(
    sent.filter((path) => path !== '/'),
    [],
  );
  assert.ok(statuses.includes(304), statuses.join(' '));
});

test('the frame is there before the data, says that they are awaited, and takes them in when they come', async () => {
  const page = await (await visitorAt(ann)).newPage();
  const letGo = await hold(page, data);
  await page.goto('/', {waitUntil: 'commit'});
  for (const name of ['Messages', 'People', 'Customers', 'Account'])
    await page.getByRole('navigation').getByRole('link', {name}).waitFor();
  assert.equal(await page.locator('.list').getAttribute('aria-busy'), 'true');
  await page.getByText('Loading…').first().waitFor();
  assert.equal(await page.locator('.row').count(), 0);
  letGo();
  await eventually(async () => (await names(page))[0], bob);
  await eventually(() => page.locator('[aria-busy=true]').count(), 0);
});

test('who is not logged in sees the door before its form, not the frame', async () => {
  const page = await (await visitor()).newPage();
  const letGo = await hold(page, /app\.js$/);
  await page.goto('/', {waitUntil: 'commit'});
  await page.locator('.door .brand').waitFor();
  assert.equal(await page.locator('.app').isVisible(), false);
  letGo();
  await page.getByLabel('Username').waitFor();
});

test('what is slow is said to be awaited, and nobody sees it before it is slow', async () => {
  const page = await as(ann);
  const letGo = await hold(page, (address) => address.pathname.endsWith('/customers/'));
  await page.goto('/#/customers');
  const said = page.locator('.empty', {hasText: 'Loading…'});
  await said.waitFor();
  const [delay] = await said.evaluate((each) => each.getAnimations().map(({effect}) => effect.getTiming().delay));
  assert.equal(delay ?? 400, 400); // it may be over already
  assert.equal(await page.locator('.rows').getAttribute('aria-busy'), 'true');
  letGo();
  await page.getByText('No customers yet.').waitFor();
  assert.equal(await page.locator('.rows').getAttribute('aria-busy'), 'false');
});

test('a conversation shows what is known of it while the rest is asked for', async () => {
  const page = await as(bob);
  await settled(page);
  const letGo = await hold(page, (address) => address.search.includes('with='));
  await talkTo(page, ann);
  await eventually(async () => (await texts(page)).at(-1), 'Line 59');
  await page.getByText('Loading…').waitFor();
  assert.equal(await page.locator('.log').getAttribute('aria-busy'), 'true');
  letGo();
  await eventually(() => page.locator('.log').getAttribute('aria-busy'), 'false');
  assert.equal((await texts(page)).length >= 50, true);
});

test('what was asked for early is not shown where it was for another company or somebody else', async () => {
  const context = await visitorAt(ann, {expectsRefusals: true});
  const page = await open(context);
  await page.locator('.row', {hasText: bob}).waitFor();
  const [stranger, other] = [named('stranger'), named('other')];
  const there = await found('Beta', stranger, other);
  await (
    await speaker(stranger)
  )('POST', 'user-messages/', {to_user: there[other], text: 'Only for Beta'});
  await page.goto('about:blank');
  await context.clearCookies();
  await arrive(context, stranger);
  const refused = [];
  page.on('response', (response) => response.status() === 409 && refused.push(response.url()));
  await page.goto('/');
  await eventually(() => names(page), [other]);
  assert.ok(refused.length > 0);
  assert.equal(await page.locator('.banner').count(), 0);
});

test('a tab that was opened before an upgrade goes on without the files that it came from', async () => {
  const page = await as(ann);
  await settled(page);
  const asked = [];
  await page.route(/\/assets\//, (route) => {
    asked.push(route.request().url());
    return route.abort();
  });
  await goTo(page, `#/messages/${ids[bob]}`, bob);
  await goTo(page, '#/people/invite', 'Invite');
  await goTo(page, `#/people/${ids[cem]}`, cem);
  await goTo(page, '#/customers/add', 'Add a customer');
  for (const [what, heading] of Object.entries({companies: 'Companies', sessions: 'Sessions'}))
    await goTo(page, `#/settings/${what}`, heading);
  await goTo(page, '#/', 'Messages');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  assert.deepEqual(asked, []);
});

test('what few open is loaded when it is wanted, and says where it cannot be', async () => {
  const page = await as(ann, {expectsRefusals: true});
  await settled(page);
  const asked = [];
  await page.route(/\/assets\//, (route) => {
    asked.push(route.request().url().split('/').pop());
    return route.abort();
  });
  for (const [what, heading] of Object.entries({
    factor: 'Second factor',
    email: 'E-mail',
    tokens: 'API tokens',
    exports: 'Exports',
    company: 'Company',
  })) {
    await goTo(page, `#/settings/${what}`, heading);
    await page.getByText('The server cannot be reached.').waitFor();
  }
  assert.deepEqual(asked, ['factor.js', 'email.js', 'tokens.js', 'exports.js', 'company.js']);
});

test('the list of conversations is asked for once at the start, while a stream opens', async () => {
  const page = await (await visitorAt(ann)).newPage();
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname.replace('/api/v2/', '')));
  await page.goto('/');
  await page.locator('.row', {hasText: bob}).waitFor();
  const count = (path) => asked.filter((each) => each.startsWith(path)).length;
  await eventually(() => count('events/'), 1);
  await settled(page);
  const tell = await speaker(cem);
  await tell('POST', 'user-messages/', {to_user: ids[ann], text: 'Good morning'});
  const before = count('conversations/');
  await page.locator('.row', {hasText: 'Good morning'}).waitFor();
  assert.equal(before, 1);
});

test('without channels between tabs, locks or streams it asks by itself', async () => {
  for (const missing of ['BroadcastChannel', 'EventSource', 'locks']) {
    const context = await visitorAt(cem);
    await context.addInitScript((name) => {
      if (name === 'locks') Object.defineProperty(navigator, name, {value: undefined});
      else delete window[name];
    }, missing);
    const page = await context.newPage();
    await page.goto('/');
    await page.getByText('Conversations open here').waitFor();
    await (
      await speaker(bob)
    )('POST', 'user-messages/', {to_user: ids[cem], text: `Without ${missing}`});
    await page.locator('.row', {hasText: `Without ${missing}`}).waitFor();
    await context.close();
  }
});

await runAll();
