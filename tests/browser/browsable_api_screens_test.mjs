// tests/browser/browsable_api_screens_test.mjs — every page of the browsable API: readable by day, by night and on a
// phone, for everybody. The pages are those of tests/routes.txt: a new route is looked at without being told.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {axeEverywhere, named, runAll, test, tooWide, visitor} from './browser.mjs';
import {arrive, found, invitation, speaker} from './people.mjs';

const [ann, bob, other] = ['ann', 'bob', 'other'].map(named);
const table = fs.readFileSync(new URL('../routes.txt', import.meta.url), 'utf8');
const routes = [
  ...new Set(
    table
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/)[1])
      .filter((path) => path.startsWith('/api/v2/') && !/\.(json|yaml)$/.test(path)), // all have pages in one frame
  ),
];
const api = '/api/v1/';
let parameters;

const person = async (username) => {
  const context = await visitor({axe: true, expectsRefusals: true});
  if (username) await arrive(context, username);
  return context.newPage();
};

const addressOf = (route) =>
  route.replace(/\{(\w+)\}/, (_, name) => {
    assert.ok(name in parameters, `no example of a ${name}: say one in this file`);
    return parameters[name];
  });

async function company() {
  const ids = await found('A company with rather a long name, as companies have', ann, bob);
  await found('Another one', other);
  const tell = await speaker(ann);
  const long = 'x'.repeat(90);
  const message = await tell('POST', 'user-messages/', {
    to_user: `/api/v1/accounts/users/${ids[bob]}`,
    text: `See https://example.org/${long}\n${long}`,
  });
  const customer = await tell('POST', 'customers/', {
    name: `Zed & Sons ${long.slice(20)}`,
    email: 'zed@example.org',
    notes: 'Pays late',
  });
  await tell('POST', 'customers/', {name: 'Amber', email: 'amber@example.org'});
  const invited = await tell('POST', 'accounts/invitations/', {role: 'staff'});
  const token = await tell('POST', 'auth/api-tokens/', {name: 'Backup script', access: 'read'});
  await tell('POST', 'auth/invitation/accept/', {token: (await invitation(other)).split('/').pop()});
  await arrive(await visitor(), ann);
  const [session] = await tell('GET', 'auth/sessions/');
  parameters = {
    user_id: ids[bob],
    message_id: message.id,
    customer_id: customer.id,
    invitation_id: invited.id,
    session_id: session.id,
    api_token_id: token.id,
    company_id: (await tell('GET', 'auth/me')).company.id,
    export_id: (await tell('POST', 'exports/', {kind: 'personal'})).id,
  };
}

const nobodys = {
  'nothing here': (page) => page.goto(`${api}nothing`),
  'not logged in': (page) => page.goto(`${api}accounts/users/`),
  'log in, refused': async (page) => {
    await page.goto(`${api}auth/login/`);
    await page.getByLabel('Username').fill('nobody');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', {name: 'Log in'}).click();
    await page.getByRole('alert').waitFor();
  },
  'sign up, refused': async (page) => {
    await page.goto(`${api}accounts/`);
    await page.getByLabel('Username').fill('no blanks please');
    await page.locator('section form').evaluate((form) => {
      form.noValidate = true;
    });
    await page.locator('section').getByRole('button', {name: 'POST'}).click();
    await page.locator('[aria-invalid]').first().waitFor();
  },
};

const admins = {
  'no such person': (page) => page.goto(`${api}accounts/users/01890000-0000-7000-8000-000000000000`),
  'raw data, refused': async (page) => {
    await page.goto(`${api}accounts/users/`);
    await page.getByText('Raw data').click();
    await page.getByLabel('Content').fill('{');
    await page.locator('details.raw').getByRole('button', {name: 'POST'}).click();
    await page.getByRole('alert').waitFor();
  },
  'a filter that is wrong': (page) => page.goto(`${api}customers/?limit=0&created_since=yesterday`),
  'a part of a list, and the menu of GET': async (page) => {
    await page.goto(`${api}customers/?limit=1`);
    await page.getByRole('link', {name: 'Next page'}).click();
    await page.getByRole('link', {name: 'First page'}).waitFor();
    await page.locator('summary[aria-label="GET as"]').click();
  },
  options: async (page) => {
    await page.goto(`${api}customers/`);
    await page.getByRole('button', {name: 'OPTIONS'}).click();
    await page.getByText('"max_length"').first().waitFor();
  },
  'meant for another company': async (page) => {
    await page.goto(`${api}customers/`);
    await page.locator('section [name=x_company]').evaluate((field) => {
      field.value = '01890000-0000-7000-8000-000000000000';
    });
    await page.locator('section [name=name]').fill('Astray');
    await page.locator('section [name=email]').fill('astray@example.org');
    await page.locator('section').getByRole('button', {name: 'POST'}).click();
    await page.getByText('opened in another company').waitFor();
  },
  'asked before deleting': async (page) => {
    await page.goto(`${api}customers/${parameters.customer_id}`);
    await page.getByRole('button', {name: 'DELETE'}).click();
    await page.getByText('Nothing is done yet').waitFor();
  },
  deleted: async (page) => {
    await page.getByRole('button', {name: 'DELETE'}).click();
    await page.getByRole('link', {name: 'Go on'}).waitFor();
  },
};

/** Shows one screen after the other on a page; what is wrong on them. */
async function wrongOn(page, screens) {
  const wrong = [];
  for (const [name, show] of Object.entries(screens)) {
    await show(page);
    await page.locator('h1').waitFor();
    wrong.push(...(await axeEverywhere(page, tooWide)).map((each) => `${name}: ${each}`));
  }
  return [...new Set(wrong)];
}

test('nothing serious is wrong on the page of any route: light, dark, and at 320 px', async () => {
  await company();
  assert.ok(routes.length > 20, `${routes.length} routes`);
  const pages = Object.fromEntries(routes.map((route) => [route, (page) => page.goto(addressOf(route))]));
  assert.deepEqual(await wrongOn(await person(ann), pages), []);
});

test('nor on what people come upon: refusals, questions, parts of lists', async () => {
  const staffs = {'only for admins': (page) => page.goto(`${api}accounts/invitations/`)};
  assert.deepEqual(await wrongOn(await person(), nobodys), []);
  assert.deepEqual(await wrongOn(await person(bob), staffs), []);
  assert.deepEqual(await wrongOn(await person(ann), admins), []);
});

await runAll();
