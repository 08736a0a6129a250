// settings.js — my account, my companies, and the company that I am in.
import * as api from './api.js';
import {confirmed, h, say} from './dom.js';
import {form} from './form.js';
import {help} from './keys.js';
import {ownCode} from './login.js';
import {blank, does, items, lazy, list, loaded, part, reloaded, sheet} from './panes.js';
import {nameField} from './people.js';
import {end, enter, entered, logOut, session} from './session.js';
import {update} from './store.js';
import {called, deviceOf, momentOf} from './text.js';

let pane;

const me = () => session.me;
const patchMe = async (body) => {
  const {data} = await api.call('PATCH', `accounts/users/${me().user.id}`, {body});
  entered({...me(), user: {...me().user, ...data}});
  update(data);
  say('Saved.');
};

const profile = () => [
  part(
    'Your names',
    form({
      label: 'Your names',
      fields: [
        {
          name: 'username',
          label: 'Username',
          value: me().user.username,
          required: true,
          max: 150,
          autocomplete: 'username',
          note: me().memberships.length > 1 ? 'The same in all your companies.' : '',
        },
        nameField(me().user, `Stands beside your username at ${me().company.name}.`),
      ],
      action: 'Save',
      submit: (values, node) => patchMe(node.changes()),
    }),
  ),
  part(
    'Password',
    form({
      label: 'Password',
      fields: [
        {
          name: 'current_password',
          label: 'Current password',
          type: 'password',
          required: true,
          autocomplete: 'current-password',
        },
        ownCode,
        {
          name: 'password',
          label: 'New password',
          type: 'password',
          required: true,
          max: 128,
          autocomplete: 'new-password',
        },
      ],
      action: 'Change the password',
      submit: async (values, node) => {
        await patchMe(values);
        node.reset();
        const [{data}, {linksGoTo}] = await Promise.all([api.get('auth/email'), import('./email.js')]);
        if (data.email) node.after(h('p', {class: 'note', role: 'status'}, linksGoTo(data.email)));
      },
    }),
    h('p', {class: 'note'}, 'Your other sessions and your API tokens end with it.'),
  ),
  loaded(erasing, (those) => those.accountForm()),
];

const sessions = () =>
  part(
    `Where you are logged in to ${me().company.name}`,
    reloaded(
      () => api.all('auth/sessions/?limit=100'),
      (rows, reload) => [
        items(rows.reverse(), (row) => [
          [
            h('b', null, deviceOf(row.user_agent)),
            row.current && h('span', {class: 'chip'}, 'this one'),
            h('p', {class: 'note'}, `${row.address} · last seen ${momentOf(row.last_seen_at)}`),
          ],
          !row.current &&
            does('End', async () => {
              await api.call('DELETE', `auth/sessions/${row.id}`);
              reload();
            }),
        ]),
        rows.length > 1 &&
          does('End all the others', async () => {
            await api.call('DELETE', 'auth/sessions/');
            reload();
          }),
      ],
    ),
  );

async function leave(each, isCurrent) {
  const warning = 'You lose your place there at once, and only its admins can let you in again.';
  if (!(await confirmed(`Leave ${each.name}?`, warning, 'Leave'))) return;
  const place = `auth/memberships/${each.company}`;
  if (isCurrent) return end('DELETE', place);
  await api.call('DELETE', place);
  entered((await api.get('auth/me')).data);
  open('companies');
}

const companies = () =>
  part(
    'Your companies',
    items(me().memberships, (each) => {
      const current = each.company === me().company.id;
      const says = [
        each.role === 'admin' ? 'Admin' : 'Staff',
        each.default && 'opens when you log in',
        each.unread_messages && `${each.unread_messages} unread`,
      ];
      return [
        [
          h('b', null, each.name),
          current && h('span', {class: 'chip'}, 'you are here'),
          h('p', {class: 'note'}, says.filter(Boolean).join(' · ')),
        ],
        h(
          'div',
          {class: 'tools'},
          !current && does('Go there', () => enter(each.company)),
          !each.default &&
            does('Open at login', async () => {
              entered((await api.call('PATCH', 'auth/me', {body: {default_company: each.company}})).data);
              open('companies');
            }),
          does('Leave', () => leave(each, current), 'quiet'),
        ),
      ];
    }),
    h('p', {class: 'note'}, 'The people of one company never learn that you are in another.'),
  );

const erasing = () => import('./erasing.js').catch(() => Promise.reject(new api.Failure(0)));

const pages = {
  profile: ['Names and password', 'How you log in', profile],
  factor: ['Second factor', 'A code beside the password', lazy('./factor.js')],
  email: ['E-mail', 'For when you lose your password', lazy('./email.js')],
  companies: ['Companies', 'Switch, choose the first, leave', companies],
  alerts: ['Notifications', 'When a message comes', lazy('./alerts.js')],
  sessions: ['Sessions', 'Where you are logged in', sessions],
  tokens: ['API tokens', 'For your scripts', lazy('./tokens.js')],
  exports: ['Exports', 'What is yours here, as a file', lazy('./exports.js')],
  company: ['Company', 'Name, address, how long messages are kept', lazy('./company.js')],
};

const open = (name) => window.dispatchEvent(new CustomEvent('reopen', {detail: `#/settings/${name}`}));

function show() {
  pane.node.querySelector('h2').textContent = called(me().user);
  pane.show(
    Object.entries(pages).map(([key, [title, sub]]) => ({
      key,
      href: `#/settings/${key}`,
      title: key === 'company' ? me().company.name : title,
      sub,
    })),
  );
}

export const settings = {
  name: 'settings',
  label: 'Account',
  home: '#/settings',
  has: (what) => Object.hasOwn(pages, what),
  list() {
    pane = list({title: called(me().user)});
    pane.node.classList.add('plain');
    pane.node.append(
      h(
        'div',
        {class: 'tools below'},
        does('Log out', logOut),
        h('button', {class: 'quiet', onclick: help}, 'Keyboard help'),
        h('a', {class: 'button quiet', href: '/docs/'}, 'API'),
      ),
    );
    show();
    return pane.node;
  },
  update: show,
  detail(name) {
    if (!name) return blank(`You are ${called(me().user)}`, `in ${me().company.name}.`);
    return sheet(name === 'company' ? 'Company' : pages[name][0], '#/settings', pages[name][2]());
  },
};
