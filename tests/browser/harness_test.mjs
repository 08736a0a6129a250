// tests/browser/harness_test.mjs — the other tests here notice what goes wrong on a page, and fail for it.
import assert from 'node:assert/strict';
import {axe, eventually, named, runAll, takeTrouble, test, tooWide, trouble, visitor} from './browser.mjs';
import {arrive, found} from './people.mjs';

const user = named('harness');

/** What the tests would say of a page on which somebody ran this. */
async function troubleOf(context, address, body) {
  const page = await context.newPage();
  await page.goto(address);
  await eventually(async () => {
    await page.evaluate(body); // once more each time: the browser tells of a breach when it finds the time
    return trouble.length > 0;
  }, true);
  return (await takeTrouble()).join('\n');
}

const addInlineStyle = () => document.body.setAttribute('style', 'color: red');
const addInlineScript = () => {
  const script = document.createElement('script');
  try {
    script.textContent = 'window.ran = true';
    document.body.append(script);
  } catch {
    /* Trusted Types forbid even that */
  }
};

const pages = ['/', '/api/v1/accounts/users/', '/api/v1/auth/login/'];

test('an error in the console is noticed, also where refusals are expected', async () => {
  await found('Harness', user);
  const context = await arrive(await visitor({expectsRefusals: true}), user);
  for (const address of pages) assert.match(await troubleOf(context, address, () => console.error('Oh no')), /^Oh no/);
});

test('an exception that nobody catches is noticed', async () => {
  const context = await visitor();
  assert.match(
    await troubleOf(context, '/', () => {
      setTimeout(() => {
        throw new Error('Unforeseen');
      });
    }),
    /Unforeseen/,
  );
});

test('an inline script and an inline style breach the policy of every page, and that is noticed', async () => {
  const context = await arrive(await visitor(), user);
  for (const address of pages) {
    assert.match(await troubleOf(context, address, addInlineStyle), /securitypolicyviolation: style-src/);
    assert.match(
      await troubleOf(context, address, addInlineScript),
      /securitypolicyviolation: (script-src|require-trusted-types-for)/,
    );
  }
});

test('a breach of the policy is noticed with scripts switched off, too', async () => {
  const context = await visitor({javaScriptEnabled: false});
  assert.match(await troubleOf(context, '/api/v1/auth/login/', addInlineStyle), /Content Security Policy/);
});

test('a refusal is trouble where none is expected', async () => {
  assert.match(await troubleOf(await visitor(), '/', () => fetch('/api/v1/auth/me')), /status of 401/);
});

test('axe-core finds what has no name and what cannot be read, and a page that is too wide is found', async () => {
  const page = await (await visitor({axe: true, viewport: {width: 320, height: 640}})).newPage();
  for (const address of ['/', '/api/v1/auth/login/']) {
    await page.goto(address);
    await page.getByLabel('Username').waitFor();
    assert.deepEqual([...(await axe(page)), ...(await tooWide(page))], []);
    await page.evaluate(() => {
      document.querySelector('main').append(document.createElement('input'));
      document.querySelector('h1').textContent = 'x'.repeat(9);
      for (const link of document.querySelectorAll('main a')) link.className = 'faded';
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('.faded { color: #ddd !important; background: #fff } h1 { width: 900px }');
      document.adoptedStyleSheets = [sheet];
    });
    const found = (await axe(page)).join('\n');
    assert.match(found, /label: /);
    assert.match(found, /color-contrast: /);
    assert.notDeepEqual(await tooWide(page), []);
  }
});

await runAll();
