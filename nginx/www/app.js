// app.js — starts, and shows what the address says: a door, or a section with its list and its detail.
import {forgetEarly} from './api.js';
import {messages} from './conversations.js';
import {customers} from './customers.js';
import * as doors from './doors.js';
import {count, h, keyed, mark} from './dom.js';
import {mayLeave} from './form.js';
import {startKeys} from './keys.js';
import {restore} from './outbox.js';
import {people} from './people.js';
import {askNow, later, startPolling} from './poll.js';
import {enter, eraseAt, isShutOut, lacksFactor, resume, session} from './session.js';
import {settings} from './settings.js';
import {changed, loadPeople, store} from './store.js';
import {everyMidnight} from './text.js';

const sections = {messages, people, customers, settings};
const root = document.getElementById('app');

const whole = root.querySelector('.app');
let frame; // {node, nav, list, detail, company, here, section}

/** The company's tile: which one this is, and the way to the others. */
function companyMenu() {
  const button = h('button', {
    class: 'company',
    'aria-haspopup': 'true',
    'aria-expanded': 'false',
    'aria-controls': 'companies',
  });
  const menu = h('div', {id: 'companies', class: 'menu', hidden: true});
  const close = (focus) => {
    if (menu.hidden) return;
    menu.hidden = true;
    button.setAttribute('aria-expanded', 'false');
    if (focus) button.focus();
  };
  button.addEventListener('click', () => {
    if (!menu.hidden) return close();
    const {company, memberships} = session.me;
    menu.replaceChildren(
      ...memberships.map((each) =>
        h(
          'button',
          {
            'aria-current': each.company === company.id && 'true',
            onclick: () => (each.company === company.id ? close(true) : enter(each.company)),
          },
          mark(each.name, 'square'),
          h('span', null, each.name),
          each.company !== company.id &&
            each.unread_messages > 0 &&
            h('span', {class: 'badge'}, count(each.unread_messages)),
        ),
      ),
      h('a', {href: '#/settings/companies', onclick: () => close()}, 'All about your companies'),
    );
    menu.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    menu.querySelector('button').focus();
  });
  document.addEventListener('pointerdown', (event) => {
    if (!event.target.closest('.switcher')) close();
  });
  const node = h('div', {class: 'switcher'}, button, menu);
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || menu.hidden) return;
    event.preventDefault();
    close(true);
  });
  node.addEventListener('focusout', (event) => {
    if (event.relatedTarget && !node.contains(event.relatedTarget)) close();
  });
  node.update = () => {
    const {name, id} = session.me.company;
    if (button.title === name) return;
    button.title = name;
    button.setAttribute('aria-label', `Company: ${name}. Switch company`);
    keyed(button, [{key: id + name}], () =>
      h('span', {class: 'tile'}, mark(name, 'square'), h('span', {class: 'word'}, 'Company')),
    );
  };
  return node;
}

/** Takes the frame over that index.html has, which was there before its data. */
function build() {
  const part = (name) => whole.querySelector(name);
  const [nav, list, detail] = ['.nav', '.list-pane', '.detail-pane'].map(part);
  const company = companyMenu();
  part('.switcher').replaceWith(company);
  part('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    detail.querySelector('textarea, h2, a, button')?.focus();
  });
  whole.classList.remove('early');
  const here = h('p', {class: 'here'}); // the company, by its whole name
  return {node: whole, nav, list, detail, company, here};
}

const icon = document.querySelector('[rel=icon]');
const icons = [icon.href, icon.href.replace('%3C/svg', "%3Ccircle cx='24' cy='8' r='8' fill='%23ffc72e'/%3E%3C/svg")];

function showTitle() {
  const unread = session.me.unread_messages;
  const heading = frame.detail.querySelector('h2')?.textContent;
  const where = [heading, frame.section.label, session.me.company.name].filter(Boolean).join(' – ');
  frame.here.textContent = session.me.company.name;
  document.title = (unread ? `(${unread}) ` : '') + where;
  const badge = frame.nav.querySelector('.badge');
  icon.href = icons[Number(unread > 0)];
  badge.hidden = !unread;
  if (badge.textContent !== `${count(unread)} unread`)
    badge.replaceChildren(count(unread), h('span', {class: 'hidden'}, ' unread'));
}

function showSection(name, what) {
  const section = sections[name];
  if (!frame) {
    frame = build();
    root.replaceChildren(frame.node);
  }
  frame.company.update();
  if (frame.section !== section) {
    frame.section?.left?.(frame.list.scrollTop);
    frame.section = section;
    frame.node.dataset.section = name;
    frame.list.setAttribute('aria-label', section.label);
    frame.list.replaceChildren(frame.here, section.list());
    frame.list.scrollTop = section.place?.() ?? 0;
    for (const link of frame.nav.children) {
      if (link.dataset.section === name) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  } else section.update();
  frame.node.classList.toggle('open', Boolean(what));
  frame.detail.replaceChildren(section.detail(what));
  frame.detail.firstChild.update?.();
  if (what && !frame.list.contains(document.activeElement)) frame.detail.querySelector('h2')?.focus();
  else if (what && matchMedia('(max-width: 699px)').matches) frame.detail.querySelector('h2')?.focus();
  showTitle();
}

function showDoor(node, title) {
  frame = null;
  root.replaceChildren(node);
  document.title = `${title} – Partywall`;
  node.querySelector('input:not([readonly])')?.focus();
}

/** The parts of the address; of one that is malformed, none. */
function parts() {
  try {
    return decodeURIComponent(location.hash).split('/');
  } catch {
    return [];
  }
}

/** A section's name, and what of it is asked for; of an address that cannot be one of ours, those of the start. */
function place([, name, what = '', ...more]) {
  const isOurs = Object.hasOwn(sections, name) && (!what || sections[name].has(what)) && !more.length;
  return isOurs ? [name, what] : ['messages', ''];
}

function route() {
  shown = location.hash;
  const address = parts();
  const [, first = '', second = ''] = address;
  if (first === 'password') return showDoor(doors.newPasswordBy(second), 'A new password'); // who has lost theirs may be shut out
  if (lacksFactor()) return showDoor(doors.withoutFactor(), 'A second factor');
  if (isShutOut()) return showDoor(doors.suspended(), 'Shut');
  if (first === 'invitation') return showDoor(doors.invitation(second), 'Invitation');
  if (first === 'forgotten' && !session.me)
    return showDoor(
      doors.ofEmail('Forgot your password?', (email) => email.forgotten()),
      'Forgot your password?',
    );
  if (!session.me) return first === 'signup' ? showDoor(doors.signup(), 'Sign up') : showDoor(doors.login(), 'Log in');
  if (['login', 'signup', 'forgotten'].includes(first)) return location.replace('#/');
  if (first === 'email')
    return showDoor(
      doors.ofEmail('Your e-mail address', (email) => email.confirmed(second)),
      'Your e-mail address',
    );
  if (eraseAt()) return import('./erasing.js').then(({erasing}) => showDoor(erasing(), 'Will be erased'));
  showSection(...place(address));
}

let shown; // the address of what is on the page

/** The address changed: what was typed and not saved is asked about first, and its address stays meanwhile. */
async function moved() {
  const wanted = location.hash;
  if (wanted === shown) return;
  history.replaceState(null, '', `/${shown}`);
  if (document.querySelector('dialog[open]') || !(await mayLeave())) return;
  history.replaceState(null, '', `/${wanted}`);
  route();
}

function update() {
  if (!frame) return;
  frame.company.update();
  frame.section.update();
  frame.detail.firstChild.update?.();
  showTitle();
}

/** Reads who is here. Settles when the first of them are known, and goes on until all are. */
const meet = () =>
  new Promise((met, failed) => {
    let some = false;
    const read = () =>
      loadPeople(() => {
        some = true;
        met();
      }).catch((failure) => {
        if (!some) failed(failure);
        else if (failure.passes) later(failure).then(read);
      });
    read();
  });

/** Resumes the session, if there is one; waits while the server is away. */
async function arrive() {
  for (;;)
    try {
      if ((await resume()) && !eraseAt()) await meet();
      return;
    } catch (failure) {
      if (isShutOut()) return;
      if (!failure.passes) throw failure;
      forgetEarly();
      session.me = null; // until all of it is there
      showDoor(doors.waiting(failure.message), 'Waiting');
      await later(failure);
    }
}

async function main() {
  startPolling();
  await arrive();
  if (session.me && !eraseAt()) {
    askNow();
    restore();
    import('./live.js').then(
      ({startLive}) => startLive(),
      () => {},
    ); // without it, it polls
  }
  startKeys();
  window.addEventListener('hashchange', moved);
  window.addEventListener('reopen', (event) =>
    location.hash === event.detail ? route() : location.assign(event.detail),
  );
  const looked = () => frame?.detail.firstChild.visible?.();
  document.addEventListener('visibilitychange', looked);
  window.addEventListener('focus', looked);
  store.addEventListener('changed', update);
  everyMidnight(changed);
  window.addEventListener('shutout', route);
  route();
  forgetEarly();
}

main();
