// tests/browser/getting_back_in_test.mjs — a password that was lost: an admin's link, with the web client and without.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {eventually, named, runAll, test, url, visitor} from './browser.mjs';
import {as, fill, found, goTo, open, speaker} from './people.mjs';

const [ann, bob, kim] = ['ann', 'bob', 'kim'].map(named);
const chosen = 'Mortar-and-lime-73!';
const ids = await found('The Lübeck Salt Company', ann, bob, kim);

const linkFor = async (username) =>
  (await (await speaker(ann))('POST', `accounts/users/${ids[username]}/password-link`, {})).link;

async function chooses(page) {
  await page.getByRole('textbox', {name: 'Password'}).fill(chosen);
  await page.getByRole('button', {name: 'Set the password'}).click();
}

test('an admin makes a link on the page of a colleague, who is logged out when it is used and logs in anew', async () => {
  const before = await as(bob, {expectsRefusals: true});
  const page = await as(ann);
  await goTo(page, `#/people/${ids[bob]}`, bob);
  await page.getByRole('button', {name: 'Make a link'}).click();
  const shown = page.getByRole('textbox', {name: 'Link to get in'}).last();
  await eventually(async () => (await shown.inputValue()).startsWith(`${url}/#/password/`), true);
  const bobs = await open(await visitor());
  await bobs.goto(await shown.inputValue());
  await chooses(bobs);
  await bobs.getByRole('heading', {name: 'It is set'}).waitFor();
  assert.equal(await bobs.getByText(`You are ${bob}.`).isVisible(), true);
  await bobs.getByRole('link', {name: 'Log in'}).click();
  await fill(bobs, {Username: bob, Password: chosen});
  await bobs.getByRole('button', {name: 'Log in'}).click();
  await bobs.locator('.app:not(.early)').waitFor();
  await before.getByRole('dialog').getByRole('button', {name: 'Log in'}).waitFor();
});

test('a link that was used is refused, and what one can do then is said', async () => {
  const link = await linkFor(kim);
  for (const isFirst of [true, false]) {
    const page = await open(await visitor({expectsRefusals: true}));
    await page.goto(link);
    await chooses(page);
    if (isFirst) await page.getByRole('heading', {name: 'It is set'}).waitFor();
    else await page.getByText('This link is not valid, or not any more. Ask for a new one.').waitFor();
  }
});

test('a link opens where the browser’s company is shut, and what one does then is to log in', async () => {
  const lea = named('lea'),
    company = named('The Visby Limestone Company');
  await found(company, lea);
  const operator = (...words) =>
    execFileSync(process.env.PARTYWALL_BINARY, [...words, '-c', process.env.PARTYWALL_CONFIG], {encoding: 'utf8'});
  const page = await as(lea, {expectsRefusals: true});
  const link = /http\S+#\/password\/\S+/.exec(operator('user', 'link', lea))[0];
  operator('company', 'suspend', company);
  await page.getByRole('heading', {name: `${company} is suspended`}).waitFor();
  await page.goto(link);
  await chooses(page);
  await page.getByRole('heading', {name: 'It is set'}).waitFor();
  await page.getByRole('link', {name: 'Log in'}).click();
  await page.getByRole('textbox', {name: 'Username'}).waitFor();
});

test('without scripts the password is chosen on the page of the route', async () => {
  const token = (await linkFor(kim)).split('/').pop();
  const page = await (await visitor({javaScriptEnabled: false, expectsRefusals: true})).newPage();
  await page.goto('/');
  await page.getByRole('link', {name: 'this page'}).click();
  await page.locator('[name=token]').fill(token);
  await page.locator('[name=password]').fill(chosen);
  const form = page.locator('form', {has: page.locator('[name=token]')});
  await form.getByRole('button', {name: 'POST'}).click();
  await page.getByText(`"${kim}"`).first().waitFor();
});

await runAll();
