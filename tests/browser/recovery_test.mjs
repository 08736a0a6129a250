// tests/browser/recovery_test.mjs — what the web client does while the server is away, and when it is back. On a
// stack of its own, whose pool and database really stop.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const state = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'partywall-recovery.')), 'state');
const stack = (action, ...more) => execFileSync(process.env.PARTYWALL_STACK, [action, state, ...more], {stdio: 'pipe'});
const port = await new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const {port: free} = server.address();
    server.close(() => resolve(free));
  });
});
// Whichever way this ends, its end of the pipe closes, and nothing is left behind.
spawn('bash', ['-c', 'read -r _; "$0" down "$1"; rm -rf -- "${1%/*}"', process.env.PARTYWALL_STACK, state], {
  stdio: ['pipe', 'ignore', 'ignore'],
  detached: true,
}).unref();
stack('up', port, '4', process.env.PARTYWALL_BINARY);
process.env.PARTYWALL_URL = `http://127.0.0.1:${port}`;

const {askNow, eventually, hide, named, runAll, test, url, visitor} = await import('./browser.mjs');
const {arrive, as, ask, fill, found, goTo, invitation, open, speaker, talkTo, texts, write} =
  await import('./people.mjs');

const [ann, bob, carla, dora] = ['ann', 'bob', 'carla', 'dora'].map(named);
const to = (name) => ids[name];
const banner = (page) => page.locator('.banner');
const isBack = (page) => eventually(() => banner(page).count(), 0);
let ids, link;

/** Takes the server away, does something meanwhile, and brings it back. */
async function without(what, meanwhile) {
  stack(`${what}-stop`);
  try {
    await meanwhile();
  } finally {
    stack(`${what}-start`);
  }
}

const screens = {
  '#/customers': '.row',
  '#/people/invite': '.part:last-child .note',
  '#/settings/sessions': '.items li',
  '#/settings/tokens': '.part:last-child .note',
  '#/settings/company': '.part form',
  '#/people': '.row',
};

for (const what of ['app', 'db'])
  test(`every screen comes by itself when the ${what === 'db' ? 'database' : 'pool'} is back, with a banner until then`, async () => {
    ids ??= await found('Company 1', ann, bob, carla, dora);
    link ??= await invitation(ann);
    const tell = await speaker(ann);
    await tell('POST', 'customers/', {name: `Customer ${what}`, email: `${what}@x.example`});
    await tell('POST', 'user-messages/', {to_user: to(bob), text: `Before ${what}`});
    const customer = `#/customers/${(await tell('GET', 'customers/'))[0].id}`;
    const pages = [];
    for (const [hash, there] of Object.entries({
      ...screens,
      [customer]: 'form',
      [`#/messages/${ids[bob]}`]: '.message',
    }))
      pages.push({page: await as(ann, {expectsRefusals: true}), hash, there});
    const door = await open(await visitor({expectsRefusals: true}), '#/login');
    await door.getByLabel('Username').waitFor();
    const late = await arrive(await visitor({expectsRefusals: true}), ann);
    const lateToo = await visitor({expectsRefusals: true});
    let comes, invited;
    await without(what, async () => {
      for (const {page, hash} of pages) await page.goto(`/${hash}`);
      for (const {page} of pages) await banner(page).waitFor();
      await fill(door, {Username: ann, Password: 'Brick-by-brick-48!'});
      await door.getByRole('button', {name: 'Log in'}).click();
      await banner(door).waitFor();
      comes = await open(late);
      await banner(comes).waitFor();
      invited = await open(lateToo, new URL(link).hash);
      await banner(invited).waitFor();
    });
    for (const {page, there} of pages) {
      await isBack(page);
      await page.locator('.app:not(.early)').locator(there).first().waitFor();
      await eventually(() => page.locator('.problem:visible, .state:not(:empty)').count(), 0);
    }
    await isBack(door);
    await isBack(comes);
    await comes.locator('.row').first().waitFor();
    await invited.getByRole('heading', {name: 'Join Company 1'}).waitFor();
  });

test('what was written meanwhile stays in sight and arrives once, in its order, also in a conversation that was not read yet', async () => {
  const page = await as(ann, {expectsRefusals: true});
  await without('db', async () => {
    await page.goto(`/#/messages/${ids[carla]}`);
    for (const text of ['One', 'Two', 'Three']) await write(page, text);
    await eventually(() => page.locator('.failed').count(), 3);
    assert.deepEqual(await texts(page), ['One', 'Two', 'Three']);
  });
  await eventually(() => page.locator('.failed, .sending').count(), 0);
  assert.deepEqual(await texts(page), ['One', 'Two', 'Three']);
  await isBack(page);
  const sent = (await ask(page, `user-messages/?with=${ids[carla]}`)).map((each) => each.text);
  assert.deepEqual(sent, ['One', 'Two', 'Three']);
});

test('a message that was sent stays in sight while its conversation cannot be read', async () => {
  const page = await as(ann, {expectsRefusals: true});
  await page.route(/user-messages\/\?with=/, (route) => route.abort());
  await page.goto(`/#/messages/${ids[dora]}`);
  await page.getByText('could not be read').waitFor();
  await write(page, 'Hello, Dora');
  await eventually(
    async () => (await ask(page, 'user-messages/')).filter((each) => each.text === 'Hello, Dora').length,
    1,
  );
  await eventually(() => page.locator('.failed, .sending').count(), 0);
  assert.deepEqual(await texts(page), ['Hello, Dora']);
  await page.unroute(/user-messages\/\?with=/);
  await page.locator('.state:empty').waitFor({state: 'attached'});
  assert.deepEqual(await texts(page), ['Hello, Dora']);
});

test('messages that came while lists failed are all there, and the conversation has no gap', async () => {
  const page = await as(ann, {expectsRefusals: true});
  await talkTo(page, bob);
  await eventually(async () => (await texts(page)).length, 2);
  const tell = await speaker(bob);
  let failing = true;
  await page.route(/user-messages\/\?.*cursor=/, (route) => (failing ? route.abort() : route.fallback()));
  await page.route(/user-messages\/\?order=-date/, (route) => (failing === 'all' ? route.abort() : route.fallback()));
  failing = 'all';
  await askNow(page);
  await banner(page).waitFor();
  const came = Array.from({length: 120}, (_, index) => `Came ${index + 1}`);
  for (const text of came) await tell('POST', 'user-messages/', {to_user: to(ann), text});
  failing = 'pages'; // the newest page comes, those before it do not yet
  await page.locator('.text', {hasText: 'Came 120'}).waitFor();
  failing = false;
  await eventually(async () => (await texts(page)).slice(2), came);
});

test('who was away for longer than a tab reads back reads the conversation anew, and no more is read than they saw', async () => {
  const page = await as(carla, {expectsRefusals: true});
  await talkTo(page, ann);
  await eventually(async () => (await texts(page)).length, 3);
  await page.context().setOffline(true);
  await banner(page).waitFor();
  const tell = await speaker(ann);
  const came = Array.from({length: 520}, (_, index) => `More ${index + 1}`);
  for (let from = 0; from < came.length; from += 10)
    // a few at a time, in no order within them
    await Promise.all(
      came.slice(from, from + 10).map((text) => tell('POST', 'user-messages/', {to_user: to(carla), text})),
    );
  const puts = [];
  page.on('request', (request) => {
    if (request.method() === 'PUT') puts.push(request.url());
  });
  await page.context().setOffline(false);
  await eventually(async () => new Set((await texts(page)).filter((text) => text.startsWith('More'))).size, 520);
  const unread = async () => (await ask(page, 'user-messages/?read=false')).length;
  assert.ok((await unread()) > 400);
  await page.getByRole('button', {name: 'New messages'}).click();
  await eventually(unread, 0);
  await eventually(async () => (await page.title()).startsWith('('), false);
  assert.ok(puts.length < 4, `${puts.length} requests`);
  assert.deepEqual([...new Set(puts)], [`${url}/api/v2/user-messages/read`]);
});

test('without the process that holds the streams it polls, and what came meanwhile is there when it is back', async () => {
  const page = await as(dora, {expectsRefusals: true});
  const tell = await speaker(bob);
  await talkTo(page, bob);
  const back = page.waitForResponse(
    (response) => response.url().endsWith('/events/') && response.status() === 200 && page.isTold,
  );
  await without('events', async () => {
    await tell('POST', 'user-messages/', {to_user: to(dora), text: 'By asking'});
    await page.locator('.text', {hasText: 'By asking'}).waitFor();
    await hide(page, true); // from here on it does not ask
    await tell('POST', 'user-messages/', {to_user: to(dora), text: 'In between'});
    page.isTold = true;
  });
  await back;
  await page.locator('.text', {hasText: 'In between'}).waitFor();
});

test('what a tab could not send another one sends when that tab has been closed', async () => {
  const page = await as(ann, {expectsRefusals: true});
  await page.route('**/user-messages/', (route) => route.abort());
  await page.goto(`/#/messages/${ids[bob]}`);
  await write(page, 'From a closed tab');
  await page.locator('.failed').waitFor();
  const other = await open(page.context(), '#/people');
  await page.close();
  const isThere = async () =>
    (await ask(other, `user-messages/?with=${ids[bob]}`)).some(({text}) => /closed tab/.test(text));
  await eventually(isThere, true);
});

await runAll();
