// tests/browser/forms_test.mjs — forms of the web client: two people at one row, leaving what was typed, and the
// list of customers beside it.
import assert from 'node:assert/strict';
import {eventually, named, runAll, test} from './browser.mjs';
import {andSays, as, fill, found, goTo, names, speaker} from './people.mjs';

const [ann, bob] = ['ann', 'bob'].map(named);
const save = (page) => page.getByRole('button', {name: 'Save', exact: true}).click();
const saved = (page) => andSays(page, 'Saved.', () => save(page));
const value = (page, label) => page.getByLabel(label, {exact: false}).first().inputValue();
let tell;

test('of two who change one customer both versions are shown, and neither is lost', async () => {
  await found(named('Company 1'), ann, bob);
  tell = await speaker(ann);
  const {id} = await tell('POST', 'customers/', {name: 'Kessler', email: 'k@x.example', phone: '1', notes: 'Old'});
  const one = await as(ann, {expectsRefusals: true}),
    two = await as(bob, {expectsRefusals: true});
  for (const page of [one, two]) await goTo(page, `#/customers/${id}`, 'Kessler');
  for (const page of [one, two]) await page.getByLabel('Notes').waitFor();
  await fill(two, {Notes: 'Written by Bob', Phone: '2'});
  await saved(two);
  await fill(two, {Notes: 'Written by Bob, again'}); // the second time as well
  await saved(two);
  await fill(one, {Notes: 'Written by Ann'});
  await save(one);
  await one.getByText('Both versions are below').waitFor();
  assert.equal(await value(one, 'Notes'), 'Written by Ann');
  assert.equal(await value(one, 'Phone'), '2'); // which Ann did not touch
  await one.getByText('Somebody else wrote: Written by Bob, again').waitFor();
  assert.equal((await tell('GET', `customers/${id}`)).notes, 'Written by Bob, again');
  await one.getByRole('button', {name: 'exchange'}).last().click();
  assert.equal(await value(one, 'Notes'), 'Written by Bob, again');
  await one.getByText('You wrote: Written by Ann').waitFor();
  await one.getByRole('button', {name: 'exchange'}).last().click();
  await fill(one, {Notes: 'Written by Ann and Bob'});
  await saved(one);
  assert.equal((await tell('GET', `customers/${id}`)).notes, 'Written by Ann and Bob');
  await fill(two, {Name: 'Kessler & Sons'}); // and the other one again, with what is old there
  await save(two);
  await two.getByText('Somebody changed something else').waitFor();
  assert.equal(await value(two, 'Notes'), 'Written by Ann and Bob');
  await saved(two);
  assert.deepEqual((({name, notes}) => [name, notes])(await tell('GET', `customers/${id}`)), [
    'Kessler & Sons',
    'Written by Ann and Bob',
  ]);
  await fill(one, {Notes: 'Too late'});
  await tell('DELETE', `customers/${id}`);
  await save(one);
  await one.getByText('Somebody deleted this customer meanwhile').waitFor();
  assert.equal(await value(one, 'Notes'), 'Too late');
});

test('a change whose answer was lost is a success when it is saved again, and nobody else is blamed', async () => {
  const {id} = await tell('POST', 'customers/', {name: 'Lost', email: 'lost@x.example', notes: 'Old'});
  const page = await as(ann, {expectsRefusals: true});
  await goTo(page, `#/customers/${id}`, 'Lost');
  await fill(page, {Notes: 'Mine '}); // which is kept without the blank
  let lost = 0;
  await page.route(`**/customers/${id}`, async (route) => {
    if (route.request().method() !== 'PUT' || lost++) return route.fallback();
    await route.fetch(); // it arrives
    return route.abort();
  });
  await save(page);
  await page.locator('.problem', {hasText: 'cannot be reached'}).waitFor();
  await saved(page);
  await fill(page, {Notes: 'Mine, again'}); // with the row's tag as it is now
  await save(page);
  await eventually(async () => (await tell('GET', `customers/${id}`)).notes, 'Mine, again');
  await tell('DELETE', `customers/${id}`);
});

test('of two admins who change the company the second one sees both', async () => {
  const page = await as(ann, {expectsRefusals: true});
  await goTo(page, '#/settings/company', 'Company');
  await page.getByLabel('Address').waitFor();
  await tell('PATCH', 'accounts/company', {address: '2 Side St'});
  await fill(page, {Address: '3 High St'});
  await save(page);
  await page.getByText('Somebody else wrote: 2 Side St').waitFor();
  await saved(page);
  assert.equal((await tell('GET', 'accounts/company')).address, '3 High St');
});

test('an admin says for how many days messages are kept, and sees what another admin said meanwhile', async () => {
  const page = await as(ann, {expectsRefusals: true});
  await goTo(page, '#/settings/company', 'Company');
  const days = page.getByLabel('Days that messages are kept');
  assert.equal(await days.inputValue(), '0');
  await days.fill('365');
  await saved(page);
  assert.equal((await tell('GET', 'accounts/company')).messages_days, 365);
  await tell('PATCH', 'accounts/company', {messages_days: 400});
  await fill(page, {Address: '4 Low St'});
  await save(page);
  await page.getByText('Changed by somebody else. It was: 365').waitFor();
  await saved(page);
  const {address, messages_days} = await tell('GET', 'accounts/company');
  assert.deepEqual([address, messages_days], ['4 Low St', 400]);
  await tell('PATCH', 'accounts/company', {messages_days: 0});
});

test('leaving a form with changes asks, whichever way one leaves, and what is saved is left without a question', async () => {
  const page = await as(ann);
  const ask = page.getByRole('dialog', {name: 'Leave without saving?'});
  await goTo(page, '#/customers/add', 'Add a customer');
  await fill(page, {Notes: 'Half a thought'});
  for (const leave of [
    () => page.goBack(),
    () => page.locator('.nav a', {hasText: 'People'}).click(),
    () => page.goto('/#/settings'),
  ]) {
    await leave();
    await ask.getByRole('button', {name: 'Stay'}).click();
    await ask.waitFor({state: 'detached'});
    assert.equal(await value(page, 'Notes'), 'Half a thought');
    assert.equal(new URL(page.url()).hash, '#/customers/add');
  }
  const asked = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    dialog.accept();
  });
  await page.reload();
  assert.deepEqual(asked, ['beforeunload']);
  await fill(page, {Notes: 'Another thought'});
  await page.locator('.nav a', {hasText: 'People'}).click();
  await ask.getByRole('button', {name: 'Leave'}).click();
  await page.getByRole('heading', {name: 'People', level: 2}).waitFor();
});

test('the list of customers keeps its place and its selection, and shows a new row', async () => {
  for (let index = 1; index <= 130; index++)
    await tell('POST', 'customers/', {name: `Row ${index}`, email: `row${index}@x.example`});
  const page = await as(ann);
  const pane = page.locator('.list-pane');
  const selected = () => page.locator('.rows [aria-current] .row-title').allInnerTexts();
  await goTo(page, '#/customers', 'Customers');
  await page.getByRole('button', {name: 'Show more'}).click();
  await eventually(async () => (await names(page)).length, 130);
  await page.locator('.row', {hasText: 'Row 120'}).click();
  await page.getByLabel('Notes').waitFor();
  const place = await pane.evaluate((node) => node.scrollTop);
  assert.ok(place > 1000, `${place}`);
  await fill(page, {Name: 'Row 120, renamed'});
  await saved(page);
  await eventually(selected, ['Row 120, renamed']);
  assert.equal((await names(page)).length, 130);
  assert.equal(await pane.evaluate((node) => node.scrollTop), place);
  await goTo(page, '#/people', 'People'); // and over a visit elsewhere
  await goTo(page, '#/customers', 'Customers');
  await eventually(async () => (await names(page)).length, 130);
  await eventually(() => pane.evaluate((node) => node.scrollTop), place);

  await page.reload(); // a new one is after those that were not asked for yet
  await eventually(async () => (await names(page)).length, 100);
  await page.locator('.search').fill('row 1');
  await eventually(async () => (await names(page)).every((name) => name.startsWith('Row 1')), true);
  await page.getByRole('link', {name: 'Add a customer'}).click();
  await fill(page, {Name: 'Brand new', 'E-mail': 'new@x.example'});
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await page.getByRole('heading', {name: 'Brand new', level: 2}).waitFor();
  await eventually(selected, ['Brand new']);
  await eventually(
    () =>
      page.locator('.rows [aria-current]').evaluate((row) => {
        const {top, bottom} = row.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      }),
    true,
  );
  await page.getByRole('button', {name: 'Show more'}).click();
  await eventually(async () => [(await names(page)).length, new Set(await names(page)).size], [131, 131]);
});

test('customers are found by any part of what they are known by, however far back they are', async () => {
  const address = named('far').toLowerCase();
  await tell('POST', 'customers/', {name: 'Far back', email: `${address}@x.example`, phone: '+49 30 4711'});
  for (let index = 1; index <= 350; index++)
    await tell('POST', 'customers/', {name: `Hay ${index}`, email: `hay${index}@x.example`});
  const page = await as(ann);
  await goTo(page, '#/customers', 'Customers');
  for (const typed of ['R BAC', address, '4711']) {
    await page.locator('.search').fill(typed);
    await eventually(() => names(page), ['Far back']);
  }
  await page.locator('.search').fill('in no customer');
  await page.getByText('No customer has that').waitFor();
});

await runAll();
