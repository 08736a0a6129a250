// conversations.js — the list of conversations, one per colleague; searching it finds everybody, and messages.
import {h} from './dom.js';
import {Listing, list} from './panes.js';
import {draft, unsent} from './outbox.js';
import {colleagues, conversations, isSilent, personOf, seenFrom} from './store.js';
import {called, cut, isId, matches, whenOf} from './text.js';
import {openThread} from './thread.js';

let pane,
  wanted = '',
  timer;
const found = new Listing(
  () => show(),
  () => pane.node.isConnected,
);

const preview = ({other, last}) => {
  if (unsent(other).length) return 'Not sent yet';
  if (draft(other)) return `Draft: ${draft(other)}`;
  return (last.mine ? 'You: ' : '') + last.text;
};

/** Of a colleague with whom no message is known: that there is none is said only where it is true. */
const silence = (id) => {
  if (unsent(id).length) return 'Not sent yet';
  if (draft(id)) return `Draft: ${draft(id)}`;
  return isSilent(id) ? 'No messages yet' : '';
};

const row = (person, more) => ({
  key: person.id,
  href: `#/messages/${person.id}`,
  title: called(person),
  name: person.username,
  ...more,
});

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
  clearTimeout(timer);
  found.clear();
  if (wanted) timer = setTimeout(() => found.search(`user-messages/?limit=50&q=${encodeURIComponent(wanted)}`), 300);
}

function show() {
  const talks = conversations();
  const known = new Set(talks.map((talk) => talk.other));
  const rows = [
    ...talks.map((talk) =>
      row(personOf(talk.other), {
        sub: cut(preview(talk), 120),
        when: whenOf(talk.last.date),
        badge: talk.unread || null,
      }),
    ),
    ...colleagues()
      .filter((user) => !known.has(user.id))
      .sort((a, b) => a.username.localeCompare(b.username))
      .map((user) => row(user, {sub: cut(silence(user.id), 120)})),
  ].filter((each) => matches(each.title, wanted));
  const nobody = {key: 'nobody', heading: `Nobody here is called “${wanted}”.`};
  if (wanted && !rows.length) rows.push(nobody);
  pane.show([...rows, ...foundRows()], 'You are the only one here so far. Add or invite people, then write to them.');
}

export const messages = {
  name: 'messages',
  label: 'Messages',
  home: '#/',
  has: (what) => what.split('@', 3).every(isId) && what.split('@').length < 3,
  list() {
    wanted = '';
    pane = list({title: 'Messages', filter: 'Search people and messages', search});
    pane.node.append(found.more);
    found.clear();
    pane.node.addEventListener('click', (event) => {
      // who has a keyboard goes on by writing
      const link = event.target.closest('.rows a');
      if (!link || !matchMedia('(hover: hover)').matches) return;
      const focus = () => document.querySelector('.composer textarea')?.focus();
      if (link.hash === location.hash) focus();
      else window.addEventListener('hashchange', focus, {once: true}); // after app.js has shown it
    });
    show();
    return pane.node;
  },
  update: show,
  detail: (what) =>
    what
      ? openThread(...what.split('@'))
      : h(
          'div',
          {class: 'blank'},
          h('p', {class: 'blank-title'}, 'Pick a conversation'),
          h(
            'p',
            null,
            'or press ',
            h('kbd', null, '/'),
            ' to find a colleague and ',
            h('kbd', null, '?'),
            ' for the other keys.',
          ),
        ),
};
