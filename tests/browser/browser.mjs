// tests/browser/browser.mjs — Chromium, people in it, and what must never happen while they are there.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const require = createRequire(path.join(process.env.PARTYWALL_NODE_MODULES, 'any.js'));
export const {chromium} = require('playwright-core');
const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const url = process.env.PARTYWALL_URL;
export const password = 'Brick-by-brick-48!';
const run = Date.now().toString(36).slice(-5);
/** A name that no other run of the tests has used. */
export const named = (name) => `${name}.${run}`;

let browser;
export async function start() {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...(process.getuid() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}
export const stop = () => browser?.close();

/** What went wrong on any page: errors in the console, exceptions, breaches of the security policy. */
export const trouble = [];

// A refusal that a test provokes shows in the console as a resource that did not load. Nothing else may.
const provoked = /^Failed to load resource: (the server responded with a status of (400|401|403|404|409|412|429|503)|net::ERR_(FAILED|INTERNET_DISCONNECTED))/;

/** A browser of somebody's own. */
export async function visitor(options = {}) {
  const context = await browser.newContext({viewport: {width: 1200, height: 800}, locale: 'en-GB', ...options});
  context.setDefaultTimeout(10000);
  await context.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) =>
    console.error(`securitypolicyviolation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile} ${event.sample}`)));
  if (options.axe) await context.addInitScript({content: axeSource});
  context.expectsRefusals = Boolean(options.expectsRefusals);
  context.on('console', (message) => {
    if (message.type() !== 'error' || (context.expectsRefusals && provoked.test(message.text()))) return;
    trouble.push(`${message.text()} (${message.location().url}, on ${message.page()?.url()})`);
  });
  context.on('weberror', (error) => trouble.push(error.error().stack));
  return context;
}

export async function open(context, hash = '') {
  const page = await context.newPage();
  await page.goto(`${url}/${hash}`);
  return page;
}

export async function fill(page, values) {
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label, {exact: false}).first().fill(value);
}

export async function signUp(page, company, username) {
  await page.goto(`${url}/#/signup`);
  await fill(page, {'Company': company, 'Address': '1 Main St', 'Your username': username, 'Password': password});
  await page.getByRole('button', {name: 'Sign up'}).click();
  await page.locator('.app').waitFor();
}

export async function logIn(page, username, secret = password) {
  await page.goto(`${url}/#/login`);
  await fill(page, {Username: username, Password: secret});
  await page.getByRole('button', {name: 'Log in'}).click();
  await page.locator('.app').waitFor();
}

export async function logOut(page) {
  await page.goto(`${url}/#/settings`);
  await page.getByRole('button', {name: 'Log out'}).click();
  await page.getByRole('heading', {name: 'Log in'}).waitFor();
}

export async function hire(page, username) {
  await page.goto(`${url}/#/people/add`);
  await fill(page, {'Username': username, 'First password': password});
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await page.getByRole('heading', {name: username}).waitFor();
  return page.url().split('/').pop();
}

/** Opens the conversation with somebody, by the list. */
export async function talkTo(page, username) {
  await page.goto(`${url}/#/`);
  await page.locator('.rows .row', {hasText: username}).click();
  await page.getByRole('heading', {name: username, level: 2}).waitFor();
}

export async function write(page, text) {
  await page.locator('.composer textarea').fill(text);
  await page.keyboard.press('Enter');
}

export const texts = (page) => page.locator('.log .text').allInnerTexts();
export const names = (page) => page.locator('.rows .row-title').allInnerTexts();

/** Waits until `look` answers what is expected. */
export async function eventually(look, expected, milliseconds = 8000) {
  const deadline = Date.now() + milliseconds;
  let last;
  do {
    last = await look();
    try {
      assert.deepEqual(last, expected);
      return;
    } catch { await new Promise((resolve) => setTimeout(resolve, 60)); }
  } while (Date.now() < deadline);
  assert.deepEqual(last, expected);
}

/** The API itself, in the browser's session: what the server has, whatever the page shows. */
export const ask = (page, route) => page.evaluate(async (where) => {
  const rows = [];
  for (let next = `/api/v1/${where}`; next;) {
    const response = await fetch(next);
    const data = await response.json();
    if (!Array.isArray(data)) return data;
    rows.push(...data);
    next = /<([^>]+)>/.exec(response.headers.get('Link') ?? '')?.[1];
  }
  return rows;
}, route);

/** Serious and critical findings of axe-core, as one line each. */
export const axe = async (page) => (await page.evaluate(() => window.axe.run(document, {resultTypes: ['violations']})))
  .violations.filter((each) => ['serious', 'critical'].includes(each.impact))
  .map((each) => `${each.id}: ${each.nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`);

const tests = [];
export const test = (name, body) => tests.push({name, body});

export async function runAll() {
  let passed = 0, failed = 0;
  const only = process.env.ONLY_TEST;
  await start();
  for (const {name, body} of tests) {
    if (only && !name.includes(only)) continue;
    const began = Date.now();
    try {
      await body();
      assert.deepEqual(trouble.splice(0), [], 'errors in the console, or breaches of the policy');
      passed++;
      console.log(`ok ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      failed++;
      console.log(`not ok ${name}\n${error.stack}`);
      const pages = browser.contexts().flatMap((context) => context.pages());
      for (const [index, page] of pages.entries())
        await page.screenshot({path: path.join(os.tmpdir(), `partywall-failed-${failed}-${index}.png`)}).catch(() => {});
      trouble.splice(0);
    }
    for (const context of browser.contexts()) if (!context.keep) await context.close();
  }
  await stop();
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}
