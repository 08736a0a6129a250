// outbox.js — what was written and has not arrived: drafts, and messages on their way. Both live in
// localStorage, under company and colleague, until they arrive or one logs out.
import * as api from './api.js';
import {session} from './session.js';
import {changed, has, take} from './store.js';

const place = () => `${session.me.company.id}/${session.me.user.id}`;
const draftName = (other) => `pw:draft/${place()}/${other}`;
const sentName = (key) => `pw:out/${place()}/${key}`;

const keep = (name, value) => {
  try { localStorage.setItem(name, value); } catch { /* full, or forbidden: then it lives as long as the tab */ }
};

export const draft = (other) => localStorage.getItem(draftName(other)) ?? '';
export function saveDraft(other, text) {
  if (text.trim()) keep(draftName(other), text);
  else localStorage.removeItem(draftName(other));
}

const waiting = new Map(); // key → {key, other, text, date, state: 'sending' | 'failed', why}

/** Messages of the last visit that nobody confirmed: perhaps they arrived, a retry finds out. */
export function restore() {
  for (const name of Object.keys(localStorage).filter((each) => each.startsWith(sentName('')))) {
    const item = JSON.parse(localStorage.getItem(name));
    waiting.set(item.key, {...item, date: new Date(item.date), state: 'failed'});
  }
}

export function unsent(other) {
  for (const key of waiting.keys()) if (has(key)) discard(key); // the key is the row's id
  return [...waiting.values()].filter((item) => item.other === other).sort((a, b) => (a.key < b.key ? -1 : 1));
}

export function discard(key) {
  waiting.delete(key);
  localStorage.removeItem(sentName(key));
}

let queue = Promise.resolve(); // one after another, so that they arrive as they were written

async function post(item) {
  try {
    const {data} = await api.call('POST', 'user-messages/', {
      key: item.key, body: {to_user: `/api/v1/accounts/users/${item.other}`, text: item.text},
    });
    take([data]);
    discard(item.key);
  } catch (failure) {
    item.state = 'failed';
    item.why = failure.fields ? Object.values(failure.fields).flat().join(' ')
      : [0, 401, 409].includes(failure.status) ? '' : failure.message; // those have a banner or a dialog of their own
  }
  changed();
}

function enqueue(item) {
  item.state = 'sending';
  item.why = '';
  queue = queue.then(() => post(item));
  changed();
}

export function send(other, text) {
  const item = {key: api.newKey(), other, text, date: new Date()};
  waiting.set(item.key, item);
  keep(sentName(item.key), JSON.stringify(item));
  enqueue(item);
}

export function retry(key) {
  const item = waiting.get(key);
  if (item?.state === 'failed') enqueue(item);
}
