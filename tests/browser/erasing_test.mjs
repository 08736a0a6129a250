// tests/browser/erasing_test.mjs — a company that is erased and kept, in the web client and without it.
import assert from 'node:assert/strict';
import {eventually, named, runAll, test, visitor} from './browser.mjs';
import {arrive, as, fill, found, goTo, password} from './people.mjs';

const [ann, bob] = ['ann', 'bob'].map(named);
const company = named('Company 1');
await found(company, ann, bob);

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

await runAll();
