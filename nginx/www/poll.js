// poll.js — asks for news. While a stream (live.js) tells of them it asks at once, also in a hidden page, and once a minute
// for what was lost. Else it asks every 3 s while somebody is here, every 30 s while they are idle, never while the page is
// hidden. Later when the server says so. While the server cannot be reached a banner says so; when it is back, the window
// hears `resumed`.
import * as api from './api.js';
import {banner} from './dom.js';
import {flush} from './outbox.js';
import {eraseAt, isAsking, isAway, isShutOut, lacksFactor, session} from './session.js';
import {refresh} from './store.js';

const active = 3000,
  idle = 30000,
  live = 60000,
  idleAfter = 60000,
  most = 60000;

let timer,
  lastInput = Date.now(),
  lastPoll = 0,
  wait = 0,
  busy = false,
  isLive = false,
  isTold = false; // that there is something, which was not asked for yet
let unreachable = false;

const usual = () => (isLive && !wait && !unreachable ? live : Date.now() - lastInput < idleAfter ? active : idle);
const delay = () => (isTold && !isAsking() && !isAway() ? wait : Math.max(wait, usual()));

function plan(after = delay()) {
  clearTimeout(timer);
  if (!document.hidden || isTold) timer = setTimeout(poll, after * (1 + Math.random() / 20));
}

/** In front of a door there is nothing to ask for but whether somebody opens. */
async function knock() {
  if (lacksFactor() || (!isShutOut() && !unreachable)) return;
  await api.get('auth/me', {anywhere: true, open: true}).catch((failure) => {
    if (failure.status !== 401) throw failure;
  });
  if (isShutOut()) location.reload();
}

async function news(told) {
  await refresh(told);
  flush();
}

async function poll() {
  if (busy || (document.hidden && !isTold)) return;
  if (isAsking() || isAway()) return plan();
  const told = isTold;
  [busy, isTold] = [true, false];
  lastPoll = Date.now();
  try {
    await (session.me && !isShutOut() && !eraseAt() ? news(told) : knock());
    wait = 0;
  } catch (failure) {
    isTold ||= told;
    wait = Math.min(most, Math.max(failure.retryAfter * 1000 || 0, (wait || active) * 2));
  }
  busy = false;
  plan();
}

/** Now, or as soon as it is decent: when the last time was a moment ago, or the server asked to be left alone. */
function soon() {
  const left = Math.max(wait, active) - (Date.now() - lastPoll);
  if (left > 0) plan(left);
  else poll();
}

function now() {
  wait = 0;
  poll();
}

/** Something changed. What is told while it asks is asked for afterwards, in one go. */
export function askNow() {
  isTold = true;
  if (!wait) poll();
  else if (document.hidden) plan();
}

export function setLive(on) {
  isLive = on;
  if (!wait) plan();
}

export function startPolling() {
  document.addEventListener('visibilitychange', () => (document.hidden ? plan() : soon()));
  for (const name of ['keydown', 'pointerdown', 'pointermove', 'focusin'])
    document.addEventListener(
      name,
      () => {
        const wasIdle = Date.now() - lastInput > idleAfter;
        lastInput = Date.now();
        if (wasIdle) soon();
      },
      {passive: true},
    );
  window.addEventListener('online', now);
  window.addEventListener('offline', () => api.on.reached(false));
  window.addEventListener('resumed', now);
  plan(active);
}

api.on.reached = (reached) => {
  const offline = !navigator.onLine;
  if (!reached)
    banner('offline', [
      offline
        ? 'You are offline. What you write is kept here.'
        : 'The server cannot be reached. What you write is kept here. Trying again…',
    ]);
  if (reached === !unreachable) return;
  unreachable = !reached;
  if (unreachable) return plan(); // sooner than a stream has it
  banner('offline', null);
  window.dispatchEvent(new Event('resumed'));
};

/** Resolves when what failed for now may be tried again. */
export const later = (failure) =>
  new Promise((resolve) => {
    window.addEventListener('resumed', resolve, {once: true});
    if (!unreachable && failure.status !== 401) setTimeout(resolve, Math.max(5, failure.retryAfter) * 1000);
  });
