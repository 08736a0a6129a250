// outbox.js — what was written and has not arrived: drafts, and messages on their way; and the field for them. Both live in
// localStorage, under company and colleague, until they arrive or one logs out.
import * as api from './api.js';
import {h, icon, isComposing} from './dom.js';
import {session} from './session.js';
import {changed, has, nameOf, take} from './store.js';

const place = () => `${session.me.company.id}/${session.me.user.id}`;
const draftName = (other) => `pw:draft/${place()}/${other}`;
const sentName = (key) => `pw:out/${place()}/${key}`;

const keep = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {
    /* full, or forbidden: then it lives as long as the tab */
  }
};

export const draft = (other) => localStorage.getItem(draftName(other)) ?? '';
export function saveDraft(other, text) {
  if (text.trim()) keep(draftName(other), text);
  else localStorage.removeItem(draftName(other));
}

// key → {key, other, text, date, state, why}. state: 'sending'; 'failed' for now, sent again by itself;
// 'refused', which only a person can change. The key is the row's id, so twice sent is once there.
const waiting = new Map();

const inOrder = () => [...waiting.values()].sort((a, b) => (a.key < b.key ? -1 : 1));

/** Takes up what nobody confirmed and is older than so many milliseconds: its tab may be gone. */
function takeUp(age) {
  for (const name of Object.keys(localStorage).filter((each) => each.startsWith(sentName('')))) {
    const item = JSON.parse(localStorage.getItem(name));
    const date = new Date(item.date);
    if (!waiting.has(item.key) && Date.now() - date >= age) waiting.set(item.key, {...item, date, state: 'sending'});
  }
}

/** Messages of the last visit that nobody confirmed. */
export function restore() {
  takeUp(-Infinity);
  flush();
}

/** What another tab wrote of a draft, where nobody writes here; the one that sends it empties all. */
window.addEventListener('storage', ({key, newValue}) => {
  const field = document.querySelector('.composer textarea');
  const isBusy = document.hasFocus() && document.activeElement === field;
  if (field && field.dataset.draft === key && !isBusy) field.value = newValue ?? '';
});

window.addEventListener('storage', ({key, newValue}) => {
  if (!session.me || newValue !== null || !key?.startsWith(sentName(''))) return;
  if (waiting.delete(key.slice(sentName('').length))) changed(); // sent or discarded by another tab
});

export function unsent(other) {
  for (const key of waiting.keys()) if (has(key)) discard(key);
  return inOrder().filter((item) => item.other === other);
}

export function discard(key) {
  waiting.delete(key);
  localStorage.removeItem(sentName(key));
}

/** Why something was not sent for now. */
const reasons = {
  0: 'the server cannot be reached',
  401: 'you have to log in again',
  409: 'this tab is not in this company any more',
};

const why = ({status}) => (navigator.onLine ? (reasons[status] ?? 'the server is busy') : 'you are offline');

function refusal({status, message}) {
  if (status === 413 || /no more than/.test(message)) return 'It is too long. Copy it, and send it in parts.';
  return /does not exist/.test(message) ? 'This person is no longer here.' : message;
}

/** Sends one; whether the next one may follow. */
async function post(item) {
  item.state = 'sending';
  changed();
  try {
    const {data} = await api.call('POST', 'user-messages/', {
      key: item.key,
      body: {to_user: item.other, text: item.text},
    });
    take([data]);
    discard(item.key);
  } catch (failure) {
    item.state = failure.passes ? 'failed' : 'refused';
    item.why = failure.passes ? why(failure) : refusal(failure);
    if (failure.passes) pause(failure.retryAfter);
  }
  changed();
  return item.state !== 'failed';
}

let sending = false,
  failures = 0,
  notBefore = 0;

function pause(seconds) {
  const wait = 1000 * Math.max(seconds, Math.min(60, 2 ** failures++));
  notBefore = Date.now() + wait;
  setTimeout(() => flush(), wait); // a poll may be further away
}

/** Sends what waits, one after another, so that it arrives as it was written. Called when the server may be back. */
export async function flush({now = false} = {}) {
  if (sending || !session.me || (!now && Date.now() < notBefore)) return;
  sending = true;
  takeUp(10000);
  let why;
  const next = () => inOrder().find((item) => item.state !== 'refused');
  for (let item = next(); item; item = next()) {
    if (await post(item)) failures = 0;
    else {
      ({why} = item);
      break;
    }
  }
  for (const item of waiting.values()) if (item.state === 'sending') Object.assign(item, {state: 'failed', why}); // behind one that failed
  sending = false;
  changed();
}

export function send(other, text) {
  const item = {key: api.newKey(), other, text, date: new Date(), state: 'sending'};
  waiting.set(item.key, item);
  keep(sentName(item.key), JSON.stringify(item));
  changed();
  flush({now: true});
}

export function retry(key) {
  const item = waiting.get(key);
  if (!item || sending) return;
  item.state = 'sending';
  changed();
  flush({now: true});
}

window.addEventListener('resumed', () => flush({now: true}));

/** Where fingers write, Enter is on the screen for a new line, and the button beside the field sends. */
const hasKeyboard = () => !matchMedia('(pointer: coarse)').matches;

export function composer(other) {
  const field = h('textarea', {
    rows: 1,
    placeholder: `Write to ${nameOf(other)}`,
    value: draft(other),
    'aria-label': `Message to ${nameOf(other)}`,
    'data-draft': draftName(other),
    enterkeyhint: hasKeyboard() ? 'send' : 'enter',
  });
  const fit = () => {
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight + 2, innerHeight / 3)}px`;
  };
  const submit = () => {
    const text = field.value.trim();
    if (!text) return;
    field.value = '';
    saveDraft(other, '');
    fit();
    send(other, text);
  };
  field.addEventListener('input', () => {
    saveDraft(other, field.value);
    fit();
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event) || !hasKeyboard()) return;
    event.preventDefault();
    submit();
  });
  requestAnimationFrame(fit);
  return h(
    'form',
    {
      class: 'composer',
      onsubmit: (event) => {
        event.preventDefault();
        submit();
        field.focus();
      },
    },
    field,
    h(
      'button',
      {class: 'primary round', 'aria-label': 'Send', title: 'Send (Enter)'},
      icon('send'),
      h('span', null, 'Send'),
    ),
  );
}
