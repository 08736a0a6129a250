// reading.js — where the view of a conversation stands, and what of it was seen. A message is seen when its end comes into
// sight, in a tab that is shown and whose window has the focus, and all before it with it: not in a hidden tab, not while
// somebody works in another window, and not what is below the visible part.
import {say} from './dom.js';
import {later} from './poll.js';
import {hasEarlier, loadThread} from './store.js';

export const isLooking = () => !document.hidden && document.hasFocus();

const atEnd = 60; // so many pixels from it

/** scrolled() is called when it comes to rest, nearTop() as soon as there is less than a window's height above. */
export function viewOf({scroller, log, newer}, {scrolled, nearTop}) {
  let follows = true,
    height, // of the window when it was last at its place
    timer;
  const boxOf = (node) => node.getBoundingClientRect();
  const find = (key) => [...log.children].find((each) => each.dataset.key === key);
  const note = () => {
    if (follows && scroller.clientHeight !== height) return; // the observer below goes along first
    follows = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < atEnd;
    if (follows) newer.hidden = true;
  };
  const to = (top) => {
    height = scroller.clientHeight;
    scroller.scrollTop = top;
    note(); // in a hidden tab there are no events of it
  };
  const toEnd = () => to(scroller.scrollHeight);

  scroller.addEventListener(
    'scroll',
    () => {
      note();
      clearTimeout(timer);
      timer = setTimeout(scrolled, 100);
      if (scroller.scrollTop < scroller.clientHeight) nearTop();
    },
    {passive: true},
  );
  newer.addEventListener('click', toEnd);
  new ResizeObserver(() => {
    height = scroller.clientHeight;
    if (follows) toEnd();
  }).observe(scroller);

  return {
    toEnd,
    /** It stays where it was brought to. */
    stay() {
      height = scroller.clientHeight;
      note();
    },
    follows: () => follows,
    isInSight(key) {
      const [box, frame] = [find(key), scroller].map((node) => node && boxOf(node));
      return Boolean(box) && box.top >= frame.top && box.bottom <= frame.bottom + 1;
    },
    /** To the end, but not so far that the line of this key is out of sight. */
    toLine(key) {
      toEnd();
      const line = find(key);
      if (line) to(Math.min(scroller.scrollTop, scroller.scrollTop + boxOf(line).top - boxOf(scroller).top));
    },
    /** The last one that was seen, of those of which `isOne` is true. */
    lastSeen(isOne) {
      const {bottom} = boxOf(scroller);
      return [...log.children].findLast((each) => isOne(each.dataset.key) && boxOf(each).bottom <= bottom + 1)?.dataset
        .key;
    },
    /** Changes what there is, and what is in sight stays where it is. */
    keep(change) {
      const {top} = boxOf(scroller);
      const isThere = (each) => boxOf(each).bottom > top && !each.matches('.day');
      const anchor = follows ? null : [...log.children].find(isThere);
      const placeOf = () => (anchor ? boxOf(anchor).top : scroller.scrollHeight - scroller.scrollTop);
      const before = placeOf();
      change();
      if (!anchor || anchor.isConnected) scroller.scrollTop += placeOf() - before;
    },
  };
}

/** Reads the page before what is there; where that fails it can be asked for again after a while. */
export function earlierOf(other) {
  let busy = false;
  return async () => {
    if (busy || !hasEarlier(other)) return;
    busy = true;
    try {
      await loadThread(other);
    } catch (failure) {
      say(failure.message);
      await later(failure);
    }
    busy = false;
  };
}

/** Of the buttons beside the messages the last one is on the way of Tab, and the arrows lead to the others. */
export function walkButtons(log, marked) {
  const all = () => [...log.querySelectorAll('.as-unread')];
  let last;
  log.addEventListener('click', ({target}) => {
    const button = target.closest('.as-unread');
    if (button) marked(button.closest('[data-key]').dataset.key);
  });
  log.addEventListener('keydown', (event) => {
    const step = {ArrowUp: -1, ArrowDown: 1}[event.key];
    if (!step || !event.target.matches('.as-unread')) return;
    event.preventDefault();
    const buttons = all();
    buttons[buttons.indexOf(event.target) + step]?.focus();
  });
  return () => {
    if (last) last.tabIndex = -1;
    last = all().at(-1);
    if (last) last.tabIndex = 0;
  };
}
