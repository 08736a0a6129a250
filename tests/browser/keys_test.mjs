// tests/browser/keys_test.mjs — the web client by keyboard alone.
import assert from 'node:assert/strict';
import {eventually, named, runAll, test} from './browser.mjs';
import {as, found, goTo, names, speaker, talkTo, texts} from './people.mjs';

const [ann, bob, carla, dora] = ['ann', 'bob', 'carla', 'dora'].map(named);
let ids;
const message = async (from, to, text) => (await speaker(from))('POST', 'user-messages/', {to_user: ids[to], text});

const focused = (page) => page.evaluate(() => document.activeElement.type ?? document.activeElement.tagName);
const talking = (page, name) => page.getByRole('heading', {name, level: 2}).waitFor();

test('/ searches people, Enter opens and sends, Shift+Enter breaks, Esc leaves', async () => {
  ids = await found('Company 1', ann, bob, carla, dora);
  const page = await as(ann);
  await page.keyboard.press('/');
  await eventually(() => focused(page), 'search');
  await page.keyboard.type('car');
  await eventually(() => names(page), [carla]);
  await page.keyboard.press('Enter');
  await talking(page, carla);
  await eventually(() => focused(page), 'textarea');
  await page.keyboard.type('j, k, n, / and ? are');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('letters here');
  await page.keyboard.press('Enter');
  await eventually(() => texts(page), ['j, k, n, / and ? are\nletters here']);
  await eventually(() => focused(page), 'textarea');
  await page.keyboard.press('Escape');
  await eventually(() => focused(page), 'BODY');
  await page.keyboard.press('/');
  await eventually(() => focused(page), 'search');
  await page.keyboard.press('Escape'); // first what was searched for, then the field
  await eventually(() => names(page), [carla, bob, dora]);
  await page.keyboard.press('Escape');
  await eventually(() => focused(page), 'BODY');
  await page.locator('.rows [aria-current]').click(); // the conversation that is open: one goes on writing
  await eventually(() => focused(page), 'textarea');
  await page.keyboard.press('Enter'); // nothing is sent that is empty
  assert.deepEqual(await texts(page), ['j, k, n, / and ? are\nletters here']);
});

test('j and k go down and up the list and stop at its ends', async () => {
  await message(ann, bob, 'To Bob');
  const page = await as(ann);
  await eventually(() => names(page), [bob, carla, dora]);
  for (const [key, name] of [
    ['j', bob],
    ['j', carla],
    ['j', dora],
    ['j', dora],
    ['k', carla],
    ['k', bob],
    ['k', bob],
  ]) {
    await page.keyboard.press(key);
    await talking(page, name);
    await eventually(() => page.locator('.rows [aria-current] .row-title').innerText(), name);
  }
  await goTo(page, '#/people', 'People');
  await page.keyboard.press('k'); // from nowhere up: the last one
  await talking(page, dora);
});

test('n goes to the next conversation with something unread', async () => {
  await message(bob, ann, 'From Bob');
  await message(dora, ann, 'From Dora');
  const page = await as(ann);
  await eventually(() => page.locator('.rows .badge:visible').count(), 2);
  await page.keyboard.press('n');
  await talking(page, dora);
  await eventually(() => page.locator('.rows .badge:visible').count(), 1);
  await page.keyboard.press('n');
  await talking(page, bob);
  await eventually(() => page.locator('.rows .badge:visible').count(), 0);
  await page.keyboard.press('n'); // nothing is left to read
  await talking(page, bob);
  await goTo(page, '#/people', 'People');
  await page.keyboard.press('n'); // from elsewhere: to the messages
  await page.getByRole('heading', {name: 'Messages', level: 2}).waitFor();
});

test('? shows what the keys do, Esc closes it and gives the focus back', async () => {
  const page = await as(ann);
  await talkTo(page, carla);
  await page.locator('.composer textarea').press('Escape');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', {name: 'Keyboard'});
  await help.waitFor();
  for (const key of ['Enter', 'Shift', '/', 'j', 'k', 'n', '?', 'Esc'])
    assert.equal(
      (await help.locator('kbd', {hasText: key === '/' || key === '?' ? key : new RegExp(`^${key}$`)}).count()) > 0,
      true,
      key,
    );
  await page.keyboard.press('k'); // the keys belong to the dialog now
  await page.keyboard.press('Escape');
  await help.waitFor({state: 'detached'});
  await talking(page, carla);
  await page.keyboard.press('k');
  await talking(page, bob);
});

test('the company menu opens, closes and is walked through by keyboard', async () => {
  const page = await as(ann);
  const button = page.getByRole('button', {name: /Switch company/});
  await button.focus();
  await page.keyboard.press('Enter');
  await page.locator('.menu button').waitFor();
  assert.equal(await button.getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await eventually(() => page.locator('.menu').isVisible(), false);
  await eventually(() => focused(page), 'submit');
  assert.equal(await button.evaluate((each) => each === document.activeElement), true);
});

test('on a phone Esc closes the conversation that is open', async () => {
  const page = await as(ann, {viewport: {width: 390, height: 780}});
  await talkTo(page, carla);
  await eventually(() => page.locator('.list-pane').isVisible(), false);
  await page.locator('.composer textarea').press('Escape');
  await page.keyboard.press('Escape');
  await eventually(() => page.locator('.list-pane').isVisible(), true);
  await eventually(() => page.locator('.detail-pane').isVisible(), false);
});

await runAll();
