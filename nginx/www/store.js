// store.js — the people and messages that this tab knows; says `changed` when that is more than before.
import * as api from './api.js';
import {session} from './session.js';

export const store = new EventTarget();
export const changed = () => store.dispatchEvent(new Event('changed'));

const people = new Map(); // id → user
const messages = new Map(); // id → message, with `at` (sortable), `other` and `mine`
const threads = new Map(); // id of the other → {from, next}: what is loaded without a gap, and where more is
const markedRead = new Set(); // by this tab: a poll that was under way must not turn them back

export const everybody = () => [...people.values()];
export const colleagues = () => everybody().filter((user) => user.id !== session.me.user.id);
export const personOf = (id) => people.get(id);
export const nameOf = (id) => people.get(id)?.username ?? 'Former colleague';

export const has = (id) => messages.has(id);

const idOf = (url) => url.slice(url.lastIndexOf('/') + 1);
const byTime = (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1);

/** Takes rows of the API in; answers how many were unknown. */
export function take(rows) {
  let fresh = 0;
  const me = session.me.user.id;
  for (const row of rows) {
    const from = idOf(row.from_user), to = idOf(row.to_user);
    if (!messages.has(row.id)) fresh++;
    messages.set(row.id, {
      id: row.id, url: row.url, text: row.text, at: row.date.replace('Z', ''), date: new Date(row.date),
      mine: from === me, other: from === me ? to : from, read: Boolean(row.read_at) || markedRead.has(row.id),
    });
  }
  return fresh;
}

/** One conversation a colleague: {other, last, unread}, newest first. */
export function conversations() {
  const found = new Map();
  for (const message of messages.values()) {
    const entry = found.get(message.other) ?? {other: message.other, last: message, unread: 0};
    if (byTime(entry.last, message) < 0) entry.last = message;
    if (!message.mine && !message.read) entry.unread++;
    found.set(message.other, entry);
  }
  return [...found.values()].sort((a, b) => byTime(b.last, a.last));
}

export const unreadCount = () => [...messages.values()].filter((each) => !each.mine && !each.read).length;

/** The loaded part of a conversation, oldest first. */
export function thread(other) {
  const from = threads.get(other)?.from ?? '';
  return [...messages.values()].filter((each) => each.other === other && each.at >= from).sort(byTime);
}

export const isLoaded = (other) => threads.has(other);
export const hasEarlier = (other) => Boolean(threads.get(other)?.next);

/** The newest page of a conversation, or the one before what is there. */
export async function loadThread(other) {
  const {next} = threads.get(other) ?? {};
  const page = await api.get(next ?? `user-messages/?with=${other}&order=-date&limit=50`);
  take(page.data);
  threads.set(other, {next: page.next, from: page.next ? page.data.at(-1).date.replace('Z', '') : ''});
  changed();
}

export async function loadPeople() {
  const rows = await api.all('accounts/users/?limit=100', 50);
  people.clear();
  for (const row of rows) people.set(row.id, row);
  changed();
}

export const update = (user) => {
  people.set(user.id, user);
  changed();
};
export const forget = (id) => {
  people.delete(id);
  changed();
};

const isNewcomer = () => [...messages.values()].some((each) => !people.has(each.other) && !former.has(each.other));
const former = new Set(); // senders who are not, or no longer, among the people

/** Who sent something and is unknown may have been hired a moment ago. */
export async function knowSenders() {
  if (!isNewcomer()) return;
  await loadPeople();
  for (const each of messages.values()) if (!people.has(each.other)) former.add(each.other);
}

export async function start() {
  const [, unread] = await Promise.all([loadPeople(), api.all('user-messages/?read=false&limit=100', 10), refresh()]);
  take(unread);
  await knowSenders();
  changed();
}

let etag;
/** What is new since last time; one small request and a 304 when nothing is. */
export async function refresh() {
  const answer = await api.get('user-messages/?order=-date&limit=50', {known: etag});
  if (answer.status === 304) return;
  let fresh = take(answer.data);
  for (let {next} = answer, pages = 0; next && fresh === 50 && pages < 9; pages++) {
    const page = await api.get(next);
    fresh = take(page.data);
    next = page.next;
  }
  etag = answer.etag;
  await knowSenders();
  changed();
}

/** Tells the server what was read, oldest first; stops quietly when it cannot, and goes on later. */
export async function markRead(other) {
  const unread = thread(other).filter((each) => !each.mine && !each.read);
  if (!unread.length) return;
  for (const each of unread) {
    each.read = true;
    markedRead.add(each.id);
  }
  changed();
  for (const [index, each] of unread.entries()) {
    try {
      await api.call('PUT', `user-messages/${each.id}/read`);
    } catch {
      for (const left of unread.slice(index)) markedRead.delete(left.id);
      etag = undefined; // the next poll tells anew what is unread
      return;
    }
  }
}

/** Whether something unread of this conversation is older than what is loaded of it. */
export const hasUnreadBefore = (other) => {
  const {from} = threads.get(other);
  return [...messages.values()].some((each) => each.other === other && !each.mine && !each.read && each.at < from);
};
