// people.js — who works here: add, invite, change the role of, remove.
import * as api from './api.js';
import {confirmed, h, mark, say} from './dom.js';
import {form} from './form.js';
import {blank, byName, does, items, list, loaded, part, reloaded, secret, sheet} from './panes.js';
import {later} from './poll.js';
import {session} from './session.js';
import {everybody, forget, loadPeople, update, userOf} from './store.js';
import {called, isId, matches, momentOf} from './text.js';

let pane,
  wanted = '';

const isAdmin = () => session.me.user.role === 'admin';
const roles = [
  ['staff', 'Staff'],
  ['admin', 'Admin'],
];
/** What somebody is called beside their username. */
export const nameField = (user, note) => ({
  name: 'display_name',
  label: 'Name',
  value: user?.display_name,
  max: 100,
  prose: true,
  note,
});
const roleName = (role) => (role === 'admin' ? 'Admin' : 'Staff');

function show() {
  const rows = everybody()
    .filter((user) => matches(called(user), wanted))
    .sort((a, b) => called(a).localeCompare(called(b)))
    .map((user) => ({
      key: user.id,
      href: `#/people/${user.id}`,
      ...byName(user),
      sub: roleName(user.role) + (user.id === session.me.user.id ? ' · you' : ''),
    }));
  pane.show(rows, 'Nobody by that name.');
}

const add = (key = api.newKey()) =>
  sheet(
    'Add somebody',
    '#/people',
    part(
      '',
      h(
        'p',
        {class: 'lead'},
        'They can log in at once, with the password that you choose and tell them. To let people choose their own, ',
        isAdmin() ? h('a', {href: '#/people/invite'}, 'invite them') : 'ask an admin to invite them',
        '.',
      ),
      form({
        label: 'Add somebody',
        fields: [
          {name: 'username', label: 'Username', required: true, max: 150},
          nameField(),
          {
            name: 'password',
            label: 'First password',
            required: true,
            max: 128,
            type: 'password',
            autocomplete: 'new-password',
            note: 'At least 8 characters, and not a common one.',
          },
          ...(isAdmin() ? [{name: 'role', label: 'Role', options: roles, value: 'staff'}] : []),
        ],
        action: 'Add',
        submit: async (values) => {
          const {data} = await api.call('POST', 'accounts/users/', {body: values, key}); // one form, one person
          update(data);
          say(`${data.username} can log in now.`);
          location.hash = `#/people/${data.id}`;
        },
      }),
    ),
  );

function invite() {
  const made = h('div');
  const pending = reloaded(
    () => api.all('accounts/invitations/?limit=100'),
    (rows, reload) =>
      rows.length
        ? items(rows, (row) => [
            [
              h('b', null, row.username || (row.for_user ? called(row.for_user) : 'Whoever has the link')),
              h(
                'p',
                {class: 'note'},
                `${roleName(row.role)} · ${row.uses_left === 1 ? 'one use' : `${row.uses_left} uses`} · until ${momentOf(row.expires_at)}`,
              ),
            ],
            does('Revoke', async () => {
              await api.call('DELETE', `accounts/invitations/${row.id}`);
              reload();
            }),
          ])
        : h('p', {class: 'note'}, 'None.'),
  );
  return sheet(
    'Invite',
    '#/people',
    part(
      '',
      h('p', {class: 'lead'}, `A link lets people join ${session.me.company.name} and choose their own password.`),
      made,
      form({
        label: 'Invite',
        fields: [
          {name: 'username', label: 'Only for the username', max: 150, note: 'Empty: for whoever has the link.'},
          {name: 'role', label: 'Role', options: roles, value: 'staff'},
          {name: 'days', label: 'Days until it expires', type: 'number', value: '7', min: 1, most: 30, required: true},
          {name: 'uses', label: 'People who may use it', type: 'number', value: '1', min: 1, most: 100, required: true},
        ],
        action: 'Make a link',
        submit: async (values) => {
          const {data} = await api.call('POST', 'accounts/invitations/', {
            body: {...values, days: Number(values.days), uses: Number(values.uses)},
          });
          made.replaceChildren(secret('Invitation link', data.link));
          made.querySelector('input').focus();
          pending.reload();
        },
      }),
    ),
    part('Open invitations', pending),
  );
}

/** Who is unknown may have been hired a moment ago. */
function newcomer(id) {
  const node = sheet(
    'One moment…',
    '#/people',
    loaded(loadPeople, () => {
      if (userOf(id)) return node.replaceWith(person(id));
      node.querySelector('h2').textContent = 'Not here';
      return part('', h('p', null, 'Nobody with this address works here.'));
    }),
  );
  return node;
}

const detailsOf = (user, url) =>
  part(
    'Name and role',
    form({
      label: 'Name and role',
      fields: [
        nameField(user),
        {
          name: 'role',
          label: 'Role',
          options: roles,
          value: user.role,
          note: 'Admins change the company, its people and their roles.',
        },
      ],
      action: 'Save',
      quiet: true,
      submit: async (values, node) => {
        update((await api.call('PATCH', url, {body: node.changes()})).data);
        say('Saved.');
      },
    }),
  );

const passwordOf = (url) =>
  part(
    'Password',
    form({
      label: 'New password',
      fields: [
        {
          name: 'password',
          label: 'New password',
          type: 'password',
          autocomplete: 'new-password',
          required: true,
          max: 128,
          note: 'For somebody who lost theirs. It logs them out everywhere.',
        },
      ],
      action: 'Set the password',
      quiet: true,
      submit: async (values, node) => {
        await api.call('PATCH', url, {body: values});
        node.reset();
        say('Set. Tell them.');
      },
    }),
  );

function linkOf(url) {
  const made = h('div', null);
  return part(
    'Link to get in',
    h(
      'p',
      {class: 'note'},
      'For who lost their password: they choose a new one with it, once and within the hour. ',
      'Who cannot log in yet chooses a username, too, within the week. Hand it to nobody else.',
    ),
    made,
    does('Make a link', async () => {
      const {data} = await api.call('POST', `${url}/password-link`, {body: {}});
      made.replaceChildren(secret('Link to get in', data.link));
      made.querySelector('input').focus();
    }),
  );
}

const removal = (user, url) =>
  part(
    'Remove',
    h('p', {class: 'note'}, 'They can no longer log in here. What they wrote stays with those they wrote to.'),
    does(
      `Remove ${called(user)}`,
      async () => {
        const loses = `They lose their place in ${session.me.company.name} at once.`;
        if (!(await confirmed(`Remove ${called(user)}?`, loses, 'Remove'))) return;
        await api.call('DELETE', url);
        forget(user.id);
        say(`${called(user)} was removed.`);
        location.hash = '#/people';
      },
      'danger',
    ),
  );

function person(id) {
  const user = userOf(id);
  if (!user) return newcomer(id);
  const self = id === session.me.user.id;
  const url = `accounts/users/${id}`;
  const node = sheet(
    called(user),
    '#/people',
    h(
      'div',
      {class: 'who'},
      mark(user.username, 'large'),
      h('p', null, roleName(user.role), self && ' · you'),
      self
        ? h('a', {class: 'button quiet', href: '#/settings/profile'}, 'My account')
        : h('a', {class: 'button primary', href: `#/messages/${id}`}, 'Write a message'),
    ),
    isAdmin() && !self && [detailsOf(user, url), passwordOf(url), linkOf(url), removal(user, url)],
  );
  node.update = () => {
    node.querySelector('h2').textContent = called(userOf(id) ?? user);
  };
  return node;
}

export const people = {
  name: 'people',
  label: 'People',
  home: '#/people',
  has: (what) => what === 'add' || (what === 'invite' && isAdmin()) || isId(what),
  list() {
    wanted = '';
    pane = list({
      title: 'People',
      actions: [
        isAdmin() && h('a', {class: 'button quiet', href: '#/people/invite', title: 'Invite with a link'}, 'Invite'),
        h(
          'a',
          {class: 'button quiet', href: '#/people/add', 'aria-label': 'Add somebody', title: 'Add somebody'},
          'Add',
        ),
      ].filter(Boolean),
      filter: 'Search people',
      search: (text) => {
        wanted = text;
        show();
      },
    });
    show();
    const refresh = () =>
      loadPeople().catch((failure) => failure.passes && later(failure).then(() => pane.node.isConnected && refresh()));
    refresh();
    return pane.node;
  },
  update: show,
  detail(what) {
    if (what === 'add') return add();
    if (what === 'invite') return invite();
    if (what) return person(what);
    return blank(`The people of ${session.me.company.name}`, 'Nobody outside this company can see them, or you.');
  },
};
