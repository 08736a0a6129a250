// settings.js — my account, my companies, and the company that I am in.
import * as api from './api.js';
import {confirmed, h, say} from './dom.js';
import {editor} from './editor.js';
import {form} from './form.js';
import {help} from './keys.js';
import {list} from './list.js';
import {does, loaded, part, secret, sheet} from './people.js';
import {end, enter, entered, logOut, session} from './session.js';
import {changed, update} from './store.js';
import {cut, momentOf} from './text.js';

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
    'Username',
    form({
      label: 'Username',
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
      ],
      action: 'Save',
      submit: patchMe,
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
      },
    }),
    h('p', {class: 'note'}, 'Your other sessions and your API tokens end with it.'),
  ),
];

/** "Chromium on Linux" of a browser's long name for itself. */
function deviceOf(agent) {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1];
  const name = {Edg: 'Edge', OPR: 'Opera'}[browser] ?? browser ?? cut(agent, 60);
  return [name || 'An unnamed client', system].filter(Boolean).join(' on ');
}

function sessions() {
  const node = h('div');
  const refresh = () =>
    node.replaceChildren(
      loaded(
        () => api.all('auth/sessions/?limit=100'),
        (rows) => [
          h(
            'ul',
            {class: 'items'},
            rows.reverse().map((row) =>
              h(
                'li',
                null,
                h(
                  'div',
                  null,
                  h('b', null, deviceOf(row.user_agent)),
                  row.current && h('span', {class: 'chip'}, 'this one'),
                  h('p', {class: 'note'}, `${row.address} · last seen ${momentOf(row.last_seen_at)}`),
                ),
                !row.current &&
                  does('End', async () => {
                    await api.call('DELETE', `auth/sessions/${row.id}`);
                    refresh();
                  }),
              ),
            ),
          ),
          rows.length > 1 &&
            does('End all the others', async () => {
              await api.call('DELETE', 'auth/sessions/');
              refresh();
            }),
        ],
      ),
    );
  refresh();
  return part(`Where you are logged in to ${me().company.name}`, node);
}

function tokens() {
  const node = h('div'),
    made = h('div');
  const refresh = () =>
    node.replaceChildren(
      loaded(
        () => api.all('auth/api-tokens/?limit=100'),
        (rows) =>
          rows.length
            ? h(
                'ul',
                {class: 'items'},
                rows.map((row) =>
                  h(
                    'li',
                    null,
                    h(
                      'div',
                      null,
                      h('b', null, row.name),
                      h('span', {class: 'chip'}, row.access === 'write' ? 'reads and writes' : 'reads'),
                      h(
                        'p',
                        {class: 'note'},
                        `Until ${momentOf(row.expires_at)} · ${row.last_used_at ? `last used ${momentOf(row.last_used_at)}` : 'never used'}`,
                      ),
                    ),
                    does('End', async () => {
                      await api.call('DELETE', `auth/api-tokens/${row.id}`);
                      refresh();
                    }),
                  ),
                ),
              )
            : h('p', {class: 'note'}, 'None yet.'),
      ),
    );
  refresh();
  return [
    part(
      'Make a token',
      h('p', {class: 'lead'}, `For scripts: what it can do is what you can do in ${me().company.name}.`),
      made,
      form({
        label: 'Make a token',
        fields: [
          {name: 'name', label: 'Name', required: true, max: 100, prose: true, note: 'What it is for.'},
          {
            name: 'access',
            label: 'Access',
            options: [
              ['read', 'Reads'],
              ['write', 'Reads and writes'],
            ],
            value: 'read',
          },
          {name: 'days', label: 'Days until it expires', type: 'number', value: '90', min: 1, required: true},
        ],
        action: 'Make a token',
        submit: async (values, form) => {
          const {data} = await api.call('POST', 'auth/api-tokens/', {body: {...values, days: Number(values.days)}});
          made.replaceChildren(secret('API token', data.token));
          made.querySelector('input').focus();
          form.reset();
          refresh();
        },
      }),
    ),
    part(
      'Your tokens',
      node,
      h(
        'p',
        {class: 'note'},
        'Every address of the API also opens ',
        h('a', {href: '/api/v1/user-messages/'}, 'in the browser'),
        '.',
      ),
    ),
  ];
}

const companies = () =>
  part(
    'Your companies',
    h(
      'ul',
      {class: 'items'},
      me().memberships.map((each) => {
        const current = each.company === me().company.id;
        return h(
          'li',
          null,
          h(
            'div',
            null,
            h('b', null, each.name),
            current && h('span', {class: 'chip'}, 'you are here'),
            h(
              'p',
              {class: 'note'},
              [
                each.role === 'admin' ? 'Admin' : 'Staff',
                each.default && 'opens when you log in',
                each.unread_messages && `${each.unread_messages} unread`,
              ]
                .filter(Boolean)
                .join(' · '),
            ),
          ),
          h(
            'div',
            {class: 'tools'},
            !current && does('Go there', () => enter(each.company)),
            !each.default &&
              does('Open at login', async () => {
                entered((await api.call('PATCH', 'auth/me', {body: {default_company: each.company}})).data);
                open('companies');
              }),
            does(
              'Leave',
              async () => {
                if (
                  !(await confirmed(
                    `Leave ${each.name}?`,
                    'You lose your place there at once, and only its admins can let you in again.',
                    'Leave',
                  ))
                )
                  return;
                const place = `auth/memberships/${each.company}`;
                if (current) return end('DELETE', place);
                await api.call('DELETE', place);
                entered((await api.get('auth/me')).data);
                open('companies');
              },
              'quiet',
            ),
          ),
        );
      }),
    ),
    h('p', {class: 'note'}, 'The people of one company never learn that you are in another.'),
  );

const company = () =>
  part(
    '',
    me().user.role === 'admin'
      ? loaded(
          () => api.get('accounts/company'),
          ({data, etag}) =>
            editor({
              label: 'Company',
              url: 'accounts/company',
              row: data,
              etag,
              fields: [
                {name: 'name', label: 'Name', required: true, max: 100, prose: true},
                {name: 'address', label: 'Address', max: 250, prose: true},
              ],
              saved: (row) => {
                entered({...me(), company: {...me().company, ...row}});
                changed();
                say('Saved.');
              },
            }),
        )
      : h(
          'dl',
          {class: 'facts'},
          h('dt', null, 'Name'),
          h('dd', null, me().company.name),
          h('dt', null, 'Address'),
          h('dd', null, me().company.address || '—'),
          h('dt', null, ''),
          h('dd', {class: 'note'}, 'Admins change these.'),
        ),
  );

const pages = {
  profile: ['Username and password', 'How you log in', profile],
  companies: ['Companies', 'Switch, choose the first, leave', companies],
  sessions: ['Sessions', 'Where you are logged in', sessions],
  tokens: ['API tokens', 'For your scripts', tokens],
  company: ['Company', 'Name and address', company],
};

const open = (name) => window.dispatchEvent(new CustomEvent('reopen', {detail: `#/settings/${name}`}));

function show() {
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
    pane = list({title: me().user.username});
    pane.node.classList.add('plain');
    pane.node.append(
      h(
        'div',
        {class: 'tools below'},
        does('Log out', logOut),
        h('button', {class: 'quiet', onclick: help}, 'Keyboard help'),
      ),
    );
    show();
    return pane.node;
  },
  update: show,
  detail(name) {
    if (!name)
      return h(
        'div',
        {class: 'blank'},
        h('p', {class: 'blank-title'}, `You are ${me().user.username}`),
        h('p', null, `in ${me().company.name}.`),
      );
    return sheet(name === 'company' ? 'Company' : pages[name][0], '#/settings', pages[name][2]());
  },
};
