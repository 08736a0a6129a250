// tests/browser/typing_test.mjs — letters, links, dates and numbers in the web client: input methods, phones,
// scripts other than Latin, and midnight.
import assert from 'node:assert/strict';
import {eventually, named, runAll, test} from './browser.mjs';
import {as, found, goTo, names, speaker, talkTo, texts, visitorAt} from './people.mjs';

const [ann, bob, jose] = ['ann', 'bob', 'José-Łukasz'].map(named);
const field = (page) => page.locator('.composer textarea');
let ids, tell;
const send = (to, text) => tell('POST', 'user-messages/', {to_user: ids[to], text});

/** Enter as an input method sends it: with one of its two marks. */
const enter = (page, marks) =>
  field(page).evaluate((node, given) => {
    const event = new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true, ...given});
    return node.dispatchEvent(event);
  }, marks);

test('the Enter of an input method does not send, and the next one does', async () => {
  ids = await found(named('Company 1'), ann, bob, jose);
  tell = await speaker(ann);
  const page = await as(ann);
  await talkTo(page, bob);
  await field(page).fill('にほんご');
  assert.equal(await enter(page, {isComposing: true}), true); // and its default, to choose the letters, happens
  assert.equal(await enter(page, {keyCode: 229}), true);
  assert.equal(await field(page).inputValue(), 'にほんご');
  assert.equal(await enter(page, {keyCode: 13}), false);
  await eventually(() => texts(page), ['にほんご']);
  await page.locator('.search').fill('bob');
  await page.locator('.search').dispatchEvent('keydown', {key: 'Enter', isComposing: true});
  assert.equal(new URL(page.url()).hash, `#/messages/${ids[bob]}`);
});

test('on a phone Enter breaks the line, and the button sends', async () => {
  const page = await as(ann, {viewport: {width: 390, height: 780}, hasTouch: true, isMobile: true});
  assert.equal(await page.evaluate(() => matchMedia('(pointer: coarse)').matches), true);
  await talkTo(page, bob);
  await field(page).fill('One');
  await field(page).press('Enter');
  await field(page).pressSequentially('Two');
  assert.equal(await field(page).inputValue(), 'One\nTwo');
  assert.equal(await field(page).getAttribute('enterkeyhint'), 'enter');
  await page.getByRole('button', {name: 'Send'}).click();
  await eventually(async () => (await texts(page)).at(-1), 'One\nTwo');
});

test('links end where an address does', async () => {
  const page = await as(ann);
  const addresses = {
    'See HTTPS://Example.org/A.': 'HTTPS://Example.org/A',
    '见https://example.org/b，然后': 'https://example.org/b',
    'https://example.org/c。次': 'https://example.org/c',
    '「https://example.org/d」と': 'https://example.org/d',
    '（https://example.org/e）': 'https://example.org/e',
    '“https://example.org/f”, «https://example.org/f»': 'https://example.org/f',
    '(see https://example.org/g_(h)).': 'https://example.org/g_(h)',
    '[text](https://example.org/i)more': 'https://example.org/i',
    'https://example.org/j]': 'https://example.org/j',
    'https://example.org/k(': 'https://example.org/k',
    'https://[::1]/l?m=[n]!': 'https://[::1]/l?m=[n]',
    'https://example.org/~o/?p=q,r…': 'https://example.org/~o/?p=q,r',
    'no://example.org https:// javascript:alert(1)': undefined,
  };
  for (const text of Object.keys(addresses)) await send(jose, text);
  await talkTo(page, jose);
  await eventually(() => texts(page), Object.keys(addresses));
  for (const [text, address] of Object.entries(addresses)) {
    const found = await page.locator('.text').filter({hasText: text}).last().locator('a').allInnerTexts();
    assert.deepEqual([...new Set(found)], address ? [address] : [], text);
  }
});

test('people are found without their accents, and by them', async () => {
  const page = await as(ann);
  for (const wanted of ['jose', 'JOSE', 'josé', 'Jose\u0301', 'łuk', 'luk'])
    for (const hash of ['#/', '#/people']) {
      await goTo(page, hash, hash === '#/' ? 'Messages' : 'People');
      await page.locator('.search').fill(wanted);
      await eventually(() => names(page), [jose]);
      await page.locator('.search').fill('');
    }
});

test('a preview cuts no character in two', async () => {
  const page = await as(ann);
  const family = '👩‍👩‍👧‍👦',
    accented = 'e\u0301\u0323';
  await send(bob, family.repeat(300));
  const preview = page.locator('.row', {hasText: bob}).locator('.row-sub');
  await eventually(() => preview.textContent(), `You: ${family.repeat(28)}`); // of 200 code points
  await send(bob, `x${accented.repeat(300)}`);
  await eventually(() => preview.textContent(), `You: x${accented.repeat(66)}`);
});

test('a date of another year has its year, and “Today” is yesterday after midnight', async () => {
  const page = await (await visitorAt(ann)).newPage();
  await page.clock.install();
  await page.goto('/');
  await page.locator('.app:not(.early)').waitFor();
  await talkTo(page, bob);
  await page.locator('.day', {hasText: 'Today'}).waitFor();
  const row = page.locator('.row', {hasText: bob}).locator('.row-when');
  assert.match(await row.innerText(), /\d:\d\d/);
  await page.clock.fastForward(await page.evaluate(() => new Date().setHours(24, 0, 1, 0) - Date.now()));
  await page.locator('.day', {hasText: 'Yesterday'}).waitFor();
  assert.equal(await page.locator('.day', {hasText: 'Today'}).count(), 0);
  await eventually(() => row.innerText(), 'Yesterday');
  const year = await page.evaluate(() => new Date().getFullYear());
  await page.clock.setSystemTime(await page.evaluate(() => new Date().setFullYear(new Date().getFullYear() + 1)));
  await page.reload();
  await eventually(async () => (await row.innerText()).includes(String(year)), true);
  await talkTo(page, bob);
  await eventually(async () => (await page.locator('.day').last().innerText()).includes(String(year)), true);
});

test('a badge of three digits fits, wide and on a phone, and more is 999+', async () => {
  for (let from = 0; from < 120; from += 10)
    await Promise.all(Array.from({length: 10}, (_, index) => send(bob, `${from + index}`)));
  for (const options of [{}, {viewport: {width: 320, height: 640}}]) {
    const page = await as(bob, options);
    await eventually(async () => /^\(1\d\d\)/.test(await page.title()), true);
    const wrong = await page.evaluate(() =>
      [...document.querySelectorAll('.badge')]
        .filter((each) => each.checkVisibility())
        .flatMap((badge) => {
          const bad = [],
            box = badge.getBoundingClientRect(),
            around = badge.closest('a').getBoundingClientRect();
          if (badge.scrollWidth > badge.clientWidth + 1) bad.push(`${badge.textContent} is wider than its badge`);
          if (box.left < around.left || box.right > around.right || box.right > innerWidth)
            bad.push(`${badge.textContent} sticks out of its link`);
          return bad;
        }),
    );
    assert.deepEqual(wrong, []);
    assert.equal(await page.locator('.badge:visible').count(), 2);
  }
  const page = await as(bob);
  await page.route('**/auth/me', async (route) => {
    const answer = await route.fetch();
    if (answer.status() === 304) return route.fulfill({response: answer});
    return route.fulfill({response: answer, json: {...(await answer.json()), unread_messages: 1200}});
  });
  await page.reload();
  await eventually(() => page.locator('.nav .badge').innerText(), '999+\nunread');
});

await runAll();
