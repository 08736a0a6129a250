// tests/browser/reading_test.mjs — what of a conversation is read and what is not, where one finds it again, and what the
// list of conversations says of it.
import assert from 'node:assert/strict';
import {eventually, hide, named, runAll, test, withRealFocus} from './browser.mjs';
import {as, ask, found, goTo, names, open, speaker, talkTo, texts, write} from './people.mjs';

const [ann, bob, carla, dora] = ['ann', 'bob', 'carla', 'dora'].map(named);
let ids;

const say = async (from, to, ...lines) => {
  const tell = await speaker(from);
  for (const text of lines) await tell('POST', 'user-messages/', {to_user: ids[to], text});
};
const series = (name, length) => Array.from({length}, (_, index) => `${name} ${index + 1}`);
const unread = async (page) => (await ask(page, 'user-messages/?read=false')).map(({text}) => text);
const line = (page) => page.getByText('New messages', {exact: true}).and(page.locator('.new'));
const belowLine = (page) => page.locator('.new + .message .text').innerText();
const messageOf = (page, text) => page.locator('.message').filter({has: page.getByText(text, {exact: true})});
const toEnd = (page) => page.locator('.thread .scroller').evaluate((each) => each.scrollTo(0, each.scrollHeight));
const isInSight = (locator) =>
  locator.evaluate((each) => {
    const [box, frame] = [each, each.closest('.scroller')].map((node) => node.getBoundingClientRect());
    return box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
  });

test('a conversation opens where reading stopped, and only what came into sight is read', async () => {
  ids = await found('Company 1', ann, bob, carla, dora);
  await say(bob, ann, ...series('Old', 30));
  const page = await as(ann);
  await talkTo(page, bob);
  await messageOf(page, 'Old 30').waitFor();
  await toEnd(page);
  await eventually(() => unread(page), []);
  await goTo(page, '#/settings', ann);
  await say(bob, ann, ...series('New', 80));
  await talkTo(page, bob);
  await eventually(() => line(page).count(), 1);
  assert.equal(await belowLine(page), 'New 1');
  await eventually(() => isInSight(line(page)), true);
  await eventually(async () => (await unread(page)).length < 80, true);
  const left = await unread(page);
  assert.equal(await isInSight(messageOf(page, left[0])), false);
  assert.equal(await isInSight(messageOf(page, `New ${80 - left.length}`)), true);
  await eventually(async () => (await page.title()).split(' ')[0], `(${left.length})`);
  await eventually(() => page.locator('.row', {hasText: bob}).locator('.badge').innerText(), `${left.length}\nunread`);
  await page.getByRole('button', {name: 'New messages'}).click();
  await eventually(() => unread(page), []);
  await eventually(async () => (await page.title()).startsWith('('), false);
  assert.equal(await belowLine(page), 'New 1'); // as long as it is open
  await write(page, 'An answer');
  await eventually(() => line(page).count(), 0);
});

test('without anything unread a conversation opens at its end', async () => {
  const page = await as(ann);
  await talkTo(page, bob);
  await eventually(() => isInSight(messageOf(page, 'An answer')), true);
  assert.equal(await line(page).count(), 0);
});

test('what comes into a hidden tab is not read before it is shown, and stands under the line', async () => {
  const page = await as(ann);
  await talkTo(page, bob);
  await eventually(() => isInSight(messageOf(page, 'An answer')), true);
  await hide(page, true);
  const many = series('Behind', 40);
  await say(bob, ann, ...many);
  await messageOf(page, 'Behind 40').waitFor();
  await hide(page, false);
  await eventually(() => line(page).count(), 1);
  assert.equal(await belowLine(page), 'Behind 1');
  await eventually(() => isInSight(messageOf(page, 'Behind 1')), true);
  await eventually(async () => (await unread(page)).includes('Behind 1'), false);
  assert.equal((await unread(page)).at(-1), 'Behind 40'); // which is further below
  await toEnd(page);
  await eventually(() => unread(page), []);
});

test('a window that somebody works beside reads nothing, until they come back', async () => {
  const page = await withRealFocus(await as(ann));
  await talkTo(page, bob);
  await eventually(() => isInSight(messageOf(page, 'Behind 40')), true);
  await (await open(page.context(), '#/people')).bringToFront();
  await say(bob, ann, 'To your back');
  await messageOf(page, 'To your back').waitFor();
  assert.equal(await belowLine(page), 'To your back');
  assert.deepEqual(await unread(page), ['To your back']);
  await page.bringToFront();
  await eventually(() => unread(page), []);
});

test('what comes while one looks is read without a line, and what does not fit begins at one', async () => {
  const page = await as(ann);
  await talkTo(page, bob);
  await say(bob, ann, 'One line');
  await messageOf(page, 'One line').waitFor();
  await eventually(() => unread(page), []);
  assert.equal(await line(page).count(), 0);
  const long = series('Line', 60).join('\n');
  await say(bob, ann, long);
  await eventually(() => belowLine(page), long);
  await eventually(() => isInSight(line(page)), true);
  assert.deepEqual(await unread(page), [long]); // whose end nobody saw
  await toEnd(page);
  await eventually(() => unread(page), []);
});

test('“Mark as unread” does so with that message and what came after, until the conversation is opened anew', async () => {
  await say(carla, ann, ...series('Step', 4));
  const page = await as(ann);
  await talkTo(page, carla);
  await eventually(() => unread(page), []);
  await say(ann, carla, 'Well');
  await messageOf(page, 'Well').waitFor();
  await messageOf(page, 'Step 2').hover();
  await messageOf(page, 'Step 2').getByRole('button', {name: 'Mark as unread'}).click();
  await eventually(() => unread(page), ['Step 2', 'Step 3', 'Step 4']);
  await eventually(() => belowLine(page), 'Step 2');
  await eventually(async () => (await page.title()).split(' ')[0], '(3)');
  const badge = page.locator('.row', {hasText: carla}).locator('.badge');
  await eventually(() => badge.innerText(), '3\nunread');
  await say(carla, ann, 'Step 5'); // it comes, and is not read, nor are the others
  await messageOf(page, 'Step 5').waitFor();
  await hide(page, true);
  await hide(page, false);
  await toEnd(page);
  await eventually(() => badge.innerText(), '4\nunread');
  assert.deepEqual(await unread(page), ['Step 2', 'Step 3', 'Step 4', 'Step 5']);
  await page.locator('.row', {hasText: carla}).click();
  await eventually(() => unread(page), []);
  assert.equal(await belowLine(page), 'Step 2');
  await eventually(() => badge.isVisible(), false);
});

test('what is marked as unread at the desk is unread on the phone that has read it, too', async () => {
  const phone = await as(ann);
  await talkTo(phone, carla);
  await eventually(() => unread(phone), []);
  await goTo(phone, '#/', 'Messages');
  const desk = await as(ann);
  await talkTo(desk, carla);
  await messageOf(desk, 'Step 5').hover();
  await messageOf(desk, 'Step 5').getByRole('button', {name: 'Mark as unread'}).click();
  await eventually(() => phone.locator('.row', {hasText: carla}).locator('.badge').innerText(), '1\nunread');
  await eventually(async () => (await phone.title()).split(' ')[0], '(1)');
  await talkTo(phone, carla);
  await eventually(() => unread(phone), []);
  await eventually(async () => (await desk.title()).startsWith('('), false);
});

test('on a phone “Mark as unread” stands below the last message, for a finger', async () => {
  const page = await as(ann, {viewport: {width: 390, height: 780}, hasTouch: true, isMobile: true});
  await talkTo(page, carla);
  await messageOf(page, 'Step 5').waitFor();
  const button = messageOf(page, 'Step 5').getByRole('button', {name: 'Mark as unread'});
  await eventually(() => button.evaluate((each) => getComputedStyle(each).opacity), '1');
  const [{bottom}, {top, height}] = await messageOf(page, 'Step 5').evaluate((item) =>
    ['.text', 'button'].map((each) => item.querySelector(each).getBoundingClientRect().toJSON()),
  );
  assert.equal(top >= bottom, true);
  assert.equal(height >= 44, true);
  await button.tap();
  await eventually(() => unread(page), ['Step 5']);
});

test('“Mark as unread” is there for the keyboard: one stop, and the arrows', async () => {
  const page = await as(ann);
  await talkTo(page, carla);
  await messageOf(page, 'Step 5').waitFor();
  await page.locator('.thread .scroller').focus();
  await page.keyboard.press('Tab');
  const focused = () =>
    page.evaluate(() => document.activeElement.closest('.message')?.querySelector('.text').innerText);
  await eventually(focused, 'Step 5');
  await page.keyboard.press('ArrowUp');
  await eventually(focused, 'Step 4');
  assert.equal(await page.evaluate(() => getComputedStyle(document.activeElement).opacity), '1');
  await page.keyboard.press('Enter');
  await eventually(() => unread(page), ['Step 4', 'Step 5']);
  await page.keyboard.press('Tab');
  await eventually(() => page.evaluate(() => document.activeElement.textContent), 'Mark as unread'); // the last one's
  await page.keyboard.press('Tab');
  await eventually(() => page.evaluate(() => document.activeElement.tagName), 'TEXTAREA');
});

test('a draft is marked in the list, and stands above the other conversations', async () => {
  const page = await as(dora);
  await say(bob, dora, 'First');
  await say(carla, dora, 'Second');
  await say(ann, dora, 'Third');
  await eventually(() => names(page), [ann, carla, bob]);
  await talkTo(page, bob);
  await page.locator('.composer textarea').fill('Half a thought');
  await page.locator('.row', {hasText: carla}).click();
  await eventually(() => names(page), [bob, ann, carla]);
  assert.equal(await page.locator('.draft .row-sub').innerText(), 'Draft: Half a thought');
  await say(ann, dora, 'Fourth');
  await eventually(async () => (await page.locator('.row-sub').allInnerTexts())[1], 'Fourth');
  assert.deepEqual(await names(page), [bob, ann, carla]);
  await page.locator('.row', {hasText: bob}).click();
  await page.locator('.composer textarea').fill('');
  await page.locator('.row', {hasText: carla}).click();
  await eventually(() => names(page), [ann, carla, bob]);
  assert.equal(await page.locator('.draft').count(), 0);
});

test('a draft to somebody who is not in the list so far is there, too', async () => {
  const page = await as(dora);
  await talkTo(page, bob);
  await page.locator('.composer textarea').fill('Far down');
  await page.route(/conversations\/\?limit=50$/, (route) =>
    route.continue({url: route.request().url().replace('=50', '=1')}),
  );
  await goTo(page, '#/', 'Messages');
  await page.reload();
  await eventually(() => names(page), [bob, ann]);
});

test('the heading and the search of the list stay when it scrolls, and hide nothing that the keys go to', async () => {
  const page = await as(ann, {viewport: {width: 1000, height: 300}});
  await eventually(() => names(page), [dora, carla, bob]);
  const pane = page.locator('.list-pane');
  await pane.evaluate((each) => each.scrollTo(0, each.scrollHeight));
  assert.ok((await pane.evaluate((each) => each.scrollTop)) > 0);
  const search = page.getByLabel('Search people and messages');
  const at = async (locator) => (await locator.boundingBox()).y;
  assert.ok((await at(page.getByRole('heading', {name: 'Messages'}))) >= 0);
  assert.ok((await at(search)) >= 0);
  await page.keyboard.press('j');
  await page.getByRole('heading', {name: dora, level: 2}).waitFor();
  const {y, height} = await search.boundingBox();
  await eventually(async () => (await at(page.locator('.rows [aria-current]'))) >= y + height, true);
});

test('a message that was searched for is shown, and what is further below is not read', async () => {
  const page = await as(ann);
  await say(carla, ann, 'A needle', ...series('Hay', 40));
  await goTo(page, '#/', 'Messages');
  await talkTo(page, carla);
  await toEnd(page);
  await eventually(() => unread(page), []);
  await goTo(page, '#/', 'Messages');
  await say(carla, ann, 'Not seen');
  await page.locator('.search').fill('A needle');
  await page.locator('a.row[href*="@"]').first().click();
  await eventually(() => isInSight(messageOf(page, 'A needle')), true);
  await eventually(() => line(page).count(), 1);
  assert.equal(await belowLine(page), 'Not seen');
  assert.deepEqual(await unread(page), ['Not seen']);
  await toEnd(page);
  await eventually(() => unread(page), []);
});

test('who wrote several lines in the field still goes along with what comes', async () => {
  const page = await as(ann);
  await talkTo(page, carla);
  await toEnd(page);
  await eventually(() => unread(page), []);
  await page.locator('.composer textarea').fill(series('A line', 8).join('\n'));
  await say(carla, ann, 'While you write');
  await messageOf(page, 'While you write').waitFor();
  await eventually(() => isInSight(messageOf(page, 'While you write')), true);
  await eventually(() => unread(page), []);
});

test('a draft that is sent in one tab is gone in the other, too', async () => {
  const one = await as(ann);
  await talkTo(one, bob);
  const two = await open(one.context(), `#/messages/${ids[bob]}`);
  const field = (page) => page.locator('.composer textarea');
  await field(one).waitFor();
  await one.locator('.search').focus();
  await field(two).fill('Half a sentence');
  await eventually(() => field(one).inputValue(), 'Half a sentence');
  await field(two).press('Enter');
  await eventually(() => field(one).inputValue(), '');
});

await runAll();
