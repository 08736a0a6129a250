// tokens.js — API tokens for one's scripts.
import * as api from './api.js';
import {h} from './dom.js';
import {form} from './form.js';
import {does, items, part, reloaded, secret} from './panes.js';
import {session} from './session.js';
import {momentOf} from './text.js';

const tokenList = () =>
  reloaded(
    () => api.all('auth/api-tokens/?limit=100'),
    (rows, reload) =>
      rows.length
        ? items(rows, (row) => [
            [
              h('b', null, row.name),
              h('span', {class: 'chip'}, row.access === 'write' ? 'reads and writes' : 'reads'),
              h(
                'p',
                {class: 'note'},
                `Until ${momentOf(row.expires_at)} · ${row.last_used_at ? `last used ${momentOf(row.last_used_at)}` : 'never used'}`,
              ),
            ],
            does('End', async () => {
              await api.call('DELETE', `auth/api-tokens/${row.id}`);
              reload();
            }),
          ])
        : h('p', {class: 'note'}, 'None yet.'),
  );

export function page() {
  const made = h('div');
  const all = tokenList();
  return [
    part(
      'Make a token',
      h('p', {class: 'lead'}, `For scripts: what it can do is what you can do in ${session.me.company.name}.`),
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
          all.reload();
        },
      }),
    ),
    part(
      'Your tokens',
      all,
      h(
        'p',
        {class: 'note'},
        'What a script can call, and how, stands in ',
        h('a', {href: '/docs/'}, 'the API’s documentation'),
        '. Every address of it also opens ',
        h('a', {href: '/api/v2/'}, 'in the browser'),
        '.',
      ),
    ),
  ];
}
