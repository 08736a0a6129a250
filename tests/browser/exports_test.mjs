// tests/browser/exports_test.mjs — a file with all of the company, or with one's own: asked for and fetched, with the web
// client and without.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {named, runAll, test} from './browser.mjs';
import {as, found, goTo, password, speaker, visitorAt} from './people.mjs';

const [ann, bob] = ['ann', 'bob'].map(named);
const ids = await found('The Lübeck Salt Company', ann, bob);
await (
  await speaker(ann)
)('POST', 'user-messages/', {to_user: ids[bob], text: 'Salt is on its way'});

/** As partywall-exports.timer does. */
const make = () =>
  execFileSync(process.env.PARTYWALL_BINARY, ['exports', '-c', process.env.PARTYWALL_CONFIG], {stdio: 'pipe'});

const contentOf = async (download) => gunzipSync(readFileSync(await download.path())).toString();

test('an admin asks for all of the company, sees how far it is, and gets the file for the password', async () => {
  const page = await as(ann, {expectsRefusals: true});
  await goTo(page, '#/settings/exports', 'Exports');
  await page.getByRole('button', {name: 'Ask for all of The Lübeck Salt Company'}).click();
  await page.getByText('It waits for its turn.').waitFor();
  assert.equal(await page.getByRole('button', {name: 'Ask for all of'}).isVisible(), false);
  make();
  await page.getByRole('button', {name: 'Get the file'}).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password').fill('not it');
  await dialog.getByRole('button', {name: 'Get the file'}).click();
  await dialog.locator('.wrong').waitFor();
  await dialog.getByLabel('Password').fill(password);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', {name: 'Get the file'}).click(),
  ]);
  assert.match(download.suggestedFilename(), /^partywall-company-\d{4}-\d\d-\d\d\.tar\.gz$/);
  const content = await contentOf(download);
  assert.ok(content.includes('Salt is on its way') && content.includes('The Lübeck Salt Company'));
  await dialog.waitFor({state: 'detached'});
});

test('a colleague is offered their own alone', async () => {
  const page = await as(bob);
  await goTo(page, '#/settings/exports', 'Exports');
  assert.equal(await page.getByRole('button', {name: 'Ask for all of'}).count(), 0);
  await page.getByRole('button', {name: 'Ask for your own'}).click();
  await page.getByText('It waits for its turn.').waitFor();
});

test('without scripts it is asked for and fetched on the pages of the routes', async () => {
  const page = await (await visitorAt(ann, {javaScriptEnabled: false, expectsRefusals: true})).newPage();
  await page.goto('/api/v2/exports/');
  await page.locator('[name=kind]').first().selectOption('personal');
  const asking = page.locator('form', {has: page.locator('[name=kind]')}).first();
  await asking.getByRole('button', {name: 'POST'}).click();
  await page.getByText('HTTP 201').waitFor();
  make();
  await page.goto('/api/v2/exports/');
  const id = await page
    .getByText(/"personal"/)
    .first()
    .waitFor()
    .then(async () => {
      const rows = await (
        await page.context().request.get('/api/v2/exports/', {headers: {Accept: 'application/json'}})
      ).json();
      return rows.items.find(({kind}) => kind === 'personal').id;
    });
  await page.goto(`/api/v2/exports/${id}`);
  await page.getByRole('link', {name: 'export-link'}).click();
  await page.locator('[name=current_password]').fill(password);
  const confirming = page.locator('form', {has: page.locator('[name=current_password]')});
  await confirming.getByRole('button', {name: 'POST'}).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', {name: /\/file\?token=/}).click(),
  ]);
  assert.match(download.suggestedFilename(), /^partywall-personal-/);
  assert.ok((await contentOf(download)).includes('Salt is on its way'));
});

await runAll();
