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
const atOf = (row) => row.date.replace('Z', '');
const byTime = (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1);

/** Takes rows of the API in. */
export function take(rows) {
  for (const row of rows) messages.set(row.id, seenFrom(row));
}

/** A message as one of the two sees it. */
export function seenFrom(row) {
  const me = session.me.user.id;
  const from = idOf(row.from_user),
    to = idOf(row.to_user);
  return {
    id: row.id,
    url: row.url,
    text: row.text,
    at: atOf(row),
    date: new Date(row.date),
    mine: from === me,
    other: from === me ? to : from,
    read: Boolean(row.read_at) || markedRead.has(row.id),
  };
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

/** What is known of a conversation, oldest first; where it is loaded, nothing is missing in between. */
export function thread(other) {
  const from = threads.get(other)?.from ?? '';
  return [...messages.values()].filter((each) => each.other === other && each.at >= from).sort(byTime);
}

export const isLoaded = (other) => threads.has(other);
export const hasEarlier = (other) => Boolean(threads.get(other)?.next);

/** The newest page of a conversation, or the one before what is there. */
export async function loadThread(other) {
  const known = threads.get(other);
  const page = await api.get(known?.next ?? `user-messages/?with=${other}&order=-date&limit=50`);
  take(page.data);
  if (threads.get(other) !== known) return; // it is read again meanwhile, from its end
  threads.set(other, {next: page.next, from: page.next ? atOf(page.data.at(-1)) : ''});
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
async function knowSenders() {
  if (!isNewcomer()) return;
  await loadPeople();
  for (const each of messages.values()) if (!people.has(each.other)) former.add(each.other);
}

const takeUnread = async () => take(await api.all('user-messages/?read=false&limit=100', 10));

export async function start() {
  await Promise.all([loadPeople(), takeUnread(), refresh()]);
  await knowSenders();
  changed();
}

let etag;
let edge; // the newest row of the last time that all up to it was read: {at, id}
let complete = false; // nothing at all is older than what is known

/** Whether these two have no messages, as far as one can know without asking. */
export const isSilent = (other) => complete || (isLoaded(other) && !hasEarlier(other));

const reaches = ({data, next}) =>
  !next || (data.length > 0 && byTime({at: atOf(data.at(-1)), id: data.at(-1).id}, edge) <= 0);

/**
 * What is new since last time; one small request and a 304 when nothing is. What could be read only in part is
 * read again next time. A tab that was left far behind starts its conversations anew.
 */
export async function refresh() {
  const answer = await api.get('user-messages/?order=-date&limit=50', {known: etag});
  if (answer.status === 304) return;
  take(answer.data);
  if (edge) {
    let page = answer;
    for (let pages = 0; !reaches(page) && pages < 9; pages++) {
      page = await api.get(page.next);
      take(page.data);
    }
    if (!reaches(page)) {
      threads.clear();
      complete = false;
      await takeUnread();
    }
  } else complete = !answer.next;
  await knowSenders().finally(changed);
  const [newest] = answer.data;
  edge = newest ? {at: atOf(newest), id: newest.id} : {at: '', id: ''};
  etag = answer.etag;
}

/** Tells the server up to where a conversation was read. What it cannot be told now, the next poll finds unread again. */
export async function markRead(other) {
  const unread = thread(other).filter((each) => !each.mine && !each.read);
  if (!unread.length) return;
  const mark = (read) =>
    unread.forEach(({id}) => {
      messages.get(id).read = read;
      if (read) markedRead.add(id);
      else markedRead.delete(id);
    });
  mark(true);
  changed();
  try {
    await api.call('PUT', 'user-messages/read', {body: {with: other, until: unread.at(-1).id}});
  } catch (failure) {
    if (!failure.passes) return;
    mark(false);
    etag = undefined;
  }
}

/** Whether something unread of this conversation is older than what is loaded of it. */
export const hasUnreadBefore = (other) => {
  const from = threads.get(other)?.from ?? '';
  return [...messages.values()].some((each) => each.other === other && !each.mine && !each.read && each.at < from);
};
