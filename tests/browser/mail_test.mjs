// tests/browser/mail_test.mjs — one's own e-mail address in the account, and a link for a new password that is sent to
// it, with the web client and without.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, readdirSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {eventually, named, runAll, test, url, visitor} from './browser.mjs';
import {arrive, as, fill, found, goTo, invitation, open, password} from './people.mjs';

const [ann, bob] = ['ann', 'bob'].map(named);
const chosen = 'Mortar-and-lime-73!';
await found('The Bruges Lace Company', ann, bob);

const folder = join(dirname(process.env.PARTYWALL_CONFIG), 'mail');

/** The link in the mail that is sent to an address now. */
function linkSentTo(address) {
  execFileSync(process.env.PARTYWALL_BINARY, ['mail', '-c', process.env.PARTYWALL_CONFIG], {stdio: 'pipe'});
  const paths = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const path = paths.find((each) => readFileSync(each, 'utf8').includes(`\nTo: ${address}\n`));
  const [link] = /^http\S*#\S+$/m.exec(readFileSync(path, 'utf8'));
  rmSync(path);
  return link;
}

const address = (username) => `${username}@example.org`;

async function asksFor(page, username) {
  await goTo(page, '#/settings/email', 'E-mail');
  await page.getByRole('textbox', {name: 'E-mail address'}).fill(address(username));
  await page.getByRole('textbox', {name: 'Password'}).first().fill(password);
  await page.getByRole('button', {name: 'Send a link to it'}).click();
  await page.getByText(`A link was sent to ${address(username)}.`).waitFor();
}

test('an address is confirmed in the account by the link that was sent to it, and brings a new password', async () => {
  const page = await as(ann);
  await asksFor(page, ann);
  await page.goto(linkSentTo(address(ann)));
  await page.getByRole('button', {name: 'Confirm it'}).click();
  await page.getByText(`${address(ann)} is yours.`).waitFor();
  await page.getByRole('link', {name: 'Go on'}).click();
  await goTo(page, '#/settings/email', 'E-mail');
  await page.getByText(`It is ${address(ann)}.`).waitFor();

  const door = await open(await visitor());
  await door.getByRole('link', {name: 'Forgot your password?'}).click();
  await door.getByRole('heading', {name: 'Forgot your password?'}).waitFor();
  await door.getByRole('textbox', {name: 'E-mail address'}).fill(address(ann));
  await door.getByRole('button', {name: 'Send the link'}).click();
  await door.getByRole('heading', {name: 'Look into your mail'}).waitFor();
  const link = linkSentTo(address(ann));
  assert.ok(link.startsWith(`${url}/#/password/`));
  await door.goto(link);
  await door.getByRole('textbox', {name: 'Password'}).fill(chosen);
  await door.getByRole('button', {name: 'Set the password'}).click();
  await door.getByText(`You are ${ann}.`).waitFor();
});

test('who joins a further company is told to which address links for a new password go', async () => {
  const other = named('other'),
    second = named('The Ghent Linen Company');
  await found(second, other);
  const page = await open(await arrive(await visitor(), ann, chosen));
  await page.goto(await invitation(other, ann));
  await page.getByRole('button', {name: `Join as ${ann}`}).click();
  await page.getByText(`Links for a new password of yours go to ${address(ann)}.`).waitFor();
  await page.getByRole('button', {name: 'Go on'}).click();
  await eventually(() => page.title(), `Messages – ${second}`);
});

test('whoever is not logged in logs in before the address is confirmed', async () => {
  const page = await as(bob);
  await asksFor(page, bob);
  const door = await open(await visitor());
  await door.goto(linkSentTo(address(bob)));
  await fill(door, {Username: bob, Password: password});
  await door.getByRole('button', {name: 'Log in'}).click();
  await door.getByRole('button', {name: 'Confirm it'}).click();
  await door.getByText(`${address(bob)} is yours.`).waitFor();
});

test('without scripts a link is asked for on the page that the login leads to', async () => {
  const page = await (await visitor({javaScriptEnabled: false, expectsRefusals: true})).newPage();
  await page.goto('/api/v2/auth/login/');
  await page.getByRole('link', {name: 'Forgot your password?'}).click();
  await page.locator('[name=email]').fill(address(bob));
  await page
    .locator('form', {has: page.locator('[name=email]')})
    .getByRole('button', {name: 'POST'})
    .click();
  await eventually(async () => (await page.locator('main').innerText()).includes('202'), true);
  assert.ok(linkSentTo(address(bob)).startsWith(`${url}/#/password/`));
});

await runAll();
