// poll.js — asks for news: every 3 s while somebody is here, every 30 s while they are idle, never while the
// page is hidden, and later when the server says so. No request waits at the server.
import * as api from './api.js';
import {banner} from './dom.js';
import {entered, isAsking, isAway, session} from './session.js';
import {changed, refresh} from './store.js';

const active = 3000, idle = 30000, idleAfter = 60000, most = 120000;

let timer, lastInput = Date.now(), lastPoll = 0, lastMe = Date.now(), wait = 0, busy = false, meTag;

const delay = () => Math.max(wait, Date.now() - lastInput < idleAfter ? active : idle);

function plan(after = delay()) {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(poll, after * (1 + Math.random() / 20));
}

/** Another company's messages, a changed role or name: seldom, so asked seldom. */
async function refreshMe() {
  const answer = await api.get('auth/me', {known: meTag});
  lastMe = Date.now();
  meTag = answer.etag;
  if (answer.status === 304) return;
  entered(answer.data);
  changed();
}

async function poll() {
  if (busy || document.hidden) return;
  if (isAsking() || isAway()) return plan();
  busy = true;
  lastPoll = Date.now();
  try {
    await refresh();
    if (Date.now() - lastMe > idle) await refreshMe();
    wait = 0;
  } catch (failure) {
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

export function startPolling() {
  document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : soon()));
  for (const name of ['keydown', 'pointerdown', 'pointermove', 'focusin'])
    document.addEventListener(name, () => {
      const wasIdle = Date.now() - lastInput > idleAfter;
      lastInput = Date.now();
      if (wasIdle) soon();
    }, {passive: true});
  window.addEventListener('online', () => { wait = 0; poll(); });
  window.addEventListener('offline', () => api.on.reached(false));
  window.addEventListener('resumed', () => { wait = 0; poll(); });
  plan(active);
}

let unreachable = false;
api.on.reached = (reached) => {
  if (reached === !unreachable) return;
  unreachable = !reached;
  banner('offline', unreachable && [navigator.onLine ? 'The server cannot be reached. Trying again…'
    : 'You are offline. What you write is kept here.']);
  if (reached && session.me) plan();
};
