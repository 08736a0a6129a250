// tests/browser/screenshots.mjs — six screens and the API's documentation, on a desktop by day and by night and on a phone, as pictures in
// build/screenshots. People, messages and customers are made up for them.
import fs from 'node:fs';
import path from 'node:path';
import {start, stop, trouble, url, visitor} from './browser.mjs';
import {fill, hire, logIn, logOut, open, password, signUp, talkTo, write} from './people.mjs';

const folder = process.env.PARTYWALL_SCREENSHOTS;
fs.mkdirSync(folder, {recursive: true});

const [ann, bob, carla, dimitri, eve] = ['ann', 'bob', 'carla', 'dimitri', 'eve']; // a fresh server knows nobody

const talks = [
  [
    dimitri,
    [
      ['them', 'The keys for the new store are at the front desk.'],
      ['me', 'Thank you! I will pick them up at noon.'],
    ],
  ],
  [
    carla,
    [
      ['me', 'Could you look at the offer for Kessler before I send it?'],
      ['them', 'Looks good. I would say “delivered”, not “shipped”, in the second paragraph.'],
    ],
  ],
  [
    bob,
    [
      ['me', 'Good morning! Is the delivery for Nordlicht confirmed?'],
      ['them', 'Yes, Thursday between nine and eleven.'],
      ['them', 'They asked whether we can take the old shelves back.'],
      ['me', 'We can. It is in the contract, page 4:\nhttps://example.org/contracts/nordlicht#page=4'],
      ['them', 'Perfect. I will tell them, and book the larger van.'],
      ['me', 'Great, thank you.'],
    ],
  ],
];

const customers = [
  [
    'Nordlicht Möbel',
    'einkauf@nordlicht.example',
    '+49 40 555 0131',
    'Delivers on Thursdays only. Ask for Mrs Petersen.',
  ],
  ['Kessler & Sons', 'office@kessler.example', '+49 30 555 0184', ''],
  ['Atelier Morel', 'bonjour@morel.example', '+33 1 55 50 12', ''],
  ['Green Lane School', 'admin@greenlane.example', '', ''],
  ['Harbour Books', 'hello@harbourbooks.example', '', ''],
];

async function furnish() {
  const page = await open(await visitor());
  await signUp(page, 'Backsteinhaus', ann);
  const ids = {};
  for (const name of [bob, carla, dimitri, eve]) ids[name] = await hire(page, name);
  for (const [name, email, phone, notes] of customers) {
    await page.goto(`${url}/#/customers/add`);
    await fill(page, {Name: name, 'E-mail': email, Phone: phone, Notes: notes});
    await page.getByRole('button', {name: 'Add', exact: true}).click();
    await page.getByRole('heading', {name, level: 2}).waitFor();
  }
  for (const [name, lines] of talks) {
    const other = await open(await visitor());
    await logIn(other, name);
    await talkTo(other, ann);
    await talkTo(page, name);
    for (const [who, text] of lines) {
      const [from, to] = who === 'me' ? [page, other] : [other, page];
      await write(from, text);
      await to.locator('.log .text', {hasText: text.split('\n')[0]}).waitFor();
    }
    await other.context().close();
  }
  const fresh = await open(await visitor());
  await logIn(fresh, eve);
  await talkTo(fresh, ann);
  await write(fresh, 'Lunch at half past twelve?');
  await fresh.locator('.sending').waitFor({state: 'detached'});
  const beside = await open(await visitor()); // a second company, to switch to
  await signUp(beside, 'Hafenkontor', 'kai');
  await beside.goto(`${url}/#/people/invite`);
  await fill(beside, {'Only for the username': ann});
  await beside.getByRole('button', {name: 'Make a link'}).click();
  await page.goto(await beside.getByLabel('Invitation link').inputValue());
  await page.getByRole('button', {name: `Join as ${ann}`}).click();
  await page.locator('.app:not(.early)').waitFor();
  await logOut(page);
  return ids;
}

const screens = (ids) => ({
  'log-in': {hash: '#/login', anonymous: true},
  conversation: {hash: `#/messages/${ids[bob]}`, wait: '.message'},
  conversations: {hash: '#/', wait: '.row', also: (page) => page.locator('.company').click()},
  people: {
    hash: '#/people/invite',
    wait: '.part form',
    also: async (page) => {
      await page.getByRole('button', {name: 'Make a link'}).click();
      await page.locator('.items').waitFor();
    },
  },
  customer: {
    hash: '#/customers',
    wait: '.row',
    also: async (page) => {
      await page.locator('.row', {hasText: 'Nordlicht'}).click();
      await page.getByLabel('Notes').waitFor();
    },
  },
  account: {hash: '#/settings/sessions', wait: '.items'},
  docs: {hash: 'docs/', anonymous: true, wait: '.contents'},
  'docs-operation': {hash: 'docs/#usermessage-list-post', anonymous: true, wait: 'article'},
});

// On the pictures it is some minutes past ten, whenever they are taken. (Etc/GMT+5 is five hours behind.)
const behind = ((new Date().getUTCHours() - 10 + 35) % 24) - 11;
const timezoneId = `Etc/GMT${behind < 0 ? '' : '+'}${behind}`;

await start();
const ids = await furnish();
let taken = 0;
for (const [kind, options] of Object.entries({
  'desktop-light': {colorScheme: 'light'},
  'desktop-dark': {colorScheme: 'dark'},
  phone: {viewport: {width: 390, height: 780}, deviceScaleFactor: 2, hasTouch: true},
})) {
  const context = await visitor({...options, timezoneId, reducedMotion: 'reduce'});
  const nobody = await open(await visitor({...options, timezoneId, reducedMotion: 'reduce'}));
  const page = await open(context);
  await logIn(page, ann, password);
  for (const [name, screen] of Object.entries(screens(ids))) {
    const shown = screen.anonymous ? nobody : page;
    await shown.mouse.move(0, 0);
    await shown.goto(`${url}/${screen.hash}`);
    await shown.reload();
    await shown
      .locator(screen.wait ?? 'form')
      .first()
      .waitFor();
    await screen.also?.(shown);
    await shown.evaluate(() => document.fonts.ready);
    await shown.screenshot({path: path.join(folder, `${name}-${kind}.png`)});
    taken++;
  }
}
await stop();
for (const each of trouble) console.log(each);
console.log(`pictures are in ${folder}\n${taken - trouble.length} passed, ${trouble.length} failed`);
process.exit(trouble.length ? 1 : 0);
