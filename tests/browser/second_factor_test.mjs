// tests/browser/second_factor_test.mjs — a second factor in the web client, and on the pages without scripts.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import {eventually, named, runAll, test, visitor} from './browser.mjs';
import {as, fill, found, goTo, open, password, speaker} from './people.mjs';

const [ann, bob, kim, lee] = ['ann', 'bob', 'kim', 'lee'].map(named);
const ids = await found('The Antwerp Diamond Company', ann, bob, kim, lee);

/** RFC 6238, by hand. The step is kept, because each code is good once. */
const steps = new Map();
function codeOf(secret) {
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const key = Buffer.from(
    bits
      .join('')
      .match(/.{8}/g)
      .map((byte) => parseInt(byte, 2)),
  );
  const step = Math.max(Math.floor(Date.now() / 30000), (steps.get(secret) ?? 0) + 1);
  steps.set(secret, step);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = crypto.createHmac('sha1', key).update(counter).digest();
  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
}

/** Goes through the steps that are on the page; answers the secret and the recovery codes. */
async function setUp(page) {
  const shown = page.getByRole('textbox', {name: 'Secret'});
  await shown.waitFor();
  const secret = await shown.inputValue();
  await page.getByRole('textbox', {name: 'Code'}).fill(codeOf(secret));
  await page.getByRole('button', {name: 'Switch it on'}).click();
  const codes = page.getByRole('textbox', {name: 'Recovery codes'});
  await codes.waitFor();
  return [secret, (await codes.inputValue()).split(' ')];
}

async function logsIn(page, username) {
  await goTo(page, '#/login', 'Log in');
  await fill(page, {Username: username, Password: password});
  await page.getByRole('button', {name: 'Log in'}).click();
}

test('is set up in the account, asked for at the login, and switched off', async () => {
  const page = await as(bob);
  await goTo(page, '#/settings/factor', 'Second factor');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', {name: 'Set it up'}).click();
  const [secret, codes] = await setUp(page);
  assert.equal(codes.length, 10);
  await page.getByRole('button', {name: 'I have kept them'}).click();
  await page.getByText('Recovery codes that are left: 10.').waitFor();

  const other = await open(await visitor({expectsRefusals: true}));
  await logsIn(other, bob);
  await other.getByRole('textbox', {name: 'Code'}).fill('12345');
  await other.getByRole('button', {name: 'Log in'}).click();
  await other.getByText('This code is not right, or was used already.').waitFor();
  await other.getByRole('textbox', {name: 'Code'}).fill(codeOf(secret));
  await other.getByRole('button', {name: 'Log in'}).click();
  await other.getByRole('heading', {name: 'Wrong codes were entered'}).waitFor();
  await other.getByText(/^One wrong code was entered beside your password, on .*\d:\d\d.*: change it\.$/).waitFor();
  await other.getByRole('button', {name: 'Go on'}).click();
  await other.locator('.app:not(.early)').waitFor();

  const off = page.getByRole('form', {name: 'Switch it off'});
  await off.getByLabel('Password').fill(password);
  await off.getByLabel('Code').fill(codes[0]);
  await off.getByRole('button', {name: 'Switch it off'}).click();
  await page.getByText('It is off').waitFor();
});

test('is set up at the door by an admin whose company wants it, with a session and without', async () => {
  const annsPage = await as(ann);
  await goTo(annsPage, '#/settings/factor', 'Second factor');
  await annsPage.getByLabel('Password').fill(password);
  await annsPage.getByRole('button', {name: 'Set it up'}).click();
  const [, annsCodes] = await setUp(annsPage);
  const kims = await as(kim, {expectsRefusals: true});
  for (const username of [kim, lee])
    await annsPage.evaluate(
      ([id, token]) =>
        fetch(`/api/v2/accounts/users/${id}`, {
          method: 'PATCH',
          headers: {'Content-Type': 'application/json', 'X-CSRFToken': token},
          body: '{"role": "admin"}',
        }),
      [ids[username], (await annsPage.context().cookies()).find((each) => each.name === 'csrftoken').value],
    );
  await goTo(annsPage, '#/settings/company', 'Company');
  const wanted = annsPage.getByRole('form', {name: 'A second factor'});
  await wanted.getByLabel('A second factor is wanted of').selectOption('admins');
  await wanted.getByLabel('Password').fill(password);
  await wanted.getByLabel('Code').fill(annsCodes[0]);
  await wanted.getByRole('button', {name: 'Save whom it is wanted of'}).click();

  await kims.getByRole('heading', {name: 'A second factor'}).waitFor();
  await kims.getByLabel('Password').fill(password);
  await kims.getByRole('button', {name: 'Set it up'}).click();
  await setUp(kims);
  await kims.getByRole('button', {name: 'Go on'}).click();
  await kims.locator('.app:not(.early)').waitFor();

  const lees = await open(await visitor({expectsRefusals: true}));
  await logsIn(lees, lee);
  await lees.getByRole('heading', {name: 'A second factor'}).waitFor();
  await lees.getByRole('button', {name: 'Set it up'}).click();
  const [secret] = await setUp(lees);
  await lees.getByRole('button', {name: 'Log in'}).click();
  await logsIn(lees, lee);
  await lees.getByRole('textbox', {name: 'Code'}).fill(codeOf(secret));
  await lees.getByRole('button', {name: 'Log in'}).click();
  await lees.locator('.app:not(.early)').waitFor();
});

test('without scripts it is set up on the pages of the routes, and asked for on that of the login', async () => {
  const mia = named('mia');
  await found('The Ghent Linen Company', mia);
  assert.ok(await speaker(mia));
  const page = await (await visitor({javaScriptEnabled: false, expectsRefusals: true})).newPage();
  const send = async (path, values) => {
    await page.goto(`/api/v2/auth/second-factor/${path}/`);
    for (const [name, value] of Object.entries(values)) await page.locator(`[name=${name}]`).first().fill(value);
    await page
      .locator('form', {has: page.locator('[name=username]')})
      .getByRole('button', {name: 'POST'})
      .click();
  };
  await page.goto('/api/v2/auth/login/');
  await page.getByLabel('Username').fill(mia);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', {name: 'Log in'}).click();
  await page.getByText(mia).first().waitFor();
  await send('set-up', {password});
  const [, secret] = /"secret": "([A-Z2-7]{32})"/.exec(await page.locator('main').innerText());
  await send('confirm', {password, code: codeOf(secret)});
  await eventually(async () => (await page.locator('main').innerText()).includes('recovery_codes'), true);
  await page.goto('/api/v2/auth/login/');
  await page.getByLabel('Username').fill(mia);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', {name: 'Log in'}).click();
  await page.getByLabel('Code').fill(codeOf(secret));
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', {name: 'Log in'}).click();
  await page.getByText(mia).first().waitFor();
});

await runAll();
