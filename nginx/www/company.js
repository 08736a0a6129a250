// company.js — the company that one is in: its name and address, and for admins the way to erase it.
import * as api from './api.js';
import {h, say} from './dom.js';
import {companyForm} from './erasing.js';
import {editor} from './form.js';
import {loaded, part} from './panes.js';
import {entered, session} from './session.js';
import {changed} from './store.js';

const me = () => session.me;

const names = ({data, etag}) =>
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
  });

const facts = () =>
  h(
    'dl',
    {class: 'facts'},
    h('dt', null, 'Name'),
    h('dd', null, me().company.name),
    h('dt', null, 'Address'),
    h('dd', null, me().company.address || '—'),
    h('dt', null, ''),
    h('dd', {class: 'note'}, 'Admins change these.'),
  );

export const page = () =>
  me().user.role === 'admin'
    ? [
        part(
          '',
          loaded(() => api.get('accounts/company'), names),
        ),
        companyForm(),
      ]
    : part('', facts());
