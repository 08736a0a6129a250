// store.js — the people and messages that this tab knows; says `changed` when that is more than before.
import * as api from './api.js';
import {say} from './dom.js';
import {entered, session} from './session.js';
import {called} from './text.js';

export const store = new EventTarget();
export const changed = () => store.dispatchEvent(new Event('changed'));

const people = new Map(); // id → whoever was named anywhere; with their role who is a user as well
const touched = new Set(); // ids of whom this tab changed since their list was asked for
const messages = new Map(); // id → message as seenFrom() has it
const threads = new Map(); // id of the other → {from, next, unread}: loaded without a gap, more, the oldest unread one
const marked = new Map(); // id → whether it is read, by this tab's doing: a poll that was under way must not turn it back

const present = () => [...people.values()].filter((person) => !person.removed);
export const everybody = () => present().filter((person) => person.role);
export const colleagues = () => present().filter((person) => person.id !== session.me.user.id);
export const userOf = (id) => everybody().find((person) => person.id === id);
export const personOf = (id) => people.get(id);
export const isHere = (id) => people.get(id)?.removed === false;
export const nameOf = (id) => (people.has(id) ? called(people.get(id)) : 'somebody');

export const has = (id) => messages.has(id);

const atOf = (row) => row.date.replace('Z', '');
const byTime = (a, b) => (a.at === b.at ? (a.id < b.id ? -1 : Number(a.id > b.id)) : a.at < b.at ? -1 : 1);

/** Another number than before: the list of conversations is not as it was, nor may be what is unread in all. */
export let news = 0;
function noteNews() {
  news++;
  lastMe = 0;
}

/** Takes in a person as the API has them somewhere, or a user, of whom there is more. */
function know(person) {
  const before = people.get(person.id),
    now = {...before, removed: false, ...person};
  people.set(person.id, now);
  if (before && called(before) !== called(now)) news++;
}

/** Takes messages of the API in, and who wrote them to whom. */
export function take(rows) {
  for (const row of rows) {
    know(row.from_user);
    know(row.to_user);
    const before = messages.get(row.id),
      message = seenFrom(row);
    messages.set(row.id, message);
    if (before ? !message.mine && message.read !== before.read : edge && message.at >= edge.at) noteNews();
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
    read: marked.get(row.id) ?? Boolean(row.read_at),
  };
}

/** What is known of a conversation, oldest first; where it is loaded, nothing is missing in between. */
export function thread(other) {
  const from = threads.get(other)?.from ?? '';
  return [...messages.values()].filter((each) => each.other === other && each.at >= from).sort(byTime);
}

export const unreadOf = (other) => thread(other).filter((each) => !each.mine && !each.read);

export const isLoaded = (other) => threads.has(other);
export const hasEarlier = (other) => Boolean(threads.get(other)?.next);
/** Whether a conversation is not loaded, or not as far as something of it is unread. */
export const isWanting = (other) => !isLoaded(other) || threads.get(other).unread < threads.get(other).from;
/** How much is unread of a conversation, of which the server said so much: this tab may have read it since. */
export const unreadIn = (other, said) => (isLoaded(other) ? Math.min(said, unreadOf(other).length) : said);

async function firstUnread(other) {
  const [oldest] = (await api.get(`user-messages/?with=${other}&read=false&limit=1`)).data;
  return oldest && atOf(oldest);
}

/** The newest page of a conversation, or the one before what is there. */
export async function loadThread(other) {
  const known = threads.get(other);
  const page = await api.get(known?.next ?? `user-messages/?with=${other}&order=-date&limit=50`);
  take(page.data);
  const unread = known || !page.next ? known?.unread : await firstUnread(other);
  if (threads.get(other) !== known) return; // it is read again meanwhile, from its end
  threads.set(other, {next: page.next, from: page.next ? atOf(page.data.at(-1)) : '', unread});
  changed();
}

let peopleAt = Infinity; // when it was last asked who is here; app.js does so at first

/** Asks who is here, if that was not asked within a minute. */
export const meetNew = () => Date.now() - peopleAt > 60000 && loadPeople().catch(() => {});

/**
 * Those who were there before and are not in all of the list have left; but nothing that happened here meanwhile is
 * undone. some(): the first of them are known.
 */
export async function loadPeople(some) {
  const before = everybody();
  peopleAt = Date.now();
  touched.clear();
  const rows = await api.all('accounts/users/?limit=100', 50, (page) => {
    page.filter(({id}) => !touched.has(id)).forEach(know);
    changed();
    some?.();
  });
  const ids = new Set(rows.map(({id}) => id));
  if (!rows.isCut)
    for (const user of before) if (!ids.has(user.id) && !touched.has(user.id)) know({...user, removed: true});
  changed();
}

export const update = (user) => {
  touched.add(user.id);
  know(user);
  changed();
};
export const forget = (id) => update({...people.get(id), removed: true});

const seldom = 30000;
let lastMe = Date.now(),
  meTag;

/** How much is unread, here and in other companies; a changed role or name. isNoted: the list is read again anyway. */
async function refreshMe(isNoted) {
  lastMe = Date.now(); // what changes from here on is asked for again
  const answer = await api.get('auth/me', {known: meTag}).catch((failure) => {
    lastMe = 0;
    throw failure;
  });
  meTag = answer.etag;
  if (answer.status === 304) return;
  if (!isNoted && answer.data.unread_messages !== session.me.unread_messages) news++;
  entered(answer.data);
}

let etag;
export const doubtMe = () => (lastMe = 0);

export let edge; // the newest row of the last time that all up to it was read: {at, id}

const reaches = ({data, next}) =>
  !next || (data.length > 0 && byTime({at: atOf(data.at(-1)), id: data.at(-1).id}, edge) <= 0);

/** The newest messages, and those before them back to where it was read last time, unless that is far. */
async function takeNewest(page) {
  take(page.data);
  for (let pages = 0; edge && !reaches(page) && pages < 9; pages++) {
    page = await api.get(page.next);
    take(page.data);
  }
  if (edge && !reaches(page)) threads.clear();
}

/** Of whoever wrote something that was not there the last time, and was not read since: in the order of its coming. */
function tellOf(rows) {
  const detail = rows.map(({id}) => messages.get(id)).filter(({mine, read}) => !mine && !read);
  if (detail.length) store.dispatchEvent(new CustomEvent('arrived', {detail: detail.sort(byTime)}));
}

/**
 * What is new since last time; one small request and a 304 when nothing is. isTold: something is other than before, and
 * where that is none of the newest messages it may be how much is unread. What could be read only in part is
 * read again next time. A tab that was left far behind starts its conversations anew.
 */
export async function refresh(isTold) {
  const known = news;
  const isFirst = !edge;
  const answer = await api.get('user-messages/?order=-date&limit=50', {known: etag});
  const isOther = answer.status !== 304;
  if (isOther) {
    const before = edge && new Set(messages.keys());
    await takeNewest(answer);
    changed();
    if (before) tellOf(answer.data.filter(({id}) => !before.has(id)));
  } else if (isTold) doubtMe();
  if (!marking && Date.now() - lastMe > seldom) await refreshMe(news !== known).finally(changed);
  if (!isOther) return;
  const [newest] = answer.data;
  edge = newest ? {at: atOf(newest), id: newest.id} : {at: '', id: ''};
  etag = answer.etag;
  if (isFirst) changed(); // what was read beside it may be older
}

let marking = 0; // requests under way, after which it is asked how much is unread

function mark(all, read) {
  for (const {id} of all) {
    messages.get(id).read = read;
    marked.set(id, read);
  }
  meTag = undefined; // it is of another number than what is shown from now on
  session.me.unread_messages = Math.max(0, session.me.unread_messages + (read ? -all.length : all.length));
  changed();
}

/** How much is unread: it may have been asked for meanwhile. */
function recount() {
  marking--;
  return refreshMe().then(changed, () => {});
}

/**
 * Tells the server up to which message a conversation was read. What it cannot be told now, the next poll finds unread
 * again.
 */
export async function markRead(other, until) {
  const unread = unreadOf(other).filter((each) => byTime(each, messages.get(until)) <= 0);
  if (!unread.length) return;
  mark(unread, true);
  marking++;
  try {
    await api.call('PUT', 'user-messages/read', {body: {with: other, until: unread.at(-1).id}});
  } catch (failure) {
    if (!failure.passes) return recount();
    mark(unread, false);
    etag = undefined;
  }
  await recount();
  unread.forEach(({id}) => marked.delete(id)); // another device may mark it as unread
}

/** Marks a message that was received as unread, and those that came after it. */
export async function markUnread(id) {
  const from = messages.get(id);
  const read = thread(from.other).filter((each) => !each.mine && each.read && byTime(each, from) >= 0);
  const left = [...read];
  mark(read, false);
  marking++;
  try {
    while (left.length)
      await Promise.all(left.splice(0, 6).map(({id}) => api.call('DELETE', `user-messages/${id}/read`)));
  } catch (failure) {
    say(failure.message);
    etag = undefined;
  }
  read.forEach((each) => marked.delete(each.id));
  noteNews();
  recount();
}
