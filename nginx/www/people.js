// people.js — who works here: add, invite, change the role of, remove.
import * as api from './api.js';
import {confirmed, h, icon, mark, say} from './dom.js';
import {form} from './form.js';
import {list} from './list.js';
import {later} from './poll.js';
import {session} from './session.js';
import {everybody, forget, loadPeople, personOf, update} from './store.js';
import {isId, matches, momentOf} from './text.js';

let pane,
  wanted = '';

const isAdmin = () => session.me.user.role === 'admin';
const roles = [
  ['staff', 'Staff'],
  ['admin', 'Admin'],
];
const roleName = (role) => (role === 'admin' ? 'Admin' : 'Staff');

/** The frame of every detail pane that is a form: a back link, a heading, parts. */
export const sheet = (title, home, ...parts) =>
  h(
    'section',
    {class: 'sheet', 'aria-label': title},
    h(
      'header',
      {class: 'bar'},
      h('a', {class: 'back', href: home, 'aria-label': 'Back'}, icon('back')),
      h('h2', {tabindex: -1}, title),
    ),
    h('div', {class: 'scroller'}, h('div', {class: 'parts'}, parts)),
  );

export const part = (title, ...content) =>
  h('section', {class: 'part', 'aria-label': title}, title && h('h3', null, title), content);

/** Content that has to be asked for; when it could not be had, it says so, and comes when the server is back. */
export function loaded(load, build) {
  const node = h('div', null, h('p', {class: 'note'}, 'Loading…'));
  const attempt = async () => {
    try {
      const value = await load();
      node.replaceChildren(...[build(value)].flat(Infinity).filter(Boolean));
    } catch (failure) {
      if (!(failure instanceof api.Failure)) throw failure;
      node.replaceChildren(h('p', {class: 'problem', role: 'alert'}, failure.message));
      if (failure.passes) later(failure).then(() => node.isConnected && attempt());
    }
  };
  attempt();
  return node;
}

/** A button that does something at the server, and says what went wrong. */
export const does = (label, work, kind = 'quiet') =>
  h(
    'button',
    {
      type: 'button',
      class: kind,
      onclick: async (event) => {
        const button = event.currentTarget;
        button.disabled = true;
        try {
          await work(button);
        } catch (failure) {
          say(failure.fields ? Object.values(failure.fields).flat().join(' ') : failure.message);
        }
        button.disabled = false;
      },
    },
    label,
  );

/** A secret that is shown once, with a button that copies it. */
export const secret = (label, text) => {
  const field = h('input', {
    value: text,
    readOnly: true,
    'aria-label': label,
    class: 'code',
    onfocus: () => {
      field.select();
      field.scrollLeft = 0;
    },
  });
  return h(
    'div',
    {class: 'secret'},
    h('p', null, `${label}. It is shown only now.`),
    h(
      'div',
      {class: 'together'},
      field,
      does('Copy', async () => {
        try {
          await navigator.clipboard.writeText(text);
        } catch {
          field.select();
          document.execCommand('copy');
        }
        say('Copied.');
      }),
    ),
  );
};

function show() {
  const rows = everybody()
    .filter((user) => matches(user.username, wanted))
    .map((user) => ({
      key: user.id,
      href: `#/people/${user.id}`,
      title: user.username,
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
  const pending = h('div');
  const refresh = () =>
    pending.replaceChildren(
      loaded(
        () => api.all('accounts/invitations/?limit=100'),
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
                      h('b', null, row.username || 'Whoever has the link'),
                      h(
                        'p',
                        {class: 'note'},
                        `${roleName(row.role)} · ${row.uses_left === 1 ? 'one use' : `${row.uses_left} uses`} · until ${momentOf(row.expires_at)}`,
                      ),
                    ),
                    does('Revoke', async () => {
                      await api.call('DELETE', `accounts/invitations/${row.id}`);
                      refresh();
                    }),
                  ),
                ),
              )
            : h('p', {class: 'note'}, 'None.'),
      ),
    );
  refresh();
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
          refresh();
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
      if (personOf(id)) return node.replaceWith(person(id));
      node.querySelector('h2').textContent = 'Not here';
      return part('', h('p', null, 'Nobody with this address works here.'));
    }),
  );
  return node;
}

function person(id) {
  const user = personOf(id);
  if (!user) return newcomer(id);
  const self = id === session.me.user.id;
  const url = `accounts/users/${id}`;
  const admin = isAdmin() &&
    !self && [
      part(
        'Role',
        form({
          label: 'Role',
          fields: [
            {
              name: 'role',
              label: 'Role',
              options: roles,
              value: user.role,
              note: 'Admins change the company, its people and their roles.',
            },
          ],
          action: 'Save the role',
          quiet: true,
          submit: async (values) => {
            update((await api.call('PATCH', url, {body: values})).data);
            say('Saved.');
          },
        }),
      ),
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
      ),
      part(
        'Remove',
        h('p', {class: 'note'}, 'They can no longer log in here. What they wrote stays with those they wrote to.'),
        does(
          `Remove ${user.username}`,
          async () => {
            if (
              !(await confirmed(
                `Remove ${user.username}?`,
                `They lose their place in ${session.me.company.name} at once.`,
                'Remove',
              ))
            )
              return;
            await api.call('DELETE', url);
            forget(id);
            say(`${user.username} was removed.`);
            location.hash = '#/people';
          },
          'danger',
        ),
      ),
    ];
  return sheet(
    user.username,
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
    admin,
  );
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
        isAdmin() &&
          h(
            'a',
            {class: 'tool', href: '#/people/invite', 'aria-label': 'Invite', title: 'Invite with a link'},
            icon('link'),
          ),
        h(
          'a',
          {class: 'tool', href: '#/people/add', 'aria-label': 'Add somebody', title: 'Add somebody'},
          icon('plus'),
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
    return h(
      'div',
      {class: 'blank'},
      h('p', {class: 'blank-title'}, `The people of ${session.me.company.name}`),
      h('p', null, 'Nobody outside this company can see them, or you.'),
    );
  },
};
