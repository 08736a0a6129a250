// tests/browser/first_run_test.mjs — the first minutes in the web client: where one goes from an empty company, words on
// buttons, passwords and secrets, and what is said when something does not work.
import assert from 'node:assert/strict';
import {eventually, named, runAll, test, visitor} from './browser.mjs';
import {as, fill, found, goTo, hire, open, password, signUp, talkTo, texts, visitorAt, write} from './people.mjs';

const [ann, bob] = ['ann', 'bob'].map(named);
const company = 'The Bremen Warehousing and Trading Company';
let ids;

test('at sign-up the password can be looked at, and an empty company leads to where one adds and invites', async () => {
  const page = await open(await visitor(), '#/signup');
  const field = page.getByRole('textbox', {name: 'Password'});
  await field.fill('Seen while typed');
  assert.equal(await field.getAttribute('type'), 'password');
  await page.getByRole('button', {name: 'Show password'}).click();
  assert.equal(await field.getAttribute('type'), 'text');
  await page.getByRole('button', {name: 'Hide password'}).click();
  assert.equal(await field.getAttribute('type'), 'password');
  await signUp(page, company, ann);
  await page.getByRole('link', {name: 'Add or invite people'}).click();
  await page.getByRole('heading', {name: 'Add somebody'}).waitFor();
  await page.getByRole('link', {name: 'invite them'}).click();
  await page.getByRole('heading', {name: 'Invite'}).waitFor();
  ids = {[bob]: await hire(page, bob)};
});

test('wherever a new password is typed it can be looked at, and after it was taken it is covered again', async () => {
  const page = await as(ann, {expectsRefusals: true});
  for (const [hash, label] of [
    ['#/people/add', 'First password'],
    ['#/settings/profile', 'New password'],
    [`#/people/${ids[bob]}`, 'New password'],
  ]) {
    await page.goto(`/${hash}`);
    const field = page.getByRole('textbox', {name: label});
    await field.fill('Another-brick-48!');
    await page.getByRole('button', {name: 'Show password'}).click();
    assert.equal(await field.getAttribute('type'), 'text', hash);
    await field.fill(''); // else it asks before it leaves
  }
  const field = page.getByRole('textbox', {name: 'New password'});
  await field.fill(password);
  await page.getByRole('button', {name: 'Set the password'}).click();
  await eventually(() => field.getAttribute('type'), 'password');
  assert.equal(await field.inputValue(), '');
});

test('every button and link has words, or on a phone a name and a tooltip; the company is read by its whole name', async () => {
  const wordless = () =>
    [...document.querySelectorAll('a, button')]
      .filter((each) => each.checkVisibility() && !each.innerText.replace(/\P{L}/gu, ''))
      .map((each) => [each.outerHTML.slice(0, 200), each.ariaLabel && each.title]);
  const hashes = ['#/', `#/messages/${ids[bob]}`, '#/people', '#/customers', '#/settings'];
  for (const viewport of [undefined, {width: 320, height: 640}]) {
    const page = await as(ann, viewport && {viewport});
    for (const hash of hashes) {
      await page.goto(`/${hash}`);
      await page.locator(hash.includes('messages') ? '.composer' : '.list:visible').waitFor();
      const found = await page.evaluate(wordless);
      assert.deepEqual(viewport ? found.filter(([, named]) => !named) : found, [], hash);
    }
    assert.equal(await page.locator('.here').innerText(), company);
    const isCut = await page.locator('.here').evaluate((each) => each.scrollWidth > each.clientWidth);
    assert.equal(isCut, false);
  }
});

test('each section and each conversation has a title of its own', async () => {
  const page = await as(ann);
  for (const [hash, title] of [
    ['#/', `Messages – ${company}`],
    [`#/messages/${ids[bob]}`, `${bob} – Messages – ${company}`],
    ['#/people', `People – ${company}`],
    [`#/people/${ids[bob]}`, `${bob} – People – ${company}`],
    ['#/customers/add', `Add a customer – Customers – ${company}`],
    ['#/settings/tokens', `API tokens – Account – ${company}`],
  ]) {
    await page.goto(`/${hash}`);
    await eventually(() => page.title(), title);
  }
  await goTo(page, '#/customers/add', 'Add a customer');
  await fill(page, {Name: 'Zed & Sons', 'E-mail': 'zed@example.org'});
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await eventually(() => page.title(), `Zed & Sons – Customers – ${company}`);
  await page.reload();
  await eventually(() => page.title(), `Zed & Sons – Customers – ${company}`);
});

test('a dialog that asks before something is lost has the focus where Enter does no harm', async () => {
  const page = await as(ann);
  await goTo(page, `#/people/${ids[bob]}`, bob);
  await page.getByRole('button', {name: `Remove ${bob}`}).click();
  const question = page.getByRole('dialog', {name: `Remove ${bob}?`});
  await question.waitFor();
  await eventually(() => page.evaluate(() => document.activeElement.textContent), 'Cancel');
  await page.keyboard.press('Enter');
  await question.waitFor({state: 'detached'});
  await goTo(page, '#/people', 'People');
  await page.locator('.row', {hasText: bob}).waitFor();
});

test('a secret is hidden again after a while, and when one leaves', async () => {
  const page = await (await visitorAt(ann)).newPage();
  await page.clock.install();
  await goTo(page, '#/people/invite', 'Invite');
  await page.getByRole('button', {name: 'Make a link'}).click();
  await eventually(async () => /#\/invitation\//.test(await page.getByLabel('Invitation link').inputValue()), true);
  await page.clock.fastForward(121000);
  await page.getByText('Invitation link: hidden again').waitFor();
  assert.equal(await page.getByLabel('Invitation link').count(), 0);

  await goTo(page, '#/settings/tokens', 'API tokens');
  await fill(page, {Name: 'Backup'});
  await page.getByRole('button', {name: 'Make a token'}).click();
  await page.getByRole('textbox', {name: 'API token', exact: true}).waitFor();
  assert.equal(await page.getByLabel('Days until it expires').inputValue(), '90'); // as it was at first
  await goTo(page, '#/people', 'People');
  await page.goBack();
  await page.getByText('Backup').waitFor();
  assert.equal(await page.locator('.secret').count(), 0);
});

test('who cannot log in is told why, and how long to wait', async () => {
  const page = await open(await visitor({expectsRefusals: true}), '#/login');
  await fill(page, {Username: named('nobody'), Password: 'Wrong-brick-48!'});
  const refusal = page.getByRole('alert');
  for (let tries = 0; ; tries++) {
    await page.getByRole('button', {name: 'Log in'}).click();
    await page.locator('button[aria-busy=true]').waitFor({state: 'detached'});
    await refusal.waitFor();
    const said = await refusal.innerText();
    if (said.startsWith('Too many tries. Try again in ')) {
      assert.match(said, /^Too many tries\. Try again in (\d\d? seconds|\d minutes)\.$/);
      return;
    }
    assert.equal(said, 'No account has this username and this password. Check both.');
    assert.ok(tries < 50, 'never too many');
  }
});

test('a message that is not sent says why, and what becomes of it', async () => {
  const page = await as(ann, {expectsRefusals: true});
  await talkTo(page, bob);
  await page.context().setOffline(true);
  await write(page, 'Later');
  await page.getByText('Not sent, because you are offline. It is sent by itself later:').waitFor();
  await page.context().setOffline(false);
  await eventually(() => page.locator('.failed, .sending').count(), 0);
  await page.locator('.composer textarea').fill('x'.repeat(70000));
  await page.getByRole('button', {name: 'Send'}).click();
  const meta = page.locator('.failed .meta');
  await eventually(() => meta.innerText(), 'Not sent: It is too long. Copy it, and send it in parts. retry or discard');
});

test('days and months are in the language of the texts, whatever the browser’s is', async () => {
  const page = await (await visitorAt(ann, {locale: 'de-DE'})).newPage();
  await page.clock.install();
  await page.goto('/');
  await talkTo(page, bob);
  await page.locator('.day', {hasText: 'Today'}).waitFor();
  const [year, weekday] = await page.evaluate(() => [new Date().getFullYear(), new Date().getDay()]);
  await page.clock.setSystemTime(Date.now() + 3 * 864e5);
  await page.reload();
  const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  await eventually(() => page.locator('.row-when').first().innerText(), days[weekday]);
  await page.clock.setSystemTime(new Date(year + 2, 0, 1));
  await page.reload();
  const months = /^\d+ (January|February|March|April|May|June|July|August|September|October|November|December) \d{4}$/;
  await eventually(async () => months.test(await page.locator('.day').last().innerText()), true);
});

test('code between back ticks keeps its spaces, is no link, and is set apart', async () => {
  const page = await as(ann);
  await talkTo(page, bob);
  await write(page, 'See `a  b   https://example.org/` and\n```\nif (x)\n    go();\n```\nhttps://example.org/c');
  const code = page.locator('.log code');
  await eventually(() => code.allTextContents(), ['a  b   https://example.org/', 'if (x)\n    go();']);
  assert.equal(await code.last().innerText(), 'if (x)\n    go();');
  assert.equal(await page.locator('.log a').count(), 1);
  const [inline, block] = await code.evaluateAll((all) =>
    all.map((each) => [getComputedStyle(each).whiteSpace, getComputedStyle(each).fontFamily]),
  );
  assert.deepEqual([inline[0], block[0]], ['pre-wrap', 'pre']);
  assert.match(inline[1], /monospace/);
  assert.equal((await texts(page)).length > 0, true);
});

test('messages are items of a list, with author and time', async () => {
  const page = await as(ann);
  await talkTo(page, bob);
  const log = page.getByRole('log', {name: `Messages with ${bob}`});
  await log.getByRole('list').waitFor();
  await log
    .getByRole('listitem')
    .filter({hasText: /^You, \d\d:\d\d: /})
    .first()
    .waitFor();
  const theirs = await as(bob);
  await talkTo(theirs, ann);
  await theirs
    .getByRole('listitem')
    .filter({hasText: new RegExp(`^${ann.replace('.', '\\.')}, \\d\\d:\\d\\d: `)})
    .first()
    .waitFor();
});

await runAll();
