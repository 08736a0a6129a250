// tests/browser/companies_test.mjs — one person in several companies, in the web client: how they join, switch,
// choose the first one, and why two tabs never write into the wrong one.
import assert from 'node:assert/strict';
import {askNow, eventually, hide, named, runAll, test, url, visitor} from './browser.mjs';
import {
  as,
  ask,
  fill,
  found,
  goTo,
  invitation,
  logIn,
  logOut,
  names,
  open,
  password,
  speaker,
  talkTo,
  write,
} from './people.mjs';

const [user1, user2, user3, user4] = [1, 2, 3, 4].map((number) => named(`user${number}`));
const title = (page, company) => eventually(async () => (await page.title()).split(' – ').at(-1), company);

test('an admin makes links, and takes one back; a newcomer joins with one', async () => {
  await found('Company 1', user1, user3);
  await found('Company 2', user2, user4);
  const admin = await as(user2);
  const link = async (only) => {
    await goTo(admin, '#/people', 'People');
    await goTo(admin, '#/people/invite', 'Invite');
    await fill(admin, {'Only for the username': only});
    await admin.getByRole('button', {name: 'Make a link'}).click();
    return admin.getByLabel('Invitation link').inputValue();
  };
  const good = await link('');
  assert.match(good, new RegExp(`^${url}/#/invitation/.{40,}`));
  const revoked = await link('');
  await eventually(() => admin.locator('.items li').count(), 2);
  await admin.locator('.items li').last().getByRole('button', {name: 'Revoke'}).click();
  await eventually(() => admin.locator('.items li').count(), 1);

  const newcomer = await open(await visitor({expectsRefusals: true}));
  await newcomer.goto(revoked);
  await newcomer.getByText('not valid, or not any more').waitFor();
  await newcomer.goto(good);
  await newcomer.getByRole('heading', {name: 'Join Company 2'}).waitFor();
  await fill(newcomer, {Username: named('user8'), Password: password});
  await newcomer.getByRole('button', {name: 'Join', exact: true}).click();
  await title(newcomer, 'Company 2');
});

test('somebody of another company joins, and switches', async () => {
  const page = await as(user1);
  await page.goto(await invitation(user2, user1));
  await page.getByRole('button', {name: `Join as ${user1}`}).click();
  await title(page, 'Company 2');
  await eventually(async () => (await names(page)).includes(user4), true);
  await page.getByRole('button', {name: /Switch company/}).click();
  await page.locator('.menu button', {hasText: 'Company 1'}).click();
  await title(page, 'Company 1');
  await eventually(async () => (await names(page)).includes(user3), true);
  assert.equal((await names(page)).includes(user4), false);
});

test('somebody who is not logged in says “I have an account already”, and joins with it', async () => {
  const user7 = named('user7');
  await found('Company 3', user7);
  const page = await open(await visitor({expectsRefusals: true}));
  await page.goto(await invitation(user2));
  await page.getByText('I have an account already').click();
  const login = page.getByRole('form', {name: 'Log in with your account'});
  await login.getByLabel('Username').fill(user7);
  await login.getByLabel('Password').fill('wrong');
  await login.getByRole('button').click();
  await login.getByText('No account has this username').waitFor();
  await login.getByLabel('Password').fill(password);
  await login.getByRole('button').click();
  await page.getByRole('button', {name: `Join as ${user7}`}).click();
  await title(page, 'Company 2');
  assert.deepEqual((await ask(page, 'auth/me')).memberships.map((each) => each.name).sort(), [
    'Company 2',
    'Company 3',
  ]);
});

test('who has a password from an admin is told to choose one with the invitation, and can', async () => {
  const page = await open(await visitor({expectsRefusals: true}));
  const link = await invitation(user2);
  await page.goto(link);
  await page.getByText('I have an account already').click();
  const login = page.getByRole('form', {name: 'Log in with your account'});
  await login.getByLabel('Username').fill(user3);
  await login.getByLabel('Password').fill(password);
  await login.getByRole('button').click();
  await page.getByRole('button', {name: `Join as ${user3}`}).click();
  await page.getByText('Choose a new password').waitFor();
  await fill(page, {'Current password': 'wrong', 'New password': 'Other-brick-49!'});
  await page.getByRole('button', {name: `Join as ${user3}`}).click();
  await page.getByText('Your current password was entered incorrectly').waitFor();
  await fill(page, {'Current password': password});
  await page.getByRole('button', {name: `Join as ${user3}`}).click();
  await title(page, 'Company 2');

  // And from now on an admin of the first company is told why they cannot set it any more.
  const admin = await as(user1, {expectsRefusals: true});
  const colleagues = await ask(admin, 'accounts/users/');
  await goTo(admin, `#/people/${colleagues.find((each) => each.username === user3).id}`, user3);
  await admin.getByRole('textbox', {name: 'New password'}).fill('Third-brick-50!');
  await admin.getByRole('button', {name: 'Set the password'}).click();
  await admin.getByRole('alert').filter({hasText: 'another company'}).waitFor();
});

test('the company that opens at login is the one that was chosen', async () => {
  const page = await as(user1);
  await goTo(page, '#/settings/companies', 'Companies');
  const one = page.locator('.items li', {hasText: 'Company 1'});
  const two = page.locator('.items li', {hasText: 'Company 2'});
  await one.getByText('opens when you log in').waitFor();
  assert.equal(await one.getByRole('button', {name: 'Open at login'}).count(), 0);
  await two.getByRole('button', {name: 'Open at login'}).click();
  await two.getByText('opens when you log in').waitFor();
  await title(page, 'Company 1'); // not before the next login
  await logOut(page);
  await logIn(page, user1);
  await title(page, 'Company 2');
  await (
    await speaker(user1)
  )('PATCH', 'auth/me', {
    default_company: (await ask(page, 'auth/me')).memberships.find((each) => each.name === 'Company 1').company,
  });
});

test('two tabs in two companies never write into the wrong one', async () => {
  const one = await as(user1, {expectsRefusals: true});
  await title(one, 'Company 1');
  await talkTo(one, user3);
  const two = await open(one.context(), '#/settings/companies');
  await two.locator('.items li', {hasText: 'Company 2'}).getByRole('button', {name: 'Go there'}).click();
  await title(two, 'Company 2');
  await one.getByText('This tab is in Company 1').waitFor();
  await write(one, 'For Company 1 only');
  await one.getByText('Not sent,').waitFor();
  // Even a tab that noticed nothing is refused, by the server.
  assert.equal(
    await one.evaluate(
      async (company) =>
        (
          await fetch('/api/v2/user-messages/', {
            method: 'POST',
            headers: {
              'X-Company': company,
              'Content-Type': 'application/json',
              'X-CSRFToken': /csrftoken=([^;]+)/.exec(document.cookie)[1],
            },
            body: '{}',
          })
        ).status,
      (await ask(one, 'auth/me')).memberships.find((each) => each.name === 'Company 1').company,
    ),
    409,
  );
  await talkTo(two, user4);
  await write(two, 'For Company 2 only');
  await eventually(() => two.locator('.sending').count(), 0);
  await one.getByRole('button', {name: 'Go on in Company 1'}).click();
  await eventually(() => one.locator('.banner').count(), 0);
  await eventually(() => one.locator('.failed, .sending').count(), 0);
  await two.getByText('This tab is in Company 2').waitFor();
  const sent = (await ask(one, 'user-messages/')).map((each) => each.text);
  assert.equal(sent.filter((text) => text === 'For Company 1 only').length, 1);
  assert.equal(sent.includes('For Company 2 only'), false);
});

test('somebody else who logs in beside sees nothing of it', async () => {
  const one = await as(user1, {expectsRefusals: true});
  await talkTo(one, user3);
  await one.locator('.composer textarea').fill('Private draft');
  const two = await open(one.context());
  await logOut(two);
  await eventually(() => one.getByRole('button', {name: 'Log in'}).count(), 1);
  await logIn(two, user2);
  assert.equal(await two.evaluate(() => JSON.stringify(localStorage).includes('Private draft')), false);
});

test('a tab of who was here shows nothing to whoever logs in after the session has ended', async () => {
  const [gina, hugo] = ['gina', 'hugo'].map(named);
  await found('Company 6', gina, hugo);
  const one = await as(gina, {expectsRefusals: true});
  await talkTo(one, hugo);
  await hide(one, true); // so it has not asked yet when the other one is logged in
  const two = await open(one.context());
  await two.context().clearCookies({name: 'sessionid'});
  await askNow(two);
  const again = two.getByRole('dialog', {name: 'Your session has ended'});
  await again.getByLabel('Username').fill(hugo);
  await again.getByLabel('Password').fill(password);
  await again.getByRole('button', {name: 'Log in'}).click();
  await eventually(() => one.locator('.log').count(), 0);
  assert.equal(await one.getByRole('button', {name: /^Go on in/}).count(), 0);
});

await runAll();
