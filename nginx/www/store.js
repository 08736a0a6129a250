// store.js — the people and messages that this tab knows; says `changed` when that is more than before.
import * as api from './api.js';
import {session} from './session.js';
import {called} from './text.js';

export const store = new EventTarget();
export const changed = () => store.dispatchEvent(new Event('changed'));

const people = new Map(); // id → whoever was named anywhere; with their role who is a user as well
const messages = new Map(); // id → message as seenFrom() has it
const threads = new Map(); // id of the other → {from, next}: what is loaded without a gap, and where more is
const markedRead = new Set(); // by this tab: a poll that was under way must not turn them back

const present = () => [...people.values()].filter((person) => !person.removed);
export const everybody = () => present().filter((person) => person.role);
export const colleagues = () => present().filter((person) => person.id !== session.me.user.id);
export const userOf = (id) => everybody().find((person) => person.id === id);
export const personOf = (id) => people.get(id);
export const isHere = (id) => people.get(id)?.removed === false;
export const nameOf = (id) => (people.has(id) ? called(people.get(id)) : 'somebody');

export const has = (id) => messages.has(id);

const atOf = (row) => row.date.replace('Z', '');
const byTime = (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1);

/** A person as the API has them somewhere, or a user, of whom there is more. */
const know = (person) => people.set(person.id, {...people.get(person.id), removed: false, ...person});

/** Takes messages of the API in, and who wrote them to whom. */
export function take(rows) {
  for (const row of rows) {
    know(row.from_user);
    know(row.to_user);
    messages.set(row.id, seenFrom(row));
  }
}

/** A message as one of the two sees it: `at` is sortable, `other` the id of `person`, with whom it is. */
export function seenFrom(row) {
  const mine = row.from_user.id === session.me.user.id;
  const person = mine ? row.to_user : row.from_user;
  return {
    id: row.id,
    text: row.text,
    at: atOf(row),
    date: new Date(row.date),
    mine,
    person,
    other: person.id,
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
  for (const user of everybody()) user.removed = true; // unless they are among those who follow
  rows.forEach(know);
  changed();
}

export const update = (user) => {
  know(user);
  changed();
};
export const forget = (id) => {
  people.get(id).removed = true;
  changed();
};

const takeUnread = async () => take(await api.all('user-messages/?read=false&limit=100', 10));

export async function start() {
  await Promise.all([loadPeople(), takeUnread(), refresh()]);
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
  changed();
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

/** Whether a conversation is not loaded as far as something of it is unread. */
export function isWanting(other) {
  const {from} = threads.get(other) ?? {};
  const isUnread = (each) => each.other === other && !each.mine && !each.read;
  return from === undefined || [...messages.values()].some((each) => isUnread(each) && each.at < from);
}
