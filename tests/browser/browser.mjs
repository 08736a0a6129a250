// tests/browser/browser.mjs — Chromium, what must never happen in it, and how its tests are run.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import {createRequire} from 'node:module';
import fs from 'node:fs';
import path from 'node:path';

const installed = process.env.PARTYWALL_NODE_MODULES;
const require = createRequire(path.join(installed, 'any.js'));
const {chromium} = require('playwright-core');
const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const url = process.env.PARTYWALL_URL;
// How long it takes to notice that something never happens. Nothing that happens waits for it, so it can be
// generous: a machine that does much else at the same time is slow, not broken.
const patience = 90000;

const run = crypto.randomBytes(3).toString('hex');
/** A name that no other run of the tests has used. */
export const named = (name) => `${name}.${run}`;

let browser;
export async function start() {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    timeout: 2 * patience,
    args: [
      ...(process.getuid() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
export const stop = () => browser?.close();

/** What went wrong on any page: errors in the console, exceptions, breaches of the security policy. */
export const trouble = [];

// A refusal that a test provokes shows in the console as a resource that did not load. Nothing else may.
const provoked =
  /^Failed to load resource: (the server responded with a status of (400|401|403|404|405|409|410|412|429|503)|net::ERR_(FAILED|INCOMPLETE_CHUNKED_ENCODING|INTERNET_DISCONNECTED))/;

/** A browser of somebody's own. Beside Playwright's options: axe, and expectsRefusals. */
export async function visitor({axe: wantsAxe, expectsRefusals, ...options} = {}) {
  const context = await browser.newContext({
    viewport: {width: 1200, height: 800},
    locale: 'en-GB',
    baseURL: url,
    ...options,
  });
  context.setDefaultTimeout(patience);
  await context.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(
        `securitypolicyviolation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile} ${event.sample}`,
      ),
    ),
  );
  if (wantsAxe) await context.addInitScript({content: axeSource});
  context.on('console', (message) => {
    if (message.type() !== 'error' || (expectsRefusals && provoked.test(message.text()))) return;
    trouble.push(`${message.text()} (${message.location().url}, on ${message.page()?.url()})`);
  });
  context.on('weberror', (error) => trouble.push(error.error().stack));
  return context;
}

const pages = () => browser.contexts().flatMap((context) => context.pages());

/** All trouble so far; what a page said before this is in it. */
export async function takeTrouble() {
  for (const page of pages()) await page.evaluate(() => 0).catch(() => {}); // what it sent earlier arrives earlier
  return trouble.splice(0);
}

/** Waits until `look` answers what is expected. */
export async function eventually(look, expected) {
  const deadline = Date.now() + patience;
  for (;;) {
    const last = await look();
    try {
      return assert.deepEqual(last, expected);
    } catch (difference) {
      if (Date.now() > deadline) throw difference;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Serious and critical findings of axe-core, and in the web client all of its best practices; as one line each. */
export const axe = async (page) =>
  (
    await page.evaluate(async () => {
      const {violations} = await window.axe.run(document, {resultTypes: ['violations']});
      const isClient = document.getElementById('app');
      return violations.filter(
        ({impact, tags}) => ['serious', 'critical'].includes(impact) || (isClient && tags.includes('best-practice')),
      );
    })
  ).map((each) => `${each.id}: ${each.nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`);

/** The same by day, by night, and as narrow as a phone; `look(page)` finds more there. Leaves the page narrow. */
export async function axeEverywhere(page, look = () => []) {
  const found = [];
  const wide = page.viewportSize();
  for (const [colorScheme, width] of [
    ['light', wide.width],
    ['dark', wide.width],
    ['dark', 320],
    ['light', 320],
  ]) {
    await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
    await page.setViewportSize({width, height: width === 320 ? 640 : wide.height});
    const here = [...(await axe(page)), ...(width === 320 ? await look(page) : [])];
    found.push(...here.map((each) => `${colorScheme}, ${width} px: ${each}`));
  }
  await page.setViewportSize(wide);
  return found;
}

/** What scrolls sideways or sticks out of a window that is narrow. */
export const tooWide = (page) =>
  page.evaluate(() => {
    const bad = [];
    const scrolls = (each) =>
      each === document.documentElement || ['auto', 'scroll'].includes(getComputedStyle(each).overflowX);
    for (const each of document.querySelectorAll('html, div, section, main, nav, ul, ol, pre, dialog'))
      if (scrolls(each) && each.scrollWidth > each.clientWidth + 1)
        bad.push(`${each.tagName}.${each.className} is ${each.scrollWidth} wide`);
    for (const each of document.querySelectorAll('a, button, input, select, textarea, summary'))
      if (each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
        bad.push(`${each.tagName} "${each.textContent}" sticks out`);
    return bad;
  });

/** As a browser says it of a tab behind another one. (A headless one shows all of its tabs at once.) */
export const hide = (page, hidden) =>
  page.evaluate((each) => {
    Object.defineProperty(document, 'hidden', {value: each, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

/** Has a page ask for news now: of what no stream tells it would ask within a minute. */
export const askNow = (page) => page.evaluate(() => window.dispatchEvent(new Event('online')));

/** From now on a page has the focus only while it is in front, as in a browser that somebody uses. */
export async function withRealFocus(page) {
  const wire = await page.context().newCDPSession(page);
  await wire.send('Emulation.setFocusEmulationEnabled', {enabled: false});
  return page;
}

const tests = [];
export const test = (name, body) => tests.push({name, body});

const mostFailures = 3; // after which the rest would only wait in vain

export async function runAll() {
  let passed = 0,
    failed = 0;
  const only = process.env.ONLY_TEST;
  await start();
  for (const {name, body} of tests) {
    if (only && !name.includes(only)) continue;
    if (failed === mostFailures) {
      console.log(`not ok ${name}: not tried`);
      process.exitCode = 1;
      continue;
    }
    const began = Date.now();
    try {
      await body();
      assert.deepEqual(await takeTrouble(), [], 'errors in the console, or breaches of the policy');
      passed++;
      console.log(`ok ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      failed++;
      console.log(`not ok ${name}\n${error.stack}`);
      for (const [index, page] of pages().entries()) {
        const picture = path.join(
          installed,
          'failed',
          `${path.basename(process.argv[1], '.mjs')}-${failed}-${index}.png`,
        );
        await page.screenshot({path: picture, timeout: 5000}).then(
          () => console.log(`   ${page.url()}: ${picture}`),
          () => {},
        );
      }
      console.log((await takeTrouble()).join('\n'));
    }
    for (const context of browser.contexts()) await context.close();
  }
  await stop();
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}
