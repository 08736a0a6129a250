// tests/browser/polling_test.mjs — when the web client asks for news where no stream tells of them, by the page's own clock.
import assert from 'node:assert/strict';
import {eventually, hide, named, runAll, test, visitor} from './browser.mjs';
import {arrive, found, open} from './people.mjs';

const user = named('poller');

/**
 * Notes when the page asks for messages, and counts what is under way. The clock stands while an answer is, so
 * the time between an answer and the next request is the page's own doing, however slow the machine is.
 */
function watch() {
  const seen = (window.seen = {polls: [], others: [], underWay: 0, settled: Date.now(), refuse: 0});
  const real = window.fetch;
  window.fetch = async (address, options) => {
    if (String(address).includes('order=-date&limit=50'))
      seen.polls.push({after: Date.now() - seen.settled, known: options.headers['If-None-Match']});
    else seen.others.push(new URL(address, location).pathname);
    seen.underWay++;
    try {
      const answer = seen.refuse ? refusal() : await real(address, options);
      const {ok, status, headers} = answer;
      const text = await answer.text();
      return {ok, status, headers, text: async () => text};
    } finally {
      seen.underWay--;
      seen.settled = Date.now();
    }
  };
  const refusal = () => new Response('{"detail": "Later."}', {status: seen.refuse, headers: {'Retry-After': '20'}});
}

let page;

/** Somebody who has just come, with a clock that goes only when it is told to. */
async function begin({isLive = false} = {}) {
  const context = await arrive(await visitor({expectsRefusals: true}), user);
  if (!isLive) await context.route('**/api/v2/events/', (route) => route.abort());
  await context.clock.install();
  await context.addInitScript(watch);
  page = await open(context);
  await page.locator('.app:not(.early)').waitFor();
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000));
  await page.mouse.move(100, 100);
  await polls(8);
}

const settled = () => eventually(() => page.evaluate(() => window.seen.underWay), 0);

/** How long each request waited after the answer before, in so many seconds of the page's clock. */
async function polls(seconds) {
  await page.evaluate(() => {
    [window.seen.polls, window.seen.others] = [[], []];
  });
  for (let second = 0; second < seconds; second++) {
    await page.clock.runFor(1000);
    await settled();
  }
  return page.evaluate(() => window.seen.polls);
}

const between = (found, low, high) => {
  assert.notEqual(found.length, 0, 'no request');
  for (const {after} of found)
    assert.ok(after >= low && after <= high, `${after} ms after the last, not ${low} to ${high}`);
};
const refuse = (status) =>
  page.evaluate((each) => {
    window.seen.refuse = each;
  }, status);

test('it asks every 3 s while one is active, and says what it knows', async () => {
  await found('Company 1', user);
  await begin();
  const seen = await polls(30);
  between(seen, 3000, 3200);
  assert.ok(
    seen.every(({known}) => known?.startsWith('"')),
    'every one says what it knows',
  );
  const others = await page.evaluate(() => window.seen.others);
  assert.deepEqual(
    [...new Set(others)],
    ['/api/v2/auth/me'],
    'where nothing is new nothing else is asked but who one is',
  );
  assert.ok(others.length <= 2, `${others.length} times`);
});

test('it asks every 30 s when nobody did anything for a minute, and at once when somebody is back', async () => {
  await begin();
  await polls(95);
  between(await polls(95), 30000, 31600);
  await page.clock.runFor(10000);
  await settled();
  await page.evaluate(() => {
    window.seen.polls = [];
  });
  await page.mouse.move(200, 200);
  await eventually(() => page.evaluate(() => window.seen.polls.length), 1);
  await settled();
  between(await polls(12), 3000, 3200);
});

for (const status of [429, 503])
  test(`it waits as long as a ${status} says, and longer each time`, async () => {
    await begin();
    await refuse(status);
    await polls(8);
    await page.mouse.move(status, 110); // somebody who waits does not hurry it
    between(await polls(45), 20000, 42000);
    await refuse(0);
    await polls(90);
    await page.mouse.move(status, 120);
    await polls(8);
    between(await polls(12), 3000, 3200);
  });

test('it does not ask while the page is hidden, and at once when it is shown again', async () => {
  await begin();
  await hide(page, true);
  assert.deepEqual(await polls(60), []);
  await hide(page, false);
  await eventually(() => page.evaluate(() => window.seen.polls.length), 1);
});

test('while a stream tells of news it asks once a minute for what was lost, and never while the page is hidden', async () => {
  await begin({isLive: true});
  await polls(5);
  between(await polls(130), 60000, 63200);
  await hide(page, true);
  assert.deepEqual(await polls(130), []);
});

await runAll();
