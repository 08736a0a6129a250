// tests/browser/erasing_test.mjs — a company that is erased and kept, and a person who erases their account, in the web
// client and without it.
import assert from 'node:assert/strict';
import {eventually, named, runAll, test, visitor} from './browser.mjs';
import {arrive, as, fill, found, goTo, open, password, speaker, texts, talkTo, write} from './people.mjs';

const [ann, bob, kim, lee] = ['ann', 'bob', 'kim', 'lee'].map(named);
const company = named('Company 1');
await found(company, ann, bob, kim, lee);

const eraseIn = async (page, name) => {
  const form = page.getByRole('form', {name: 'Erase the company'});
  await form.getByLabel('The company’s name').fill(name);
  await form.getByLabel('Your password').fill(password);
  await form.getByRole('button', {name: 'Erase the company'}).click();
};

async function logIn(page, username) {
  await fill(page, {Username: username, Password: password});
  await page.getByRole('button', {name: 'Log in'}).click();
}

test('an admin erases the company, which logs everybody out, and keeps it', async () => {
  const staff = await as(bob, {expectsRefusals: true});
  await goTo(staff, '#/settings/company', 'Company');
  await staff.getByText('Admins change these.').waitFor();
  assert.equal(await staff.getByRole('form', {name: 'Erase the company'}).count(), 0);
  const admin = await as(ann, {expectsRefusals: true});
  await goTo(admin, '#/settings/company', 'Company');
  await eraseIn(admin, 'Another company');
  await admin.getByText("This is not the company's name.").waitFor();
  await eraseIn(admin, company);
  await admin.getByRole('heading', {name: 'Log in'}).waitFor();

  const again = staff.getByRole('dialog');
  await again.getByRole('button', {name: 'Log in'}).waitFor();
  await again.getByLabel('Password').fill(password);
  await again.getByRole('button', {name: 'Log in'}).click();
  await again.getByText('Until then only its admins get in.').waitFor();

  await logIn(admin, ann);
  await admin.getByRole('heading', {name: `${company} will be erased`}).waitFor();
  await admin.reload();
  await admin.getByRole('button', {name: `Keep ${company}`}).click();
  await eventually(() => admin.title(), `Messages – ${company}`);

  await again.getByRole('button', {name: 'Log in'}).click();
  await eventually(() => staff.getByRole('dialog').count(), 0);
});

test('without scripts both are done on the pages of the routes', async () => {
  const page = await (await arrive(await visitor({javaScriptEnabled: false, expectsRefusals: true}), ann)).newPage();
  await page.goto('/api/v2/accounts/company');
  await page.getByRole('button', {name: 'DELETE'}).click();
  await page.locator('[name=name]').fill(company);
  await page.locator('[name=current_password]').fill(password);
  await page.getByRole('button', {name: 'DELETE'}).click();
  await page.getByRole('heading', {name: 'Your company will be erased'}).waitFor();
  await page.goto('/api/v2/auth/login/');
  await page.locator('[name=username]').fill(bob);
  await page.locator('[name=password]').fill(password);
  await page.getByRole('button', {name: 'Log in'}).click();
  await page.getByText('Until then only its admins get in.').waitFor();
  await page.locator('[name=username]').fill(ann);
  await page.locator('[name=password]').fill(password);
  await page.getByRole('button', {name: 'Log in'}).click();
  await page.getByRole('heading', {name: 'erasure-detail'}).waitFor();
  for (const _ of ['ask', 'do']) await page.getByRole('button', {name: 'DELETE'}).click();
  await page.goto('/api/v2/accounts/users/');
  await page.getByRole('heading', {name: 'user-list'}).waitFor();
});

test('a person erases their account, and what they wrote is that of a former colleague', async () => {
  const page = await as(kim, {expectsRefusals: true});
  await talkTo(page, lee);
  await write(page, 'Keep the keys');
  await eventually(() => texts(page), ['Keep the keys']);
  await goTo(page, '#/settings/profile', 'Names and password');
  const form = page.getByRole('form', {name: 'Erase your account'});
  await form.getByLabel('Your password').fill('wrong');
  await form.getByRole('button').click();
  await form.getByText('Your current password was entered incorrectly.').waitFor();
  await form.getByLabel('Your password').fill(password);
  await form.getByLabel('Your name').selectOption('forget');
  await form.getByRole('button').click();
  await page.getByRole('heading', {name: 'Log in'}).waitFor();
  await logIn(page, kim);
  await page.getByText('No account has this username').waitFor();
  const other = await open(await arrive(await visitor(), lee));
  await goTo(other, '#/', 'Messages');
  await other.locator('.rows .row', {hasText: 'former colleague (left)'}).click();
  await eventually(() => texts(other), ['Keep the keys']);
  assert.equal(
    (await (await speaker(ann))('GET', 'accounts/users/')).some(({username}) => username === kim),
    false,
  );
});

test('the last admin of a company is told which one keeps them', async () => {
  const page = await as(ann, {expectsRefusals: true});
  await goTo(page, '#/settings/profile', 'Names and password');
  const form = page.getByRole('form', {name: 'Erase your account'});
  await form.getByLabel('Your password').fill(password);
  await form.getByRole('button').click();
  await form.getByText(`You are the last admin of ${company}.`).waitFor();
});

await runAll();
