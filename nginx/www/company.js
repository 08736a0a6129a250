// company.js — the company that one is in: its name, for how long it keeps messages, and for admins the way to erase it.
import * as api from './api.js';
import {h, say} from './dom.js';
import {companyForm} from './erasing.js';
import {editor, form} from './form.js';
import {ownCode, password} from './login.js';
import {loaded, part} from './panes.js';
import {entered, session} from './session.js';
import {changed} from './store.js';

const me = () => session.me;

/** For how long the company keeps messages. */
const keeps = ({messages_days: days}) => (days ? `${days} ${days === 1 ? 'day' : 'days'}` : 'For ever');

const names = ({data, etag}) =>
  editor({
    label: 'Company',
    url: 'accounts/company',
    row: data,
    etag,
    fields: [
      {name: 'name', label: 'Name', required: true, max: 100, prose: true},
      {name: 'address', label: 'Address', max: 250, prose: true},
      {
        name: 'messages_days',
        label: 'Days that messages are kept',
        type: 'number',
        min: 0,
        most: 36500,
        required: true,
        note:
          'Older ones are deleted every night, for both people; 0: never. ' +
          'For a week after you shorten it nothing is deleted.',
      },
    ],
    saved: (row) => {
      entered({...me(), company: {...me().company, name: row.name, address: row.address}});
      changed();
      say('Saved.');
    },
  });

const factor = ({data}) =>
  part(
    'A second factor',
    form({
      label: 'A second factor',
      fields: [
        {
          name: 'second_factor_of',
          label: 'A second factor is wanted of',
          options: [
            ['nobody', 'Nobody'],
            ['admins', 'Admins, who are kept out without one'],
          ],
          value: data.second_factor_of,
        },
        {...password, name: 'current_password'},
        ownCode,
      ],
      action: 'Save whom it is wanted of',
      submit: async (body) => {
        await api.call('PATCH', 'accounts/company', {body});
        say('Saved.');
        window.dispatchEvent(new CustomEvent('reopen', {detail: '#/settings/company'}));
      },
    }),
  );

const facts = ({data}) =>
  h(
    'dl',
    {class: 'facts'},
    h('dt', null, 'Name'),
    h('dd', null, data.name),
    h('dt', null, 'Address'),
    h('dd', null, data.address || '—'),
    h('dt', null, 'Messages are kept'),
    h('dd', null, keeps(data)),
    h('dt', null, ''),
    h('dd', {class: 'note'}, 'Admins change these.'),
  );

export const page = () =>
  me().user.role === 'admin'
    ? [
        loaded(
          () => api.get('accounts/company'),
          (got) => [part('', names(got)), factor(got)],
        ),
        companyForm(),
      ]
    : part(
        '',
        loaded(() => api.get('accounts/company'), facts),
      );
