// customers.js — the company's customers: look up, add, change; admins delete.
import * as api from './api.js';
import {confirmed, h, icon, momentOf, say} from './dom.js';
import {form} from './form.js';
import {list} from './list.js';
import {does, loaded, part, sheet} from './people.js';
import {session} from './session.js';

let pane, rows = [], next, wanted = '', more, asked = 0, timer;

const path = () => {
  const what = wanted.includes('@') ? 'email' : 'name';
  return `customers/?limit=100${wanted ? `&${what}=${encodeURIComponent(wanted)}` : ''}`;
};

function show() {
  pane.show(rows.map((row) => ({key: row.id, href: `#/customers/${row.id}`, title: row.name, sub: row.email})),
    wanted ? 'No customer whose name begins so. A whole e-mail address finds one, too.' : 'No customers yet.');
  more.hidden = !next;
}

async function load(from) {
  const turn = ++asked; // an older search that answers late is not shown
  try {
    const page = await api.get(from ?? path());
    if (turn !== asked) return;
    rows = from ? [...rows, ...page.data] : page.data;
    next = page.next;
    show();
  } catch (failure) {
    if (turn === asked) say(failure.message);
  }
}

const fields = (row = {}) => [
  {name: 'name', label: 'Name', value: row.name, required: true, max: 100, prose: true},
  {name: 'email', label: 'E-mail', type: 'email', value: row.email, required: true, max: 254},
  {name: 'phone', label: 'Phone', type: 'tel', value: row.phone, max: 30},
  {name: 'notes', label: 'Notes', value: row.notes, rows: 6, prose: true},
];

function add() {
  const key = api.newKey(); // one form, one customer, however often it is sent
  return sheet('Add a customer', '#/customers', part('', form({
    label: 'Add a customer',
    fields: fields(),
    action: 'Add',
    submit: async (values) => {
      const {data} = await api.call('POST', 'customers/', {body: values, key});
      await load();
      location.hash = `#/customers/${data.id}`;
    },
  })));
}

function customer(id) {
  const url = `customers/${id}`;
  const title = rows.find((row) => row.id === id)?.name ?? 'Customer';
  const node = sheet(title, '#/customers', loaded(api.get(url), ({data, etag}) => {
    node.querySelector('h2').textContent = data.name;
    let match = etag;
    const changed = h('p', {class: 'note'}, `Added ${momentOf(data.created_at)}`,
      data.updated_at !== data.created_at && `, changed ${momentOf(data.updated_at)}`);
    return [
      part('', form({
        label: 'Customer',
        fields: fields(data),
        action: 'Save',
        submit: async (values) => {
          const answer = await api.call('PUT', url, {body: values, match}).catch((failure) => {
            if (failure.status === 412) failure.message = 'Somebody changed this customer meanwhile. Reload to see it, then save again.';
            throw failure;
          });
          match = (await api.get(url)).etag;
          node.querySelector('h2').textContent = answer.data.name;
          changed.textContent = `Changed ${momentOf(answer.data.updated_at)}`;
          say('Saved.');
          load();
        },
      }), changed),
      session.me.user.role === 'admin' && part('Delete', does('Delete this customer', async () => {
        if (!await confirmed(`Delete ${data.name}?`, 'This cannot be undone.', 'Delete')) return;
        await api.call('DELETE', url);
        await load();
        location.hash = '#/customers';
      }, 'danger')),
    ];
  }));
  return node;
}

export const customers = {
  name: 'customers',
  label: 'Customers',
  home: '#/customers',
  list() {
    rows = [];
    wanted = '';
    next = undefined;
    more = h('button', {class: 'quiet more', hidden: true, onclick: () => load(next)}, 'Show more');
    pane = list({
      title: 'Customers',
      actions: [h('a', {class: 'tool', href: '#/customers/add', 'aria-label': 'Add a customer', title: 'Add a customer'}, icon('plus'))],
      filter: 'Search customers',
      search: (text) => { wanted = text; clearTimeout(timer); timer = setTimeout(load, 150); },
    });
    pane.node.append(more);
    load();
    return pane.node;
  },
  update: show,
  detail(what) {
    if (what === 'add') return add();
    if (what) return customer(what);
    return h('div', {class: 'blank'}, h('p', {class: 'blank-title'}, 'Pick a customer'), h('p', null, 'or add one: everybody in the company may.'));
  },
};
