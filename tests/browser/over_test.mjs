// tests/browser/over_test.mjs — how a visit to the web client begins and ends: the address that was asked for, a
// company that is suspended or has moved, and that every tab forgets what it shows when somebody logs out.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {askNow, eventually, named, runAll, test, visitor} from './browser.mjs';
import {arrive, as, ask, fill, found, goTo, invitation, open, password, speaker, talkTo, write} from './people.mjs';

const [ann, bob] = ['ann', 'bob'].map(named);
const company = named('Company 1');
let ids;
const stored = (page) => page.evaluate(() => Object.keys(localStorage));
const operator = (...words) =>
  execFileSync(process.env.PARTYWALL_BINARY, [...words, '--config', process.env.PARTYWALL_CONFIG]);

/** Nothing of the conversation is left on the page, and the login is there. */
async function isForgotten(page) {
  await page.getByRole('heading', {name: 'Log in'}).waitFor();
  assert.equal(await page.getByText('For your eyes only').count(), 0);
  assert.deepEqual(
    (await stored(page)).filter((name) => name.startsWith('pw:')),
    [],
  );
}

test('a malformed address shows the start', async () => {
  ids = await found(company, ann, bob);
  const page = await open(await arrive(await visitor(), ann), '#/%E0%A4%A');
  await page.getByRole('heading', {name: 'Messages'}).waitFor();
  await goTo(page, '#/people', 'People');
  await goTo(page, '#/%', 'Messages');
  for (const hash of [
    '#/customers/?limit=1',
    '#/customers/..',
    '#/messages/..',
    '#/messages/?x',
    `#/messages/${ids[bob]}?x`,
    `#/people/${ids[bob].toUpperCase()}`,
    '#/people/invited',
    '#/settings/toString',
    '#/__proto__/x',
    '#/nothing',
    `#/nothing/${ids[bob]}`,
  ]) {
    await goTo(page, '#/people', 'People');
    await goTo(page, hash, 'Messages');
    await page.getByText('Conversations open here').waitFor();
  }
});

test('the address that was asked for is there after the login', async () => {
  const page = await open(await visitor(), `#/people/${ids[bob]}`);
  await fill(page, {Username: ann, Password: password});
  await page.getByRole('button', {name: 'Log in'}).click();
  await page.getByRole('heading', {name: bob, level: 2}).waitFor();
  assert.equal(new URL(page.url()).hash, `#/people/${ids[bob]}`);
});

const endings = {
  'logs out': async (page) => {
    await page.goto('/#/settings');
    await page.getByRole('button', {name: 'Log out'}).click();
  },
  'logs out on a page of the API': async (page) => {
    await page.goto('/api/v2/accounts/users/');
    await page.getByRole('button', {name: 'Log out'}).click();
  },
  'ends the session with a request': (page) =>
    page.evaluate(async () => {
      const headers = {'X-CSRFToken': /csrftoken=([^;]+)/.exec(document.cookie)[1]};
      const {items} = await (await fetch('/api/v2/auth/sessions/')).json();
      const url = `/api/v2/auth/sessions/${items.find((each) => each.current).id}`;
      // Not waited for: this tab may have heard of its end, and gone, before the answer is there.
      fetch(url, {method: 'DELETE', headers, keepalive: true}).catch(() => {});
    }),
};

for (const [how, end] of Object.entries(endings))
  test(`every tab forgets what it shows when one of them ${how}`, async () => {
    const one = await as(ann, {expectsRefusals: true});
    await talkTo(one, bob);
    await write(one, 'For your eyes only');
    await eventually(() => one.locator('.sending').count(), 0);
    await one.locator('.composer textarea').fill('For your eyes only, too');
    const two = await open(one.context(), '#/people');
    await two.getByLabel('Search people').waitFor();
    const three = await open(one.context(), '#/settings');
    await three.locator('.app:not(.early)').waitFor();
    await end(three);
    for (const page of [one, two]) await isForgotten(page);
    await one.goBack().catch(() => {});
    assert.equal(await one.getByText('For your eyes only').count(), 0);
  });

test('drafts stay where the session merely expired, and where a foreign site forged a logout', async () => {
  const page = await as(ann, {expectsRefusals: true});
  await talkTo(page, bob);
  await page.locator('.composer textarea').fill('Still here');
  const draft = `pw:draft/${(await ask(page, 'auth/me')).company.id}/${ids[ann]}/${ids[bob]}`;
  const forged = await page.evaluate(async () => (await fetch('/api/v2/auth/logout/', {method: 'POST'})).status);
  assert.equal(forged, 403);
  assert.equal((await stored(page)).includes(draft), true);
  await page.context().clearCookies({name: 'sessionid'});
  await askNow(page);
  await page.getByRole('dialog', {name: 'Your session has ended'}).waitFor();
  assert.equal((await stored(page)).includes(draft), true);
});

test('what was typed stays where somebody was renamed meanwhile, and who takes the old name finds nothing of it', async () => {
  const [eve, dan] = ['eve', 'dan'].map(named);
  const tell = await speaker(ann);
  for (const username of [eve, dan]) ids[username] = (await tell('POST', 'accounts/users/', {username, password})).id;
  const context = await arrive(await visitor({expectsRefusals: true}), eve);
  const lost = (address) => address.pathname === '/api/v2/user-messages/' && !address.search;
  await context.route(lost, (route) => route.abort());
  let page = await open(context, `#/messages/${ids[dan]}`);
  await write(page, 'For Dan only, unsent');
  await page.getByText('Not sent,').waitFor();
  await page.goto(`/#/messages/${ids[bob]}`);
  await page.getByLabel(`Message to ${bob}`).fill('For Bob only, a draft');
  await page.close();
  await tell('PATCH', `accounts/users/${ids[eve]}`, {username: named('evelyn')});
  page = await open(context, `#/messages/${ids[bob]}`);
  await eventually(() => page.getByLabel(`Message to ${bob}`).inputValue(), 'For Bob only, a draft');
  await page.goto(`/#/messages/${ids[dan]}`);
  await page.locator('.log', {hasText: 'For Dan only, unsent'}).waitFor();
  await context.unroute(lost);
  await eventually(() => page.locator('.failed, .sending').count(), 0);
  assert.deepEqual(
    (await ask(page, 'user-messages/')).map((each) => each.text),
    ['For Dan only, unsent'],
  );
  await page.close();
  await tell('POST', 'accounts/users/', {username: eve, password}); // in the same company
  await context.clearCookies();
  await arrive(context, eve);
  page = await open(context);
  await page.locator('.app:not(.early)').waitFor();
  assert.equal(await page.evaluate(() => JSON.stringify(localStorage).includes('only')), false);
});

test('who takes the name of somebody else finds nothing of theirs in another company either', async () => {
  const [guest, boss] = ['gus', 'boss'].map(named);
  const mine = await found(named('Company 4'), boss);
  const {id} = await (await speaker(ann))('POST', 'accounts/users/', {username: guest, password});
  // The refusals: of what is asked for early, for the company that this browser was in.
  const context = await arrive(await visitor({expectsRefusals: true}), guest);
  let page = await open(context, `#/messages/${ids[bob]}`);
  await page.getByLabel(`Message to ${bob}`).fill('For Bob only');
  await page.close();
  await (
    await speaker(ann)
  )('PATCH', `accounts/users/${id}`, {username: named('gustav')});
  await (
    await speaker(boss)
  )('POST', 'accounts/users/', {username: guest, password});
  await context.clearCookies();
  await arrive(context, guest);
  page = await open(context, `#/messages/${mine[boss]}`);
  await page.getByLabel(`Message to ${boss}`).waitFor();
  assert.equal(await page.evaluate(() => JSON.stringify(localStorage).includes('only')), false);
});

test('who leaves the company that they are in is out, in every tab', async () => {
  const [owner, guest] = ['owner', 'guest'].map(named);
  await found(named('Company 3'), owner, guest);
  const page = await as(guest, {expectsRefusals: true});
  const beside = await open(page.context());
  await beside.locator('.app:not(.early)').waitFor();
  await goTo(page, '#/settings/companies', 'Companies');
  await page.getByRole('button', {name: 'Leave'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Leave'}).click();
  for (const each of [page, beside]) await isForgotten(each);
});

test('who is in a company that is suspended is told so, loses no draft, and comes in by themselves when it goes on', async () => {
  const page = await as(ann, {expectsRefusals: true});
  await talkTo(page, bob);
  await page.locator('.composer textarea').fill('Half a thought');
  const beside = await arrive(await visitor({expectsRefusals: true}), ann); // has never seen the client
  let stranger;
  operator('company', 'suspend', company);
  try {
    await page.getByRole('heading', {name: `${company} is suspended`}).waitFor();
    assert.equal(await page.locator('.app:not(.early)').count(), 0);
    stranger = await open(beside);
    await stranger.getByRole('heading', {name: 'is suspended'}).waitFor();
    await page.reload();
    await page.getByRole('heading', {name: `${company} is suspended`}).waitFor();
    await page.getByRole('button', {name: 'Log out'}).waitFor();
  } finally {
    operator('company', 'resume', company);
  }
  await eventually(() => page.locator('.composer textarea').inputValue(), 'Half a thought');
  await stranger.locator('.app:not(.early)').waitFor();
});

test('a company that is suspended leaves the ways out: to log out, and to go to another', async () => {
  const other = named('other'),
    second = named('Company 2');
  await found(second, other);
  const page = await as(ann, {expectsRefusals: true});
  await page.goto(await invitation(other, ann));
  await page.getByRole('button', {name: `Join as ${ann}`}).click();
  await eventually(() => page.title(), `Messages – ${second}`);
  await page.getByRole('button', {name: /Switch company/}).click();
  await page.locator('.menu button', {hasText: company}).click();
  await eventually(() => page.title(), `Messages – ${company}`);
  const beside = await as(bob, {expectsRefusals: true});
  operator('company', 'suspend', company);
  try {
    await beside.getByRole('button', {name: 'Log out'}).click();
    await isForgotten(beside);
    await fill(beside, {Username: bob, Password: password});
    await beside.getByRole('button', {name: 'Log in'}).click();
    await beside.getByText('suspended').waitFor();
    await page.getByRole('button', {name: `Go to ${second}`}).click();
    await eventually(() => page.title(), `Messages – ${second}`);
  } finally {
    operator('company', 'resume', company);
  }
});

function sql(statement) {
  const env = (name) => process.env[`PARTYWALL_${name}`];
  const place = env('DB_SOCKET')
    ? ['--socket', env('DB_SOCKET')]
    : ['--protocol', 'tcp', '--host', env('DB_HOST'), '--port', env('DB_PORT')];
  execFileSync('mariadb', ['--no-defaults', ...place, '--user', env('OWNER_USER'), env('DB_NAME')], {
    input: statement,
    env: {...process.env, MYSQL_PWD: readFileSync(env('OWNER_PASSWORD_FILE'), 'utf8').trim()},
  });
}

test('who is in a company that has moved is told its address, and can only log out', async () => {
  const gone = named('Company 4'),
    [zoe, address] = [named('zoe'), 'https://there.example'];
  await found(gone, zoe);
  const page = await as(zoe, {expectsRefusals: true});
  sql(`UPDATE companies SET moved_to = '${address}' WHERE name = '${gone}'`);
  await page.getByRole('heading', {name: `${gone} has moved`}).waitFor();
  assert.equal(await page.getByRole('link', {name: address}).getAttribute('href'), address);
  await page.reload();
  await page.getByRole('heading', {name: `${gone} has moved`}).waitFor();
  await page.getByRole('button', {name: 'Log out'}).click();
  await isForgotten(page);
  await fill(page, {Username: zoe, Password: password});
  await page.getByRole('button', {name: 'Log in'}).click();
  await page.getByText(`This company has moved to ${address}`).waitFor();
});

await runAll();
