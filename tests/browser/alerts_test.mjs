// tests/browser/alerts_test.mjs — notifications and the sound of a message: who asked for them has them, once a message, and
// not of what they have before them.
import assert from 'node:assert/strict';
import {eventually, hide, named, runAll, test, url, visitor} from './browser.mjs';
import {andSays, arrive, found, goTo, logIn, logOut, open, speaker, texts} from './people.mjs';

const [ann, bob, carla] = ['ann', 'bob', 'carla'].map(named);
const ids = await found('Company 1', ann, bob, carla);
const tell = async (from, to, text) => (await speaker(from))('POST', 'user-messages/', {to_user: ids[to], text});

/** Notes what the page shows and plays; the browser does it all the same. */
function note() {
  const Real = window.Notification;
  window.shown = [];
  window.tones = 0;
  window.Notification = class extends Real {
    constructor(title, options) {
      super(title, options);
      window.shown.push({title, body: options.body, itself: this});
    }
  };
  window.asked = 0;
  window.Notification.requestPermission = (...more) => {
    window.asked++;
    return Real.requestPermission(...more);
  };
  const {start} = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (...more) {
    window.tones++;
    return start.apply(this, more);
  };
}
const shown = async (...pages) =>
  (
    await Promise.all(pages.map((page) => page.evaluate(() => window.shown.map(({title, body}) => [title, body]))))
  ).flat();

async function somebody(username, allows = true) {
  const context = await arrive(await visitor(), username);
  if (allows) await context.grantPermissions(['notifications'], {origin: url});
  await context.addInitScript(note);
  const page = await open(context, '#/settings/alerts');
  await page.locator('.part form').waitFor();
  return page;
}
async function choose(page, show, sound = 'None') {
  await page.getByLabel(/^When a message comes/).selectOption(show);
  await page.getByLabel('Sound').selectOption(sound);
  await andSays(page, 'Saved.', () => page.getByRole('button', {name: 'Save'}).click());
}

test('who did not ask for notifications has none, and the browser is not asked either', async () => {
  const page = await somebody(bob);
  await hide(page, true);
  await tell(ann, bob, 'Quiet');
  await eventually(async () => (await page.title()).startsWith('(1)'), true);
  assert.deepEqual(await shown(page), []);
  assert.deepEqual(await page.evaluate(() => [window.asked, window.tones]), [0, 0]);
});

test('who asked for them has one a message, with the name and the first words, whichever of their tabs are open', async () => {
  const page = await somebody(bob);
  await choose(page, 'Who wrote, and the first words');
  const second = await open(page.context(), `#/messages/${ids[carla]}`);
  await second.locator('.composer').waitFor();
  for (const each of [page, second]) await hide(each, true);
  await tell(ann, bob, `Hello ${'x'.repeat(200)}`);
  await eventually(() => shown(page, second), [[ann, `Hello ${'x'.repeat(94)}`]]);
  await tell(carla, bob, 'And I');
  await eventually(async () => (await shown(page, second)).at(-1), [carla, 'And I']);
  await hide(second, false); // there the conversation with Carla is before their eyes
  await eventually(() => texts(second), ['And I']);
  await tell(carla, bob, 'You see this');
  await eventually(() => texts(second), ['And I', 'You see this']);
  await tell(ann, bob, 'But not this');
  await eventually(async () => (await shown(page, second)).at(-1), [ann, 'But not this']);
  assert.equal((await shown(page, second)).length, 3);
});

test('a click on it opens the conversation', async () => {
  const page = await somebody(bob);
  await choose(page, 'Who wrote, and the first words');
  await hide(page, true);
  await tell(ann, bob, 'Click me');
  await eventually(async () => (await shown(page)).length, 1);
  await page.evaluate(() => window.shown[0].itself.dispatchEvent(new Event('click')));
  await page.getByRole('heading', {name: ann, level: 2}).waitFor();
});

test('who wants it has only “A new message”, and a sound', async () => {
  const page = await somebody(bob);
  await choose(page, 'Only that there is one', 'A short tone');
  const before = await page.evaluate(() => window.tones);
  assert.equal(before, 1); // to try
  await hide(page, true);
  await tell(ann, bob, 'A secret');
  await eventually(() => shown(page), [['Partywall', 'A new message']]);
  assert.equal(await page.evaluate(() => window.tones), 2);
});

test('where the browser does not allow it the form says so', async () => {
  const page = await somebody(bob, false);
  await page.getByLabel(/^When a message comes/).selectOption('Who wrote, and the first words');
  await page.getByRole('button', {name: 'Save'}).click();
  await page.getByText('Your browser does not allow it').waitFor();
  assert.equal(
    await page.evaluate(() => localStorage.getItem(Object.keys(localStorage).find((key) => /^pw:alerts/.test(key)))),
    null,
  );
});

test('the choice stays in this browser until one logs out, and is nobody else’s', async () => {
  const page = await somebody(bob);
  const chosen = () => page.getByLabel('Sound').inputValue();
  await choose(page, 'Nothing', 'A short tone');
  await page.reload();
  await eventually(chosen, 'tone');
  await logOut(page);
  await logIn(page, carla);
  await goTo(page, '#/settings/alerts', 'Notifications');
  assert.equal(await chosen(), '');
});

await runAll();
