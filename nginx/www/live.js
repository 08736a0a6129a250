// live.js — one stream of events a browser, in which the server says that something changed; poll.js then asks what. The
// tab that holds the lock of this person and company has the stream, and tells the others by a channel; when it goes, the
// lock goes to another one. Without locks or streams it stays at polling.
import {askNow, setLive} from './poll.js';
import {isAsking, isAway, isShutOut, session} from './session.js';
import {doubtMe} from './store.js';

const longest = 11 * 60000; // no stream of the server's is older: of one that is, the end was lost
const pause = 5000;

let state = 'closed', // 'open'; 'ended': the server had too many, and none is opened before somebody does something
  channel,
  source,
  timer,
  failures = 0,
  isHolder = false;

const isAble = () => navigator.locks && window.EventSource && window.BroadcastChannel;

/** Of the tabs of a browser one tells what all would tell, where they know of each other. */
export const speaks = () => isHolder || !isAble();

function hear({data: {now, changed, asks, acts}}) {
  if (asks && isHolder) channel.postMessage({now: state});
  if (acts && isHolder && state === 'ended') connect();
  if (changed?.includes('elsewhere')) doubtMe();
  if (changed) askNow();
  if (!now || now === state) return;
  state = now;
  setLive(state === 'open');
  if (state === 'open') askNow(); // for what changed meanwhile
}

/** Here and in the other tabs. */
function tell(data) {
  hear({data});
  channel.postMessage(data);
}

function close() {
  clearTimeout(timer);
  source?.close();
  tell({now: 'closed'});
}

function connect() {
  close();
  if (isAsking() || isAway() || isShutOut()) {
    timer = setTimeout(connect, pause);
    return;
  }
  source = new EventSource('/api/v2/events/');
  source.onopen = () => {
    failures = 0;
    timer = setTimeout(connect, longest);
    tell({now: 'open'});
  };
  source.onmessage = (event) => tell({changed: JSON.parse(event.data).changed});
  source.addEventListener('end', () => {
    close();
    tell({now: 'ended'});
  });
  source.onerror = () => {
    clearTimeout(timer);
    tell({now: 'closed'});
    if (source.readyState !== EventSource.CLOSED) return; // it comes back by itself
    timer = setTimeout(connect, Math.min(60000, pause * (1 + 2 * Math.random()) * 2 ** failures++));
  };
}

/** Where it is kept what somebody wants to be told, and how. */
export const place = () => `pw:alerts/${session.me.user.id}`;

/** As soon as they want it, in this tab or in another. */
export const startAlerts = () => localStorage.getItem(place()) && import('./alerts.js').catch(() => {});

let letGo;

/** Waits for the lock, and has the stream as long as it has that. */
function hold(name) {
  if (letGo || isAway()) return;
  const waiting = new AbortController();
  let release = () => {};
  letGo = () => {
    letGo = undefined;
    isHolder = false;
    waiting.abort();
    release();
  };
  const held = () => {
    isHolder = true;
    if (state !== 'ended') connect();
    return new Promise((resolve) => (release = resolve)); // until this tab goes
  };
  navigator.locks.request(name, {signal: waiting.signal}, held).catch(() => {});
}

export function startLive() {
  startAlerts();
  window.addEventListener('storage', startAlerts);
  if (!isAble()) return;
  const name = `pw:live/${session.me.company.id}/${session.me.user.id}`;
  channel = new BroadcastChannel(name);
  channel.onmessage = hear;
  channel.postMessage({asks: true});
  hold(name);
  // A tab whose browser is in another company leaves the lock to one that is here.
  window.addEventListener('away', () => {
    const had = isHolder;
    letGo?.();
    if (had) close();
  });
  window.addEventListener('resumed', () => (isHolder ? state === 'closed' && connect() : hold(name)));
  for (const act of ['keydown', 'pointerdown'])
    document.addEventListener(
      act,
      () => state === 'ended' && (isHolder ? connect() : channel.postMessage({acts: true})),
    );
}
