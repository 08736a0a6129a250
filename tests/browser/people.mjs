// tests/browser/people.mjs — people and their companies, and what they do in the web client.
import assert from 'node:assert/strict';
import {url, visitor} from './browser.mjs';

export const password = 'Brick-by-brick-48!';

// ---- through the API, for what a test needs and is not about -----------------------------------------------

async function send(method, route, body, headers = {}) {
  const response = await fetch(`${url}/api/v2/${route}`, {
    method,
    headers: {'Content-Type': 'application/json', ...headers},
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${route}: ${response.status} ${text}`);
  const answer = text && JSON.parse(text);
  return answer.items ?? answer;
}

/** What somebody can do to the API: tell(method, route, body) answers what it answers, of a list the rows. */
export async function speaker(username) {
  const {access} = await send('POST', 'auth/token/', {username, password});
  return (method, route, body) => send(method, route, body, {Authorization: `Bearer ${access}`});
}

/** A company, its admin and their colleagues; answers their ids by name. */
export async function found(company, admin, ...colleagues) {
  await send('POST', 'accounts/', {company: {name: company, address: '1 Main St'}, user: {username: admin, password}});
  const tell = await speaker(admin);
  const ids = {[admin]: (await tell('GET', 'auth/me')).user.id};
  for (const username of colleagues) ids[username] = (await tell('POST', 'accounts/users/', {username, password})).id;
  return ids;
}

/** A link with which `username`, or anybody, joins the company of `admin`. */
export const invitation = async (admin, username = '') =>
  (await (await speaker(admin))('POST', 'accounts/invitations/', {username})).link;

/** Gives a browser the session of somebody. */
export async function arrive(context, username, secret = password) {
  const answer = await context.request.post('/api/v2/auth/login/', {data: {username, password: secret}});
  assert.equal(answer.status(), 200, await answer.text());
  return context;
}

/** The same in a browser of their own. */
export const visitorAt = async (username, options) => arrive(await visitor(options), username);

/** Somebody in a browser of their own, with the web client in front of them. */
export async function as(username, options) {
  const page = await open(await visitorAt(username, options));
  await page.locator('.app:not(.early)').waitFor();
  return page;
}

// ---- in the web client -------------------------------------------------------------------------------------

export async function open(context, hash = '') {
  const page = await context.newPage();
  await page.goto(`/${hash}`);
  return page;
}

/** Goes to a screen of the client that is open, and waits for its heading: the one before is gone then. */
export async function goTo(page, hash, heading) {
  await page.goto(`/${hash}`);
  await page.getByRole('heading', {name: heading, exact: true}).first().waitFor();
}

export async function fill(page, values) {
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label, {exact: false}).first().fill(value);
}

export async function signUp(page, company, username) {
  await goTo(page, '#/signup', 'Sign up');
  await fill(page, {Company: company, Address: '1 Main St', 'Your username': username, Password: password});
  await page.getByRole('button', {name: 'Sign up'}).click();
  await page.locator('.app:not(.early)').waitFor();
}

export async function logIn(page, username, secret = password) {
  await goTo(page, '#/login', 'Log in');
  await fill(page, {Username: username, Password: secret});
  await page.getByRole('button', {name: 'Log in'}).click();
  await page.locator('.app:not(.early)').waitFor();
}

export async function logOut(page) {
  await page.goto('/#/settings');
  await page.getByRole('button', {name: 'Log out'}).click();
  await page.getByRole('heading', {name: 'Log in'}).waitFor();
}

export async function hire(page, username) {
  await goTo(page, '#/people/add', 'Add somebody');
  await fill(page, {Username: username, 'First password': password});
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await page.getByRole('heading', {name: username, level: 2}).waitFor();
  return page.url().split('/').pop();
}

/** Opens the conversation with somebody, by the list. */
export async function talkTo(page, username) {
  await goTo(page, '#/', 'Messages');
  await page.locator('.rows .row', {hasText: username}).click();
  await page.getByRole('heading', {name: username, level: 2}).waitFor();
}

export async function write(page, text) {
  await page.locator('.composer textarea').fill(text);
  await page.locator('.composer textarea').press('Enter');
}

export const texts = (page) => page.locator('.log .text').allInnerTexts();
export const names = (page) => page.locator('.rows .row-title').allTextContents();

/** Does something and waits for the line that confirms it. An earlier one stays for some seconds: it is emptied first. */
export async function andSays(page, text, action) {
  await page.locator('#status').evaluate((status) => status.replaceChildren());
  await Promise.all([page.locator('#status', {hasText: text}).waitFor(), action()]);
}

/** The API itself, in the browser's session: what the server has, whatever the page shows. */
export const ask = (page, route) =>
  page.evaluate(async (where) => {
    const rows = [];
    for (let next = `/api/v2/${where}`; next;) {
      const data = await (await fetch(next)).json();
      if (!data.items) return data;
      rows.push(...data.items);
      next = data.next;
    }
    return rows;
  }, route);
