// tests/browser/conversations_test.mjs — the list of conversations: all of them, page after page, with those who left.
import assert from 'node:assert/strict';
import {askNow, eventually, named, runAll, test} from './browser.mjs';
import {andSays, as, fill, found, goTo, names, password, speaker, talkTo, texts, write} from './people.mjs';

const [ann, bob, carla, dora, zoe] = ['ann', 'bob', 'carla', 'dora', 'zoe'].map(named);
const subs = (page) => page.locator('.rows .row-sub').allInnerTexts();
const more = (page) => page.getByRole('button', {name: 'Show more'});
let ids;
const say = async (from, to, text) => (await speaker(from))('POST', 'user-messages/', {to_user: ids[to], text});

test('a conversation that is older than the newest messages is there, with its last one and what is unread', async () => {
  ids = await found(named('Company 1'), ann, bob, carla, dora, zoe);
  await say(zoe, ann, 'From long ago');
  await say(carla, ann, 'Not read yet');
  await say(ann, carla, 'And answered');
  const tell = await speaker(bob);
  for (let index = 1; index <= 60; index++) await tell('POST', 'user-messages/', {to_user: ids[ann], text: `${index}`});
  const page = await as(ann);
  await eventually(() => names(page), [bob, carla, zoe, dora]);
  assert.deepEqual(await subs(page), ['60', 'You: And answered', 'From long ago', 'No messages yet']);
  const badge = (name) => page.locator('.row', {hasText: name}).locator('.badge:visible');
  assert.equal(await badge(bob).innerText(), '60\nunread');
  assert.equal(await badge(zoe).innerText(), '1\nunread');
  await eventually(async () => (await page.title()).split(' ')[0], '(62)');
  await talkTo(page, zoe);
  await eventually(() => texts(page), ['From long ago']);
  await eventually(() => badge(zoe).count(), 0);
  await eventually(async () => (await page.title()).split(' ')[0], '(61)');
});

test('a new message brings its conversation to the top, whoever wrote it', async () => {
  const page = await as(ann);
  await eventually(() => names(page), [bob, carla, zoe, dora]);
  await talkTo(page, dora);
  await write(page, 'Hello, Dora');
  await eventually(() => names(page), [dora, bob, carla, zoe]);
  await say(zoe, ann, 'Me, too');
  await eventually(() => names(page), [zoe, dora, bob, carla]);
  assert.equal((await subs(page))[0], 'Me, too');
  await say(dora, ann, 'Hello'); // in the conversation that is open: it is read at once
  await eventually(async () => (await texts(page)).at(-1), 'Hello');
  await eventually(async () => (await subs(page))[0], 'Hello');
  await eventually(() => page.locator('.row', {hasText: dora}).locator('.badge:visible').count(), 0);
});

test('the list goes on when it is asked to, and silence is only said where it is true', async () => {
  const page = await as(carla);
  for (const [name, text] of [
    [bob, 'One'],
    [dora, 'Two'],
    [zoe, 'Three'],
  ])
    await say(carla, name, text);
  await page.route(/conversations\/\?limit=50$/, (route) =>
    route.continue({url: route.request().url().replace('=50', '=2')}),
  );
  await page.reload();
  await eventually(() => names(page), [zoe, dora]);
  const search = page.getByLabel('Search people and messages');
  await search.fill(bob); // who is found also where the list does not go
  await eventually(async () => (await names(page))[0], bob);
  assert.equal((await subs(page))[0], '');
  assert.equal(await more(page).count(), 0);
  await search.fill('');
  await more(page).click();
  await eventually(() => names(page), [zoe, dora, bob, ann]);
  assert.equal(await more(page).count(), 0);
  await say(ann, carla, 'News'); // as many as are shown are read again
  await eventually(() => names(page), [ann, zoe, dora, bob]);
  await say(ann, dora, 'Not for Carla');
  assert.equal(await page.getByText('No messages yet').count(), 0);
  const quiet = await as(bob);
  await eventually(() => names(quiet), [carla, ann, dora, zoe]);
  await eventually(() => subs(quiet), ['One', 'You: 60', 'No messages yet', 'No messages yet']);
});

test('who left stays in the list and in the conversation by name, and a stranger to the tab who is here, too', async () => {
  const tell = await speaker(ann);
  const page = await as(bob);
  await say(zoe, bob, 'Good-bye');
  await eventually(async () => (await names(page))[0], zoe);
  await tell('DELETE', `accounts/users/${ids[zoe]}`);
  await askNow(page);
  await eventually(async () => (await names(page))[0], `${zoe} (left)`);
  await page.reload();
  await page.locator('.row', {hasText: zoe}).click();
  await page.getByRole('heading', {name: `${zoe} (left)`, level: 2}).waitFor();
  await page.getByText('no longer here').waitFor();
  await eventually(() => texts(page), ['Good-bye']);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const eve = named('eve');
  ids[eve] = (await tell('POST', 'accounts/users/', {username: eve, password: 'Brick-by-brick-48!'})).id;
  await say(eve, bob, 'I am new');
  await page.locator('.row', {hasText: eve}).click();
  await page.getByLabel(`Message to ${eve}`).waitFor();
  assert.equal(asked.filter((each) => each.startsWith('/api/v2/accounts/users/')).length, 0);
});

test('a name that somebody chooses, or an admin for them, stands beside the username, never in its place', async () => {
  const page = await as(ann);
  const long = 'Bobby of the long name '.repeat(4).trim();
  const hers = await as(carla, {expectsRefusals: true});
  await goTo(hers, '#/settings/profile', 'Names and password');
  const box = hers.getByLabel('Name (optional)');
  await box.fill('Carla\u202e');
  await hers.getByRole('button', {name: 'Save'}).click();
  await eventually(() => box.getAttribute('aria-invalid'), 'true');
  await box.fill('Carla Müller');
  await andSays(hers, 'Saved.', () => hers.getByRole('button', {name: 'Save'}).click());
  await goTo(page, `#/people/${ids[bob]}`, bob);
  await page.getByLabel('Name (optional)').fill(long);
  await andSays(page, 'Saved.', () => page.getByRole('button', {name: 'Save'}).click());
  await goTo(page, '#/', 'Messages');
  await page.reload();
  const row = (name) => page.locator('.row', {hasText: name}).locator('.row-title');
  await eventually(() => row(carla).textContent(), `Carla Müller (${carla})`);
  assert.equal(await row(dora).textContent(), dora);
  assert.equal(await row(zoe).textContent(), `${zoe} (left)`);
  const isSeen = ({lastChild: username, parentNode}) =>
    username.scrollWidth <= username.clientWidth &&
    username.getBoundingClientRect().right <= parentNode.getBoundingClientRect().right;
  assert.equal(await row(bob).evaluate(isSeen), true); // the username is, however long the other name
  const search = page.getByLabel('Search people and messages');
  for (const typed of ['muller', carla]) {
    await search.fill(typed);
    await eventually(async () => (await names(page))[0], `Carla Müller (${carla})`);
  }
  await page.locator('.row', {hasText: carla}).first().click();
  await page.getByRole('heading', {name: `Carla Müller (${carla})`, level: 2}).waitFor();
  await page.getByLabel(`Message to Carla Müller (${carla})`).waitFor();
  await page.goto(`/#/people/${ids[bob]}`);
  await page.getByRole('heading', {name: `${long} (${bob})`, level: 2}).waitFor();
  await page.getByRole('button', {name: `Remove ${long} (${bob})`}).waitFor();

  const theirs = await as(dora); // a form sends what was changed in it: what an admin changed meanwhile stays
  await goTo(theirs, '#/settings/profile', 'Names and password');
  const tell = await speaker(ann);
  await tell('PATCH', `accounts/users/${ids[dora]}`, {display_name: 'By an admin'});
  await theirs.getByRole('textbox', {name: 'Username'}).fill(`${dora}.2`);
  await andSays(theirs, 'Saved.', () => theirs.getByRole('button', {name: 'Save'}).click());
  assert.equal((await tell('GET', `accounts/users/${ids[dora]}`)).display_name, 'By an admin');
});

test('who is added while the list of people is being read is not taken for somebody who left', async () => {
  const page = await as(ann);
  let answer, release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/accounts/users/?limit=100', async (route) => {
    answer = await route.fetch();
    await held;
    await route.fulfill({response: answer});
  });
  await goTo(page, '#/people', 'People');
  await eventually(() => answer?.status(), 200);
  await goTo(page, '#/people/add', 'Add somebody');
  const finn = named('finn');
  await fill(page, {Username: finn, 'First password': password});
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await page.getByRole('heading', {name: finn, level: 2}).waitFor();
  await Promise.all([page.waitForResponse('**/accounts/users/?limit=100'), release()]);
  await page.getByLabel('Search people').fill(finn);
  await eventually(() => names(page), [finn]);
});

await runAll();
