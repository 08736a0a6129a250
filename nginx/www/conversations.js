// conversations.js — the list of conversations, one per colleague; searching it finds everybody, and messages.
import {awaited, h} from './dom.js';
import {Listing, blank, byName, list} from './panes.js';
import {draft, unsent} from './outbox.js';
import {session} from './session.js';
import {colleagues, edge, meetNew, news, seenFrom, unreadIn} from './store.js';
import {cut, isId, matches, whenOf} from './text.js';
import {openThread} from './thread.js';

let pane,
  wanted = '',
  timer,
  heard, // the news that the list has
  compared; // the message with which it was compared
const listing = () =>
  new Listing(
    () => show(),
    () => pane.node.isConnected,
  );
const talks = listing(),
  found = listing();

const row = (person, more) => ({key: person.id, href: `#/messages/${person.id}`, ...byName(person), ...more});

/** What stands below a name: the last message, or what of one's own waits to be finished elsewhere, or to arrive. */
function preview(id, text) {
  const written = draft(id);
  const isAside = written && !location.hash.startsWith(`#/messages/${id}`);
  const sub = unsent(id).length ? 'Not sent yet' : cut(isAside ? `Draft: ${written}` : text, 120);
  return {sub, isDraft: Boolean(written)};
}

const excerptLength = 200; // of a longer message the server's list has so many code points

function talkRow({person, last_from: {id}, last_date: date, excerpt, unread}) {
  const text = (id === session.me.user.id ? 'You: ' : '') + cut(excerpt, 120, excerpt.length >= excerptLength);
  return row(person, {
    ...preview(person.id, text),
    when: whenOf(new Date(date)),
    badge: unreadIn(person.id, unread) || null,
  });
}

/**
 * Colleagues with whom there is no conversation, or none that was read so far: then only who looks for them sees them, or
 * has begun to write to them.
 */
function otherRows() {
  const isAll = wanted || (talks.rows && !talks.next);
  const known = new Set(talks.rows?.map(({person}) => person.id));
  return colleagues()
    .filter(({id}) => !known.has(id) && (isAll || draft(id)))
    .sort((a, b) => a.username.localeCompare(b.username))
    .map((user) => row(user, preview(user.id, talks.rows && !talks.next ? 'No messages yet' : '')));
}

/** The messages that were found, under a heading that says what there is of them. */
function foundRows() {
  if (!wanted) return [];
  const rows = (found.rows ?? [])
    .map(seenFrom)
    .map((message) =>
      row(message.person, {
        key: `found ${message.id}`,
        href: `#/messages/${message.other}@${message.id}`,
        sub: cut((message.mine ? 'You: ' : '') + message.text, 120),
        when: whenOf(message.date),
      }),
    );
  let heading = 'Messages';
  if (!rows.length)
    heading = found.trouble || (found.rows && !found.next ? 'No message has these words.' : found.looking);
  return [{key: heading, heading}, ...rows];
}

function search(text) {
  wanted = text;
  meetNew();
  clearTimeout(timer);
  found.clear();
  if (wanted) timer = setTimeout(() => found.search(`user-messages/?limit=50&q=${encodeURIComponent(wanted)}`), 300);
}

/** Reads the conversations again, as many as are shown. */
function load(least) {
  heard = news;
  talks.open('conversations/?limit=50', least);
}

/** Whether a message came while the list was read for the first time. Of each it is asked once. */
function isBehind() {
  if (!talks.rows || !edge || compared === edge.id) return false;
  compared = edge.id;
  return !(talks.rows[0]?.last_date >= edge.at) && Boolean(edge.id);
}

function show() {
  if (!talks.busy && (heard !== news || isBehind())) load(talks.rows?.length);
  talks.more.hidden = !talks.next || Boolean(wanted);
  const rows = [...(talks.rows ?? []).map(talkRow), ...otherRows()]
    .filter((each) => matches(each.title, wanted))
    .sort((a, b) => b.isDraft - a.isDraft);
  const nobody = `Nobody here is called “${wanted}”.`;
  if (wanted && !rows.length) rows.push({key: nobody, heading: nobody});
  const nothing = talks.rows
    ? [
        'You are the only one here so far. ',
        h('a', {href: '#/people/add'}, 'Add or invite people'),
        ', then write to them.',
      ]
    : talks.trouble || awaited;
  pane.show([...rows, ...foundRows()], nothing);
}

export const messages = {
  name: 'messages',
  label: 'Messages',
  home: '#/',
  has: (what) => what.split('@', 3).every(isId) && what.split('@').length < 3,
  list() {
    wanted = '';
    pane = list({title: 'Messages', filter: 'Search people and messages', search});
    pane.node.append(talks.more, found.more);
    load();
    meetNew();
    found.clear(); // which shows what there is
    pane.node.addEventListener('click', (event) => {
      // who has a keyboard goes on by writing
      const link = event.target.closest('.rows a');
      if (!link || !matchMedia('(hover: hover)').matches) return;
      const focus = () => document.querySelector('.composer textarea')?.focus();
      const isOpen = link.hash === location.hash;
      if (isOpen && link.closest('.unread')) window.dispatchEvent(new CustomEvent('reopen', {detail: link.hash}));
      if (isOpen) focus();
      else window.addEventListener('hashchange', focus, {once: true}); // after app.js has shown it
    });
    return pane.node;
  },
  update: show,
  detail: (what) =>
    what
      ? openThread(...what.split('@'))
      : blank(
          'Conversations open here',
          'Press ',
          h('kbd', null, '/'),
          ' to find a colleague and ',
          h('kbd', null, '?'),
          ' for the other keys.',
        ),
};
