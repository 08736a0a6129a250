// thread.js — one conversation: its messages and the composer.
import {awaited, h, icon, isComposing, keyed, linked, mark, say} from './dom.js';
import {discard, draft, retry, saveDraft, send, unsent} from './outbox.js';
import {later} from './poll.js';
import * as store from './store.js';
import {dayOf, timeOf} from './text.js';

const groupGap = 5 * 60000; // messages closer than this, of one sender, stand together

/** Days, messages and unsent messages as one list of things to show. */
function lines(other) {
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
    const next = all[index + 1];
    const joined = today === day && before?.mine === message.mine && message.date - before.date < groupGap;
    const last = !next || next.mine !== message.mine || next.date - message.date >= groupGap;
    found.push({key: message.id, message, joined, last});
    [day, before] = [today, message];
  });
  return found;
}

function make({day, message}) {
  if (day) return h('li', {class: 'day'}, day);
  const said = `${message.mine ? 'You' : store.nameOf(message.other)}, ${timeOf(message.date)}`;
  return h(
    'li',
    {class: `message ${message.mine ? 'mine' : 'theirs'}`, 'aria-label': said},
    h('span', {class: 'hidden'}, `${said}: `),
    h('div', {class: 'text'}, linked(message.text)),
    h('div', {class: 'meta'}),
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
  const meta = node.lastChild;
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

/** Where fingers write, Enter is on the screen for a new line, and the button beside the field sends. */
const hasKeyboard = () => !matchMedia('(pointer: coarse)').matches;

function composer(other) {
  const field = h('textarea', {
    rows: 1,
    placeholder: `Write to ${store.nameOf(other)}`,
    value: draft(other),
    'aria-label': `Message to ${store.nameOf(other)}`,
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

/** Keeps the end in sight for as long as it is; reached() is called when somebody scrolls there. */
function followEnd({scroller, newer}, reached) {
  let follows = true;
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight;
    newer.hidden = true;
  };
  const scrolled = () => {
    follows = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
    if (!follows) return;
    newer.hidden = true;
    reached();
  };
  scroller.addEventListener('scroll', scrolled, {passive: true});
  newer.addEventListener('click', toEnd);
  new ResizeObserver(() => {
    if (follows) toEnd();
  }).observe(scroller);
  return {toEnd, follows: () => follows};
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

async function readEarlier(other, {earlier, scroller}) {
  earlier.disabled = true;
  const below = scroller.scrollHeight - scroller.scrollTop;
  await store.loadThread(other).catch((failure) => say(failure.message));
  scroller.scrollTop = scroller.scrollHeight - below;
  earlier.disabled = false;
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

export function openThread(other, sought) {
  const parts = frame(other);
  const {node, log, earlier, newer, foot, name} = parts;
  const known = {isNewcomer: !store.personOf(other), refused: false};
  let count = -1,
    footFor,
    loading = false;
  const readIt = () => {
    if (!document.hidden && end.follows() && !loading && node.isConnected && store.isLoaded(other))
      store.markRead(other);
  };
  const end = followEnd(parts, readIt);
  earlier.addEventListener('click', () => readEarlier(other, parts));

  async function load() {
    if (loading || known.refused) return;
    loading = true;
    if (await read(other, parts, known)) return node.replaceWith(openThread(other, sought));
    loading = false;
    if (node.isConnected) show();
  }

  /** Once, when the end of the conversation is there. */
  async function seek() {
    const wanted = sought;
    sought = '';
    await reveal(wanted, other, parts);
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
    const items = lines(other);
    const lastRead = items.findLast(({message}) => message?.mine && !message.unsent && message.read)?.key;
    const mine = items.at(-1)?.message?.unsent;
    keyed(log, items, make, (element, item) => update(element, item, lastRead));
    log.classList.toggle('nothing', here && store.isLoaded(other) && !items.length);
    earlier.hidden = !store.hasEarlier(other);
    if (items.length !== count && (end.follows() || mine || count < 1)) end.toEnd();
    else if (items.length > count && count >= 0 && !end.follows()) newer.hidden = false;
    count = items.length;
    readIt();
    if (sought && store.isLoaded(other) && !loading && node.isConnected) seek();
  }

  node.update = show;
  node.visible = readIt;
  show();
  return node;
}
