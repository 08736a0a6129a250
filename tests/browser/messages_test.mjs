// tests/browser/messages_test.mjs — writing and reading in the web client when something is in the way: lost
// answers, a lost session, no network, a long conversation.
import assert from 'node:assert/strict';
import {askNow, eventually, named, runAll, test} from './browser.mjs';
import {as, ask, found, logOut, password, speaker, talkTo, texts, write} from './people.mjs';

const [user1, user3, user5] = [1, 3, 5].map((number) => named(`user${number}`));
let ids;
const numbers = Array.from({length: 120}, (_, index) => `Number ${index + 1}`);

const unsettled = (page) => page.locator('.failed, .sending').count();
const sentTo = async (page, id) =>
  (await ask(page, 'user-messages/')).filter((each) => each.to_user.id === id).map((each) => each.text);

test('what was not sent says so, and a retry never doubles it', async () => {
  ids = await found('Company 1', user1, user3, user5);
  const page = await as(user1, {expectsRefusals: true});
  await talkTo(page, user5);
  let lose = '',
    deaf = false,
    held;
  await page.route(
    (address) => address.pathname === '/api/v2/user-messages/',
    async (route) => {
      if (route.request().method() === 'GET')
        return deaf ? route.fulfill({json: {items: [], next: null}}) : route.fallback();
      if (lose === 'nothing yet')
        await new Promise((resolve) => {
          held = resolve;
        });
      if (lose === 'answer') await route.fetch(); // it arrives, and the answer is lost
      return ['answer', 'request'].includes(lose) ? route.abort() : route.fallback();
    },
  );

  [lose, deaf] = ['answer', true]; // nor does a poll tell what became of it
  await write(page, 'Found by itself');
  await page.getByText('Not sent,').waitFor();
  deaf = false;
  await eventually(() => unsettled(page), 0);

  deaf = true;
  await write(page, 'Once only');
  await page.getByText('Not sent,').waitFor();
  lose = ''; // and it is sent again by itself
  await eventually(() => unsettled(page), 0);
  deaf = false;
  assert.deepEqual(await texts(page), ['Found by itself', 'Once only']);

  lose = 'request';
  await write(page, 'Kept over a reload');
  await page.getByText('Not sent,').waitFor();
  await page.reload();
  await page.getByText('Not sent,').waitFor();
  lose = '';
  await eventually(() => unsettled(page), 0);

  lose = 'nothing yet';
  await write(page, 'On its way');
  await page.locator('.sending', {hasText: 'On its way'}).waitFor(); // at once, greyed
  await eventually(() => typeof held, 'function');
  assert.equal(await page.locator('.sending').count(), 1);
  held();
  await eventually(() => unsettled(page), 0);
  assert.deepEqual(await sentTo(page, ids[user5]), [
    'Found by itself',
    'Once only',
    'Kept over a reload',
    'On its way',
  ]);
});

test('without a network a banner says so, and what was written waits and is sent when there is one', async () => {
  const page = await as(user1, {expectsRefusals: true});
  await talkTo(page, user5);
  await page.context().setOffline(true);
  await page.getByText('You are offline').waitFor();
  await write(page, 'Written offline');
  await page.getByText('Not sent,').waitFor();
  await write(page, 'And thrown away');
  await eventually(() => page.locator('.failed').count(), 2);
  await page.locator('.failed', {hasText: 'thrown away'}).getByRole('button', {name: 'discard'}).click();
  await eventually(() => page.locator('.failed').count(), 1);
  await page.context().setOffline(false);
  await eventually(() => page.locator('.banner').count(), 0);
  await eventually(() => unsettled(page), 0); // by itself
  assert.equal((await sentTo(page, ids[user5])).at(-1), 'Written offline');
});

test('a CSRF token that is lost is fetched again, and what was written arrives', async () => {
  const page = await as(user1, {expectsRefusals: true});
  await talkTo(page, user5);
  await page.context().clearCookies({name: 'csrftoken'});
  await write(page, 'Without a token');
  await eventually(() => unsettled(page), 0);
  assert.equal((await sentTo(page, ids[user5])).at(-1), 'Without a token');
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
  await askNow(page);
  const again = page.getByRole('dialog', {name: 'Your session has ended'});
  await again.waitFor();
  await again.getByLabel('Password').fill('wrong');
  await again.getByRole('button', {name: 'Log in'}).click();
  await again.getByText('No account has this username').waitFor();
  await again.getByLabel('Password').fill(password);
  await again.getByRole('button', {name: 'Log in'}).click();
  await again.waitFor({state: 'detached'});
  assert.equal(await field.inputValue(), 'Half a thought, and more');
  await page.locator('.row', {hasText: user5}).click();
  await page.locator('.row-sub', {hasText: 'Draft: Half a thought, and more'}).waitFor();
  await logOut(page);
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
  assert.deepEqual(
    (await page.context().cookies()).map((each) => each.name),
    [],
  );
});

test('a lost session can also be left, and then nothing of it stays', async () => {
  const page = await as(user1, {expectsRefusals: true});
  await talkTo(page, user3);
  await page.locator('.composer textarea').fill('Not for the next one');
  await page.context().clearCookies({name: 'sessionid'});
  await askNow(page);
  await page.getByRole('button', {name: 'Discard and leave'}).click();
  await page.getByRole('heading', {name: 'Log in'}).waitFor();
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
});

test('somebody who was hired a moment ago is found by their address', async () => {
  const [boss, user7, user8] = ['boss', 'user7', 'user8'].map(named);
  await found('Company 7', boss);
  const page = await as(boss),
    beside = await as(boss);
  for (const each of [page, beside]) await each.getByText('You are the only one here so far').waitFor();
  const hired = async (username) => (await (await speaker(boss))('POST', 'accounts/users/', {username, password})).id;
  const id = await hired(user7);
  await page.goto(`/#/messages/${id}`);
  await page.getByLabel(`Message to ${user7}`).waitFor();
  await page.getByRole('heading', {name: user7, level: 2}).waitFor();
  await page.locator('.row', {hasText: user7}).waitFor();
  await beside.goto(`/#/people/${id}`);
  await beside.getByRole('heading', {name: user7, level: 2}).waitFor();
  const nobody = id.replace(/^......../, '00000000'); // and of nobody it is said still, and asked again the next time
  await beside.goto(`/#/people/${nobody}`);
  await beside.getByText('Nobody with this address works here').waitFor();
  await page.goto(`/#/messages/${nobody}`);
  await page.getByText('Nobody with this address works here').waitFor();
  const later = await hired(user8);
  await page.goto(`/#/messages/${later}`);
  await page.getByLabel(`Message to ${user8}`).waitFor();
});

const top = async (line) => Math.round((await line.boundingBox()).y);
const scroll = (page, to) =>
  page.locator('.thread .scroller').evaluate((scroller, where) => {
    scroller.scrollTop = where < 0 ? scroller.scrollHeight : where;
  }, to);

test('earlier messages of a long conversation come as one scrolls, and nothing jumps', async () => {
  const tell = await speaker(user3);
  for (const text of numbers) await tell('POST', 'user-messages/', {to_user: ids[user1], text});
  const page = await as(user3);
  await talkTo(page, user1);
  await eventually(() => texts(page), numbers.slice(70));
  const last = page.locator('.message', {hasText: 'Number 120'});
  const first = page.locator('.message', {hasText: 'Number 71'});
  await eventually(() => last.evaluate((each) => each.getBoundingClientRect().bottom < innerHeight), true); // at its end
  let answer;
  const held = new Promise((resolve) => (answer = resolve));
  await page.route(/cursor=/, async (route) => {
    await held;
    await route.continue();
  });
  await scroll(page, 200);
  const before = await top(first);
  answer();
  await eventually(() => texts(page), numbers.slice(20));
  assert.ok(Math.abs((await top(first)) - before) <= 1, `${before} before, ${await top(first)} after`);
  await scroll(page, 0);
  await eventually(() => texts(page), numbers);
  await eventually(() => page.getByRole('button', {name: 'Earlier messages'}).isVisible(), false);
});

test('earlier messages come with the button, too, which the keyboard reaches', async () => {
  const page = await as(user3, {viewport: {width: 1200, height: 800}});
  await talkTo(page, user1);
  await eventually(() => texts(page), numbers.slice(70));
  await page.getByRole('button', {name: 'Earlier messages'}).evaluate((button) => {
    button.focus({preventScroll: true});
  });
  await page.keyboard.press('Enter');
  await eventually(() => texts(page), numbers.slice(20));
});

test('a message that comes while one reads older ones does not pull one away', async () => {
  const page = await as(user3);
  await talkTo(page, user1);
  await scroll(page, 700);
  const tell = await speaker(user1);
  await tell('POST', 'user-messages/', {to_user: ids[user3], text: 'Meanwhile'});
  const newer = page.getByRole('button', {name: 'New messages'});
  await newer.waitFor();
  assert.equal((await ask(page, 'user-messages/?read=false')).length, 1); // not seen, so not read
  await page.route(/order=-date|auth\/me/, () => {}); // from here on no poll is answered
  await newer.click();
  await eventually(async () => (await ask(page, 'user-messages/?read=false')).length, 0);
  await eventually(() => newer.isVisible(), false);
});

await runAll();
