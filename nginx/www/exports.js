// exports.js — files with what is one's own here, or with all of the company: asked for, waited for and fetched.
// settings.js loads it.
import * as api from './api.js';
import {dialog, h, say} from './dom.js';
import {form} from './form.js';
import {ownCode} from './login.js';
import {does, items, loaded, part} from './panes.js';
import {session} from './session.js';
import {momentOf} from './text.js';

const path = 'exports/?limit=100';
const isUnderWay = ({state}) => state === 'queued' || state === 'running';
const titleOf = ({kind}) => (kind === 'company' ? 'All of the company' : 'Your own');
const sizeOf = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

const stateOf = (row) =>
  ({
    queued: 'It waits for its turn.',
    running: `It is being made: ${row.rows_written} rows so far.`,
    done: `${row.rows_written} rows, ${sizeOf(row.bytes_written)} · here until ${momentOf(row.expires_at)}`,
    failed: 'It could not be made. Ask for it again.',
  })[row.state];

/** The password, and then the file: by a link that is good once. */
function fetchFile(row) {
  const cancel = h('button', {type: 'button', class: 'quiet', onclick: () => box.close()}, 'Cancel');
  const box = dialog(
    titleOf(row),
    form({
      label: titleOf(row),
      fields: [
        {
          name: 'current_password',
          label: 'Password',
          type: 'password',
          required: true,
          autocomplete: 'current-password',
          note: 'Keep the file where nobody else comes.',
        },
        ownCode,
      ],
      action: 'Get the file',
      extra: cancel,
      submit: async (values) => {
        const {data} = await api.call('POST', `exports/${row.id}/link`, {body: values});
        const {pathname, search} = new URL(data.link); // its host may be another name of this one
        box.close();
        h('a', {href: pathname + search, download: ''}).click();
        say('The file is on its way.');
      },
    }),
  );
}

const line = (row) => [
  [
    h('b', null, titleOf(row)),
    h('span', {class: 'chip'}, momentOf(row.created_at)),
    h('p', {class: 'note'}, stateOf(row)),
  ],
  row.state === 'done' && does('Get the file', () => fetchFile(row)),
];

/** What was asked for, the newest first; looked at again while something is under way. */
function table(first, drawn) {
  const node = h('div', {'aria-live': 'polite'});
  let shown = '';
  const draw = (rows) => {
    const now = JSON.stringify(rows);
    if (now !== shown) {
      node.replaceChildren(
        rows.length ? items([...rows].reverse(), line) : h('p', {class: 'note'}, 'You have asked for none today.'),
      );
      drawn(rows);
    }
    shown = now;
    if (rows.some(isUnderWay)) setTimeout(look, 3000);
  };
  const look = async () => {
    if (!node.isConnected) return;
    try {
      draw(await api.all(path));
    } catch (failure) {
      if (!(failure instanceof api.Failure)) throw failure;
      if (failure.passes) setTimeout(look, 10000);
    }
  };
  node.look = look;
  draw(first);
  return node;
}

function asking(kind, says, look) {
  const button = does(
    says,
    async () => {
      await api.call('POST', 'exports/', {body: {kind}, key: api.newKey()});
      await look();
    },
    'primary',
  );
  button.sync = (rows) => (button.hidden = rows.some((row) => row.kind === kind && isUnderWay(row)));
  return button;
}

const build = (rows) => {
  const look = () => all.look();
  const own = asking('personal', 'Ask for your own', look);
  const company =
    session.me.user.role === 'admin' && asking('company', `Ask for all of ${session.me.company.name}`, look);
  const all = table(rows, (now) => [own, company].forEach((button) => button && button.sync(now)));
  return [
    part(
      'Ask for a file',
      h('p', {class: 'lead'}, 'Your messages here, and what is noted of what you did.'),
      own,
      company && h('p', {class: 'lead'}, 'Or everything: people, messages, customers and the audit.'),
      company,
    ),
    part('Files', all, h('p', {class: 'note'}, 'A file is here for a day after it was made.')),
  ];
};

export const page = () => loaded(() => api.all(path), build);
