// tests/browser/search_test.mjs — what is searched for is found however far back it is, and the client says how far back it
// has looked.
import assert from 'node:assert/strict';
import {eventually, named, runAll, test} from './browser.mjs';
import {as, found, speaker} from './people.mjs';

const [ann, bob, eve] = ['ann', 'bob', 'eve'].map(named);
const rowsOf = (page) => page.locator('.rows .row-sub').allTextContents();
let ids, toAnn, toBob;

const words = (page, typed) => page.getByLabel('Search people and messages').fill(typed);

test('messages are found by their words, and shown where they stand', async () => {
  ids = await found('Search', ann, bob, eve);
  [toAnn, toBob] = [await speaker(bob), await speaker(ann)];
  const write = (tell, id, text) => tell('POST', 'user-messages/', {to_user: id, text});
  await write(toBob, ids[bob], 'The needle is in the drawer');
  await write(await speaker(eve), ids[bob], 'A needle that is not Ann’s to see');
  for (let index = 1; index <= 320; index++) await write(toAnn, ids[ann], `Hay ${index}`);
  const page = await as(ann);
  await words(page, 'NEEDLE draw');
  await eventually(() => rowsOf(page), ['You: The needle is in the drawer']);
  await page.locator('.rows a', {hasText: 'The needle'}).click();
  const line = page.locator('.sought');
  await line.waitFor();
  assert.match(await line.textContent(), /The needle is in the drawer/);
  await eventually(
    () =>
      line.evaluate((node) => {
        const {top, bottom} = node.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      }),
    true,
  );
  await words(page, 'needle not');
  await page.getByText('No message has these words.').waitFor();
  await page.getByText('Nobody here is called “needle not”.').waitFor();
  await words(page, bob);
  await page.locator('.rows .row-title', {hasText: bob}).first().waitFor();
});

test('a search that finds nothing says how far back it has looked, and goes on by itself', async () => {
  const page = await as(ann);
  let held = [];
  await page.route(
    (address) => address.searchParams.has('q'),
    async (route) => {
      if (new URL(route.request().url()).searchParams.has('cursor')) await new Promise((go) => held.push(go));
      return route.continue();
    },
  );
  await words(page, 'in no message');
  await page.getByText(/^Looking further back than \d/).waitFor();
  await eventually(() => held.length, 1);
  for (const go of held) go();
  await page.getByText('No message has these words.').waitFor();
});

await runAll();
