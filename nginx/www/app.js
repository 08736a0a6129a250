// app.js — starts, and shows what the address says: a door, or a section with its list and its detail.
import {messages} from './conversations.js';
import {customers} from './customers.js';
import * as doors from './doors.js';
import {h, icon, keyed, mark} from './dom.js';
import {startKeys} from './keys.js';
import {restore} from './outbox.js';
import {people} from './people.js';
import {startPolling} from './poll.js';
import {enter, resume, session} from './session.js';
import {settings} from './settings.js';
import {start, store, unreadCount} from './store.js';

const sections = {messages, people, customers, settings};
const root = document.getElementById('app');

let frame; // {node, nav, list, detail, company, section, what}

/** The company's tile: which one this is, and the way to the others. */
function companyMenu() {
  const button = h('button', {class: 'company', 'aria-haspopup': 'true', 'aria-expanded': 'false', 'aria-controls': 'companies'});
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
    menu.replaceChildren(...memberships.map((each) => h('button', {
      'aria-current': each.company === company.id && 'true',
      onclick: () => (each.company === company.id ? close(true) : enter(each.company)),
    }, mark(each.name, 'square'), h('span', null, each.name),
    each.company !== company.id && each.unread_messages > 0 && h('span', {class: 'badge'}, `${each.unread_messages}`))),
    h('a', {href: '#/settings/companies', onclick: () => close()}, 'All about your companies'));
    menu.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    menu.querySelector('button').focus();
  });
  document.addEventListener('pointerdown', (event) => { if (!event.target.closest('.switcher')) close(); });
  const node = h('div', {class: 'switcher'}, button, menu);
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || menu.hidden) return;
    event.preventDefault();
    close(true);
  });
  node.addEventListener('focusout', (event) => { if (event.relatedTarget && !node.contains(event.relatedTarget)) close(); });
  node.update = () => {
    const {name, id} = session.me.company;
    if (button.title === name) return;
    button.title = name;
    button.setAttribute('aria-label', `Company: ${name}. Switch company`);
    keyed(button, [{key: id + name}], () => h('span', {class: 'tile'}, mark(name, 'square'), h('span', {class: 'company-name'}, name)));
  };
  return node;
}

function build() {
  const company = companyMenu();
  const nav = h('nav', {class: 'nav', 'aria-label': 'Sections'}, Object.values(sections).map((section) =>
    h('a', {href: section.home, 'data-section': section.name}, icon(section.name), h('span', null, section.label),
      section === messages && h('span', {class: 'badge', hidden: true}))));
  const list = h('div', {class: 'list-pane', role: 'region'});
  const detail = h('main', {class: 'detail-pane'});
  const skip = h('a', {class: 'skip', href: '#', onclick: (event) => {
    event.preventDefault();
    detail.querySelector('textarea, h2, a, button')?.focus();
  }}, 'Skip to the content');
  const node = h('div', {class: 'app'}, skip, h('div', {class: 'rail'}, company, nav), list, detail);
  return {node, nav, list, detail, company};
}

function showTitle() {
  const unread = unreadCount();
  document.title = `${unread ? `(${unread}) ` : ''}${session.me.company.name} · Partywall`;
  const badge = frame.nav.querySelector('.badge');
  badge.hidden = !unread;
  if (badge.textContent !== `${unread} unread`) badge.replaceChildren(`${unread}`, h('span', {class: 'hidden'}, ' unread'));
}

function showSection(name, what) {
  const section = sections[name];
  if (!frame) {
    frame = build();
    root.replaceChildren(frame.node);
  }
  frame.company.update();
  if (frame.section !== section) {
    frame.section = section;
    frame.node.dataset.section = name;
    frame.list.setAttribute('aria-label', section.label);
    frame.list.replaceChildren(section.list());
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
  document.title = `${title} · Partywall`;
  node.querySelector('input:not([readonly])')?.focus();
}

function route() {
  const [, first = '', second = ''] = decodeURIComponent(location.hash).split('/');
  if (first === 'invitation') return showDoor(doors.invitation(second), 'Invitation');
  if (!session.me) return first === 'signup' ? showDoor(doors.signup(), 'Sign up') : showDoor(doors.login(), 'Log in');
  if (first === 'login' || first === 'signup') return location.replace('#/');
  showSection(Object.hasOwn(sections, first) ? first : 'messages', second);
}

function update() {
  if (!frame) return;
  frame.company.update();
  frame.section.update();
  frame.detail.firstChild.update?.();
  showTitle();
}

async function main() {
  try {
    if (await resume()) {
      await start();
      restore();
      startPolling();
    }
  } catch (failure) {
    return root.replaceChildren(h('main', {class: 'door'}, h('h1', null, 'Partywall cannot be reached'), h('p', {class: 'lead'}, failure.message),
      h('button', {class: 'primary', onclick: () => location.reload()}, 'Try again')));
  }
  startKeys();
  window.addEventListener('hashchange', route);
  window.addEventListener('reopen', (event) => (location.hash === event.detail ? route() : location.assign(event.detail)));
  document.addEventListener('visibilitychange', () => frame?.detail.firstChild.visible?.());
  store.addEventListener('changed', update);
  route();
}

main();
