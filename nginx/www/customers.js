// customers.js — the company's customers: look up, add, change; admins delete.
import * as api from './api.js';
import {awaited, confirmed, h, say} from './dom.js';
import {editor, form} from './form.js';
import {Listing, blank, does, list, loaded, part, sheet} from './panes.js';
import {session} from './session.js';
import {changed as titled} from './store.js';
import {isId, matches, momentOf} from './text.js';

// What the list shows outlives a visit to another section.
let pane,
  wanted = '',
  timer,
  place = 0;
const listing = new Listing(
  () => show(),
  () => pane.node.isConnected,
);

const path = () => `customers/?limit=100${wanted ? `&q=${encodeURIComponent(wanted)}` : ''}`;

function nothing() {
  if (listing.trouble || !listing.rows) return listing.trouble || awaited;
  if (!wanted) return 'No customers yet.';
  return listing.next ? listing.looking : 'No customer has that in name, e-mail address or phone number.';
}

function show() {
  const rows = (listing.rows ?? []).map((row) => ({
    key: row.id,
    href: `#/customers/${row.id}`,
    title: row.name,
    sub: row.email,
  }));
  pane.show(rows, nothing());
}

const load = () => (wanted ? listing.search(path()) : listing.open(path()));

function search(text) {
  wanted = text;
  clearTimeout(timer);
  timer = setTimeout(load, 150);
}

/** A row that was made or changed here: it is seen, also where the list does not go that far, or shows others. */
function put(row) {
  const at = listing.rows?.findIndex((each) => each.id === row.id) ?? -1;
  if (at >= 0) listing.rows[at] = row;
  else listing.rows = [...(listing.rows ?? []), row];
  if (wanted && at < 0 && ![row.name, row.email, row.phone].some((each) => matches(each, wanted))) {
    pane.field.value = wanted = '';
    load().then(() => put(row));
  }
  show();
  pane.reveal(row.id);
}

const fields = [
  {name: 'name', label: 'Name', required: true, max: 100, prose: true},
  {name: 'email', label: 'E-mail', type: 'email', required: true, max: 254},
  {name: 'phone', label: 'Phone', type: 'tel', max: 30},
  {name: 'notes', label: 'Notes', rows: 6, prose: true},
];

function add() {
  const key = api.newKey(); // one form, one customer, however often it is sent
  return sheet(
    'Add a customer',
    '#/customers',
    part(
      '',
      form({
        label: 'Add a customer',
        fields,
        action: 'Add',
        submit: async (values) => {
          const {data} = await api.call('POST', 'customers/', {body: values, key});
          put(data);
          location.hash = `#/customers/${data.id}`;
        },
      }),
    ),
  );
}

function customer(id) {
  const url = `customers/${id}`;
  const title = listing.rows?.find((row) => row.id === id)?.name ?? 'Customer';
  const node = sheet(
    title,
    '#/customers',
    loaded(
      () => api.get(url),
      ({data, etag}) => {
        node.querySelector('h2').textContent = data.name;
        titled();
        const changed = h(
          'p',
          {class: 'note'},
          `Added ${momentOf(data.created_at)}`,
          data.updated_at !== data.created_at && `, changed ${momentOf(data.updated_at)}`,
        );
        return [
          part(
            '',
            editor({
              label: 'Customer',
              url,
              row: data,
              etag,
              fields,
              gone: 'Somebody deleted this customer meanwhile. What you typed is still here.',
              saved: (row) => {
                node.querySelector('h2').textContent = row.name;
                titled();
                changed.textContent = `Changed ${momentOf(row.updated_at)}`;
                put(row);
                say('Saved.');
              },
            }),
            changed,
          ),
          session.me.user.role === 'admin' &&
            part(
              'Delete',
              does(
                'Delete this customer',
                async () => {
                  if (!(await confirmed(`Delete ${data.name}?`, 'This cannot be undone.', 'Delete'))) return;
                  await api.call('DELETE', url);
                  listing.rows = listing.rows?.filter((row) => row.id !== id);
                  if (listing.busy) load(); // what is on its way may have it still
                  location.hash = '#/customers';
                },
                'danger',
              ),
            ),
        ];
      },
    ),
  );
  return node;
}

export const customers = {
  name: 'customers',
  label: 'Customers',
  home: '#/customers',
  has: (what) => what === 'add' || isId(what),
  list() {
    pane = list({
      title: 'Customers',
      actions: [
        h(
          'a',
          {class: 'button quiet', href: '#/customers/add', 'aria-label': 'Add a customer', title: 'Add a customer'},
          'Add',
        ),
      ],
      filter: 'Search customers',
      search,
    });
    pane.field.value = wanted;
    pane.node.append(listing.more);
    show();
    if (wanted) load();
    else listing.open(path(), listing.rows?.length);
    return pane.node;
  },
  update: show,
  // Where one was in the list, for when one comes back.
  left: (scrolled) => {
    place = scrolled;
  },
  place: () => place,
  detail(what) {
    if (what === 'add') return add();
    if (what) return customer(what);
    return blank('Pick a customer', 'or add one: everybody in the company may.');
  },
};
