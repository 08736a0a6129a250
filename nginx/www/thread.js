// thread.js — one conversation: its messages, and where they stand.
import {awaited, h, icon, keyed, linked, mark, say} from './dom.js';
import {composer, discard, retry, unsent} from './outbox.js';
import {later} from './poll.js';
import {earlierOf, isLooking, viewOf, walkButtons} from './reading.js';
import * as store from './store.js';
import {dayOf, timeOf} from './text.js';

const groupGap = 5 * 60000; // messages closer than this, of one sender, stand together
const newLine = 'New messages';

/** Days, messages and unsent messages as one list of things to show; all from `first` on is new. */
function lines(other, first) {
  const all = [
    ...store.thread(other),
    ...unsent(other).map((item) => ({...item, id: item.key, mine: true, unsent: item})),
  ];
  const found = [];
  let day = '',
    before;
  all.forEach((message, index) => {
    const today = message.date.toDateString();
    if (today !== day) found.push({key: `day ${today}`, day: dayOf(message.date)});
    if (message.id === first) found.push({key: newLine, day: newLine});
    const next = all[index + 1];
    const joined =
      message.id !== first && today === day && before?.mine === message.mine && message.date - before.date < groupGap;
    const last = !next || next.mine !== message.mine || next.date - message.date >= groupGap;
    found.push({key: message.id, message, joined, last});
    [day, before] = [today, message];
  });
  return found;
}

function make({day, message}) {
  if (day) return h('li', {class: day === newLine ? 'day new' : 'day'}, day);
  const said = `${message.mine ? 'You' : store.nameOf(message.other)}, ${timeOf(message.date)}`;
  return h(
    'li',
    {class: `message ${message.mine ? 'mine' : 'theirs'}`},
    h('span', {class: 'hidden'}, `${said}: `),
    h('div', {class: 'text'}, linked(message.text)),
    h('div', {class: 'meta'}),
    !message.mine && h('button', {class: 'as-unread', tabindex: -1}, h('span', null, 'Mark as unread')),
  );
}

function update(node, {day, message, joined, last}, lastReadId) {
  if (day) {
    if (node.textContent !== day) node.textContent = day;
    return;
  }
  const {state, why} = message.unsent ?? {};
  node.classList.toggle('joined', joined);
  node.classList.toggle('sending', state === 'sending');
  const failed = state === 'failed' || state === 'refused';
  node.classList.toggle('failed', failed);
  const seen = message.id === lastReadId;
  const label = state ?? (last || seen ? timeOf(message.date) + (seen ? ' · Read' : '') : '');
  const meta = node.querySelector('.meta');
  if (meta.dataset.label === label + (why ?? '')) return;
  meta.dataset.label = label + (why ?? '');
  if (failed)
    meta.replaceChildren(
      h('span', {class: 'wrong'}, state === 'failed' ? `Not sent, because ${why}. ` : `Not sent: ${why} `),
      state === 'failed' ? 'It is sent by itself later: ' : '',
      h('button', {class: 'inline', onclick: () => retry(message.id)}, 'retry'),
      ' or ',
      h(
        'button',
        {
          class: 'inline',
          onclick: () => {
            discard(message.id);
            store.changed();
          },
        },
        'discard',
      ),
    );
  else meta.textContent = state === 'sending' ? 'Sending…' : label;
}

/** What a conversation stands in. */
function frame(other) {
  const log = h('ol', {class: 'log'});
  const earlier = h('button', {class: 'quiet earlier', hidden: true}, 'Earlier messages');
  const newer = h('button', {class: 'newer', hidden: true}, 'New messages', icon('down'));
  const state = h('p', {class: 'note state loading'});
  const scroller = h(
    'div',
    {class: 'scroller', tabindex: 0, role: 'group', 'aria-label': 'Conversation'},
    earlier,
    state,
    h('div', {class: 'log-pane', role: 'log', 'aria-label': `Messages with ${store.nameOf(other)}`}, log),
  );
  const foot = h('div', {class: 'foot'});
  const name = h('h2', {tabindex: -1});
  const node = h(
    'section',
    {class: 'thread', 'aria-label': `Conversation with ${store.nameOf(other)}`},
    h(
      'header',
      {class: 'bar'},
      h('a', {class: 'back', href: '#/', 'aria-label': 'Back to the conversations', title: 'Back'}, icon('back')),
      mark(store.personOf(other)?.username ?? ''),
      name,
    ),
    scroller,
    newer,
    foot,
  );
  return {node, log, earlier, newer, state, scroller, foot, name};
}

/**
 * Reads the conversation from its end, as far as something is unread, and goes on when the server is back. Settles
 * known: isNewcomer, who is unknown and may have been hired a moment ago, and refused. Answers whether it is known now
 * who that is.
 */
async function read(other, {node, state, log}, known) {
  state.textContent = awaited;
  log.ariaBusy = 'true';
  do
    try {
      await store.loadThread(other);
      if (known.isNewcomer && !store.personOf(other)) await store.loadPeople();
      if (known.isNewcomer && store.personOf(other)) return true;
      known.isNewcomer = false;
    } catch (failure) {
      known.refused = !failure.passes;
      if (known.refused) break;
      state.textContent = 'This conversation could not be read. Trying again…';
      await later(failure);
    }
  while (node.isConnected && (known.isNewcomer || store.isWanting(other)));
  state.textContent = '';
  log.ariaBusy = 'false';
  return false;
}

/** Shows one message of a conversation, for which more of it is loaded than is shown at first. */
async function reveal(sought, other, {node, log, scroller}) {
  const isThere = () => store.thread(other).some((each) => each.id === sought);
  for (let pages = 40; pages > 0 && !isThere() && store.hasEarlier(other) && node.isConnected; pages--)
    try {
      await store.loadThread(other);
    } catch (failure) {
      return say(failure.message);
    }
  const line = [...log.children].find((each) => each.dataset.key === sought);
  if (!line) return node.isConnected && say('That message is further back than what is shown here.');
  line.classList.add('sought');
  scroller.focus({preventScroll: true});
  line.scrollIntoView({block: 'center'});
}

/** The messages on the page: what is drawn of them, how far one goes along with their end, and which are read. */
function messagesOf(other, parts) {
  const {node, log, earlier, newer} = parts;
  let count = -1,
    first = '', // where "New messages" stands
    hadUnread = false, // then what comes later is not where reading stopped
    isReady = false, // it is loaded as far as something is unread
    isOpen = false, // it was so once
    isKept = false; // somebody marked it as unread: then it stays so until it is opened anew
  const isUnread = (id) => store.unreadOf(other).some((each) => each.id === id);
  const readIt = () => {
    newer.hidden = view.follows() || !store.unreadOf(other).length;
    if (isKept || !isReady || !isOpen || !node.isConnected || !isLooking()) return;
    const seen = view.lastSeen(store.has);
    if (seen) store.markRead(other, seen);
  };
  const readEarlier = earlierOf(other);
  const view = viewOf(parts, {scrolled: readIt, nearTop: readEarlier});
  earlier.addEventListener('click', readEarlier);
  const tabToLast = walkButtons(log, (id) => {
    [first, isKept] = [id, true];
    store.markUnread(id);
    say('Marked as unread. Whoever wrote it no longer sees “Read”.');
  });

  function draw() {
    const items = lines(other, first);
    const lastRead = items.findLast(({message}) => message?.mine && !message.unsent && message.read)?.key;
    view.keep(() => {
      earlier.hidden = !store.hasEarlier(other);
      keyed(log, items, make, (element, item) => update(element, item, lastRead));
    });
    tabToLast();
  }

  /** Goes along with the end while that is in sight, but not past what nobody saw: there the line stands. */
  function show(ready) {
    isReady = ready;
    const isHeld = isUnread(first) && view.isInSight(newLine);
    const followed = view.follows();
    const isMine = unsent(other).length > 0;
    const size = store.thread(other).length + unsent(other).length;
    if (isMine && size !== count) {
      isKept = false; // who answers has read
      if (!isUnread(first)) first = '';
    }
    draw();
    if (size !== count && (isMine || followed)) view.toLine(isHeld && !isMine ? newLine : '');
    const [unread] = store.unreadOf(other);
    const isSeen = isOpen && isLooking() && view.isInSight(unread?.id);
    if (isReady && unread && !hadUnread && !isSeen) {
      first = unread.id;
      draw();
      if (followed || !isOpen) view.toLine(newLine);
    }
    isOpen ||= isReady;
    hadUnread = isReady && Boolean(unread);
    count = size;
    log.classList.toggle('nothing', store.isHere(other) && isReady && !size);
    readIt();
  }

  /** It was opened at a place of its own, not where reading stopped. */
  const open = () => {
    view.stay();
    isOpen = true;
  };

  return {show, readIt, draw, open};
}

export function openThread(other, sought) {
  const parts = frame(other);
  const {node, foot, name} = parts;
  const known = {isNewcomer: !store.personOf(other), refused: false};
  const all = messagesOf(other, parts);
  let footFor,
    loading = false,
    isSeeking = false;

  async function load() {
    if (loading || known.refused) return;
    loading = true;
    if (await read(other, parts, known)) return reopen();
    loading = false;
    if (node.isConnected) show();
  }

  function reopen() {
    const again = openThread(other, sought);
    node.replaceWith(again);
    again.update();
  }

  /** Once, when the end of the conversation is there. */
  async function seek() {
    const wanted = sought;
    sought = '';
    isSeeking = true;
    all.draw();
    await reveal(wanted, other, parts);
    isSeeking = false;
    all.open();
    if (node.isConnected) show();
  }

  /** What stands in place of the composer where there is nobody to write to; nothing until that is known. */
  const absence = () => {
    if (store.personOf(other)) return 'This person is no longer here. What you wrote to each other stays.';
    return known.isNewcomer && !known.refused ? '' : 'Nobody with this address works here.';
  };

  function show() {
    if (known.isNewcomer || store.isWanting(other)) load();
    const here = store.isHere(other);
    const why = here ? '' : absence();
    if (store.personOf(other)) name.textContent = store.nameOf(other);
    else name.textContent = why ? 'Not here' : 'One moment…';
    if (footFor !== `${here} ${why}`) {
      footFor = `${here} ${why}`;
      foot.replaceChildren(here ? composer(other) : h('p', {class: 'note'}, why));
    }
    if (!node.isConnected) return; // then it has no size
    const isReady = store.isLoaded(other) && !loading;
    if (isSeeking) all.draw();
    else if (sought && isReady) seek();
    else all.show(isReady);
  }

  node.update = show;
  node.visible = all.readIt;
  show();
  return node;
}
