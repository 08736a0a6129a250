// tests/browser/browsable_api_test.mjs — two companies and six people, by hand in the browsable API,
// with scripts switched off.
//
// Needs PARTYWALL_URL, playwright-core and Debian's chromium. Its last line: `N passed, N failed`.
// SCREENSHOTS=folder keeps pictures of some pages.
import { chromium } from './browser.mjs';

const site = process.env.PARTYWALL_URL ?? 'http://127.0.0.1:8080';
const password = 'Faced-0483-Bead!';
const run = Date.now().toString(36);
const users = '/api/v1/accounts/users/';
const messages = '/api/v1/user-messages/';

let passed = 0;
let failed = 0;
function check(what, holds) {
  holds ? passed++ : failed++;
  if (!holds) console.log(`FAILED: ${what}`);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const complaints = [];

async function person() {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: site });
  const page = await context.newPage();
  page.on('console', (message) => {
    // That a page's status is 4xx is no fault of the page.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  return page;
}

const status = async (page) => (await page.locator('.answer .ok, .answer .no').textContent()).trim();
const answer = (page) => page.locator('.answer').textContent();
const form = (page) => page.locator('section.card form');
const picture = async (page, name, options = {}) => {
  if (process.env.SCREENSHOTS)
    await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png`, ...options });
};

async function signUp(company, username) {
  const page = await person();
  await page.goto('/api/v1/accounts/');
  check('the form to sign up is on the page, though it cannot be got', (await status(page)).includes('405'));
  await page.fill('[name="company.name"]', company);
  await page.fill('[name="company.address"]', '1 Main Street');
  await page.fill('[name="user.username"]', username);
  await page.fill('[name="user.password"]', password);
  await form(page).getByRole('button', { name: 'POST' }).click();
  check(`${company} is created`, (await status(page)) === 'HTTP 201 Created');
  return page;
}

async function logIn(page, username, next = users) {
  await page.goto(next);
  check('who is not logged in is told so', (await status(page)).includes('401'));
  await page.getByRole('link', { name: 'Log in', exact: true }).first().click();
  await page.fill('[name="username"]', username);
  await page.fill('[name="password"]', password);
  await page.getByRole('button', { name: 'Log in' }).click();
  check(`${username} is logged in and back`, new URL(page.url()).pathname === next);
  check('the page says who one is', (await page.locator('.who').textContent()).includes(username));
  return page;
}

async function hire(page, username) {
  await page.goto(users);
  await page.fill('section [name="username"]', username);
  await page.fill('section [name="password"]', password);
  await form(page).getByRole('button', { name: 'POST' }).click();
  check(`${username} is hired`, (await status(page)) === 'HTTP 201 Created');
}

async function write(page, to, text) {
  await page.goto(messages);
  await page.selectOption('[name="to_user"]', { label: to });
  await page.fill('[name="text"]', text);
  await form(page).getByRole('button', { name: 'POST' }).click();
  check(`a message to ${to} is sent`, (await status(page)) === 'HTTP 201 Created');
}

const name = (n) => `user${n}_${run}`;

// ---- two companies, three people each ----

const admins = [];
for (const [company, first] of [['One & <b>Sons</b>', 1], ['Two Ltd', 4]]) {
  const page = await signUp(`${company} ${run}`, name(first));
  await logIn(page, name(first));
  check('the company is named beside it', (await page.locator('.who').textContent()).includes(company));
  await hire(page, name(first + 1));
  await hire(page, name(first + 2));
  admins.push(page);
}
const [one, two] = admins;
await one.goto(users);
check('names are text, never markup', (await one.locator('.who b b').count()) === 0);
check('a company sees its three people', (await one.locator('.answer a', { hasText: users }).count()) === 3);
check('and nobody else', !(await answer(one)).includes(name(4)));
await picture(one, 'users');

// ---- messages, and who sees them ----

await one.goto(messages);
const options = await one.locator('[name="to_user"] option').allTextContents();
check('one can write to colleagues', options.includes(name(2)) && options.includes(name(3)));
check('not to oneself or another company', options.length === 3);

const user2 = await logIn(await person(), name(2), messages);
const user3 = await logIn(await person(), name(3), messages);
await write(one, name(2), 'Hello, "user2" <i>& all</i>\nsecond line');
await write(user2, name(1), `See http://evil.example/ and ${site}${users}`);
await picture(user2, 'sent');
await user2.goto(messages);
check('the recipient sees the message', (await answer(user2)).includes('\\nsecond line'));
check('as text', (await user2.locator('.answer i').count()) === 0);
check('without the carriage return of the form', !(await answer(user2)).includes('\\r'));
check('an address in a text leads nowhere', (await user2.locator('a[href*="evil.example"]').count()) === 0);
await picture(user2, 'messages', { fullPage: true });
await user3.goto(messages);
check('a colleague does not see it', !(await answer(user3)).includes('second line'));
await two.goto(messages);
check('another company does not see it', !(await answer(two)).includes('second line'));

// ---- read state, through links only ----

await user2.goto(messages);
await user2.locator('.answer a', { hasText: messages }).first().click();
await user2.getByRole('link', { name: 'usermessage-read' }).click();
await form(user2).getByRole('button', { name: 'PUT' }).click();
check('the recipient marks it as read', /"read_at": "\d{4}-/.test(await answer(user2)));
const foreign = new URL(user2.url()).pathname.replace('/read', '');
await two.goto(foreign);
check('another company finds nothing there', (await status(two)).includes('404'));
check('and no form', (await two.locator('section form').count()) === 0);
await one.goto(foreign + '/read');
check('the sender cannot mark it', (await one.getByRole('button', { name: 'PUT' }).count()) === 0);

// ---- errors beside the fields ----

await one.goto(users);
await one.fill('section [name="username"]', name(2).toUpperCase());
await one.fill('section [name="password"]', 'short');
await form(one).getByRole('button', { name: 'POST' }).click();
check('a taken name is refused', (await status(one)).includes('400'));
const field = one.locator('section [name="username"]');
check('what was typed is kept', (await field.inputValue()) === name(2).toUpperCase());
check('but for the password', (await one.inputValue('section [name="password"]')) === '');
check('the sentence is tied to the field', (await one.locator(
  `[id="${(await field.getAttribute('aria-describedby')).split(' ')[0]}"]`).textContent())
  .includes('already exists'));
await picture(one, 'refused', { fullPage: true });

// ---- PATCH, PUT, OPTIONS, raw data, DELETE ----

await one.goto(users);
await one.locator('.answer a', { hasText: users }).nth(2).click();
const victim = one.url();
await one.selectOption('section [name="role"]', 'admin');
await form(one).getByRole('button', { name: 'PATCH' }).click();
check('a role changes without a new password', (await answer(one)).includes('"role": "admin"'));
await one.getByRole('button', { name: 'OPTIONS' }).click();
check('OPTIONS describes the fields', (await answer(one)).includes('"max_length": 150'));
await one.getByText('Raw data').click();
await one.fill('[name="_content"]', '{"role": "staff"');
await one.locator('details.raw').getByRole('button', { name: 'PATCH' }).click();
check('broken JSON is refused', (await status(one)).includes('400'));
await one.fill('[name="_content"]', '{"role": "staff"}');
await one.locator('details.raw').getByRole('button', { name: 'PATCH' }).click();
check('raw data is taken', (await answer(one)).includes('"role": "staff"'));
await one.getByRole('button', { name: 'DELETE' }).click();
check('DELETE asks first', (await one.getByText('Nothing is done yet').count()) === 1);
await picture(one, 'confirm');
await one.getByRole('link', { name: 'Cancel' }).click();
check('nothing was done', (await status(one)) === 'HTTP 200 OK');
await one.getByRole('button', { name: 'DELETE' }).click();
await one.getByRole('button', { name: 'DELETE' }).click();
check('then it deletes', (await status(one)) === 'HTTP 204 No Content');
await one.getByRole('link', { name: 'Go on' }).click();
check('the person is gone', (await one.locator('.answer a', { hasText: users }).count()) === 2);
await user3.goto(users);
check('and their session', (await status(user3)).includes('401'));
await one.goto(victim);
check('and their page', (await status(one)).includes('404'));

await user2.goto('/api/v1/accounts/company');
check('staff get no form for the company', (await user2.locator('section form').count()) === 0);
await one.goto('/api/v1/accounts/company');
await one.fill('section [name="address"]', '2 Side Street');
await form(one).getByRole('button', { name: 'PUT' }).click();
check('admins change it', (await answer(one)).includes('2 Side Street'));

// ---- paging and representations ----

await one.goto(users + '?limit=1');
await one.getByRole('link', { name: 'Next page' }).click();
check('the next page has the next person', (await answer(one)).includes(name(2)));
await one.getByRole('link', { name: 'First page' }).click();
await one.locator('summary[aria-label="GET as"]').click();
await one.getByRole('link', { name: 'json', exact: true }).click();
check('JSON is one click away', (await one.content()).includes(`format=json`));

// ---- a person in two companies ----

await two.goto('/api/v1/accounts/invitations/');
await two.getByText('Raw data').click();
await two.fill('[name="_content"]', '{"role": "staff"}');
await two.locator('details.raw').getByRole('button', { name: 'POST' }).click();
const token = /"token": "([^"]+)"/.exec(await answer(two))[1];
await one.goto('/api/v1/auth/invitation/accept/');
await one.fill('section [name="token"]', token);
await form(one).getByRole('button', { name: 'POST' }).click();
check('an invitation is accepted', (await status(one)) === 'HTTP 201 Created');
await one.goto(messages);
const stale = await one.context().newPage();
await stale.goto('/api/v1/customers/');
await one.selectOption('.bar [name="company"]', { label: `Two Ltd ${run}` });
await one.getByRole('button', { name: 'Switch' }).click();
check('switching stays where one was', new URL(one.url()).pathname === messages);
check('and says where one is', (await one.locator('.who').textContent()).includes('Two Ltd'));
check('with the people of that company', (await one.locator('[name="to_user"] option').allTextContents())
  .includes(name(5)));
await picture(one, 'switched');
await stale.fill('section [name="name"]', 'Astray');
await stale.fill('section [name="email"]', 'astray@example.com');
await form(stale).getByRole('button', { name: 'POST' }).click();
check('a tab of the other company writes nothing', /40[39]/.test(await status(stale)));
check('and says why', (await stale.getByText('opened in another company').count()) === 1);
await stale.goto('/api/v1/customers/');
check('nothing arrived', !(await answer(stale)).includes('Astray'));

// ---- out ----

await one.getByRole('button', { name: 'Log out' }).click();
check('logging out leads to the login', new URL(one.url()).pathname === '/api/v1/auth/login/');
await one.goto('/api/v1/auth/login/?next=//evil.example/');
await one.fill('[name="username"]', name(1));
await one.fill('[name="password"]', 'wrong');
await one.getByRole('button', { name: 'Log in' }).click();
check('a wrong password is refused', (await one.getByRole('alert').count()) === 1);
check('the name is kept', (await one.inputValue('[name="username"]')) === name(1));
await picture(one, 'login');
await one.fill('[name="password"]', password);
await one.getByRole('button', { name: 'Log in' }).click();
check('next cannot leave the site', one.url().startsWith(site));
const phone = await browser.newContext({
  javaScriptEnabled: false, baseURL: site, colorScheme: 'dark',
  viewport: { width: 360, height: 740 }, storageState: await one.context().storageState(),
});
const small = await phone.newPage();
await small.goto(messages);
await picture(small, 'phone', { fullPage: true });

check(`no complaints in the console: ${complaints.join('; ')}`, complaints.length === 0);
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
