// session.js — who is here, in which company, and what to do when that changes behind this tab's back.
import * as api from './api.js';
import {banner, dialog, h} from './dom.js';
import {letGo, mayLeave} from './form.js';
import {loginForm} from './login.js';

export const session = {me: null};

const identity = 'pw:identity'; // the username, to tell a person who comes back from somebody else
const places = 'pw:places'; // the same by what no new name changes: company → user id there
const here = 'pw:here'; // company/user that the browser's session is in, as far as any tab knows
const desks = 'pw:desks'; // its companies by name, to leave one that is suspended: there nobody can ask

/** Nothing of what was typed stays behind: drafts, unsent messages, names. */
export function clearStorage() {
  for (const name of Object.keys(localStorage)) if (name.startsWith('pw:')) localStorage.removeItem(name);
}

const placeOf = (me) => `${me.company.id}/${me.user.id}`;

/** Who this browser keeps something of, in the companies where they were seen. A release before kept the last one only. */
const knownPlaces = () =>
  JSON.parse(localStorage.getItem(places)) ?? Object.fromEntries([(localStorage.getItem(here) ?? '').split('/')]);

/** Whether that is who is here now. A company where they were not seen yet must be another one of theirs. */
function isKnown({company, user, memberships}) {
  const known = knownPlaces();
  if (Object.hasOwn(known, company.id)) return known[company.id] === user.id;
  return (
    localStorage.getItem(identity) === user.username && memberships.some((each) => Object.hasOwn(known, each.company))
  );
}

export function entered(me) {
  if (!isKnown(me)) clearStorage();
  localStorage.setItem(places, JSON.stringify({...knownPlaces(), [me.company.id]: me.user.id}));
  localStorage.setItem(identity, me.user.username);
  localStorage.setItem(here, placeOf(me));
  localStorage.setItem(
    desks,
    JSON.stringify({company: me.company.id, all: me.memberships.map(({company, name}) => ({company, name}))}),
  );
  session.me = me;
  api.assertCompany(me.company.id);
}

/** Resumes the browser's session; null when there is none. Without a CSRF cookie there cannot be one. */
export async function resume() {
  if (!api.csrfToken()) return null;
  try {
    const before = localStorage.getItem(here);
    const {data} = await api.get('auth/me', {anywhere: true, open: true});
    if (before && before !== placeOf(data)) api.forgetEarly(); // which was for somebody else
    entered(data);
    return data;
  } catch (error) {
    if (error.status === 401) return null;
    if (api.shut.has(error.code)) shutOut = error.code;
    movedTo = error.movedTo;
    throw error;
  }
}

const refusals = {
  unauthorized: 'No account has this username and this password. Check both.',
  second_factor_wrong: 'This code is not right, or was used already. Enter the next one.',
};

export async function logIn(username, password, code) {
  try {
    return (await api.call('POST', 'auth/login/', {body: {username, password, code}, anywhere: true, open: true})).data;
  } catch (failure) {
    failure.message = refusals[failure.code] ?? failure.message;
    throw failure;
  }
}

let ending = false; // by this tab, which knows before the storage does

/** Ends the session with a request. */
export async function end(method, path, options) {
  ending = true;
  try {
    await api.call(method, path, {anywhere: true, open: true, ...options});
  } catch (error) {
    if (error.code !== 'company_moved') throw error; // where no session is good any more
  } finally {
    ending = false;
  }
  leave();
}

export const logOut = async () => {
  if (await mayLeave()) await end('POST', 'auth/logout/');
};

/** The session is over, and all that this browser kept of it; in every tab. */
function leave() {
  clearStorage();
  api.forgetCsrfToken();
  tabs?.postMessage('over');
  forget();
}

export const switchTo = async (company) =>
  (await api.call('POST', 'auth/company/', {body: {company}, anywhere: true})).data;

/** To another place with nothing kept in memory: what one company's tab knew never meets another's. */
export function go(hash) {
  letGo();
  history.replaceState(null, '', `/${hash}`);
  location.reload();
}

export const enter = async (company) => {
  if (!(await mayLeave())) return;
  entered(await switchTo(company));
  go('#/');
};

// ---- the session ended: log in again, in front of what one was doing ----

let asking;

api.on.ended = () => {
  if (!session.me || asking) return;
  const {user, company} = session.me;
  const login = loginForm({
    label: 'Log in again',
    value: user.username,
    logIn: async (...shown) => {
      let me = await logIn(...shown);
      if (me.user.id !== user.id && me.memberships.some((each) => each.company === company.id))
        me = await switchTo(company.id);
      const same = me.user.id === user.id;
      entered(me);
      if (!same || eraseAt()) return go('#/');
      asking.close();
      asking = null; // which the dialog says a moment later
      window.dispatchEvent(new Event('resumed'));
    },
    extra: h('button', {type: 'button', class: 'quiet', onclick: leave}, 'Discard and leave'),
  });
  asking = dialog(
    'Your session has ended',
    [h('p', null, 'Log in again to go on. What you typed is still here.'), login],
    () => {
      asking = null;
    },
  );
  asking.addEventListener('cancel', (event) => event.preventDefault());
  login.querySelector('[type=password]').focus();
};

export const isAsking = () => Boolean(asking);

// ---- another tab went to another company, or is somebody else now ----

const isHere = () => !session.me || (localStorage.getItem(here) ?? placeOf(session.me)) === placeOf(session.me);
api.on.allowed = isHere;

let away = false;
export const isAway = () => away || ending;

/** The browser is again where this tab is. */
function back() {
  if (!away) return;
  away = false;
  banner('elsewhere', null);
  window.dispatchEvent(new Event('resumed'));
}

api.on.elsewhere = async () => {
  if (away || !session.me) return;
  away = true;
  window.dispatchEvent(new Event('away'));
  const {company, user} = session.me;
  let there;
  try {
    there = (await api.get('auth/me', {anywhere: true, open: true})).data;
  } catch {
    /* the banner below offers what can be offered */
  }
  if (!away) return; // it came back meanwhile
  if (there?.user.id === user.id) {
    entered(there);
    return back();
  }
  if (there?.company.id === company.id) return forget(); // somebody else is here now
  const mine = there?.memberships.some((each) => each.company === company.id) && isKnown(there);
  banner(
    'elsewhere',
    [
      h(
        'span',
        null,
        `This tab is in ${company.name}, but another tab went to ${there?.company.name ?? 'another company'}. Nothing is sent from here.`,
      ),
      mine &&
        h(
          'button',
          {
            onclick: async () => {
              const now = await switchTo(company.id);
              if (now.user.id !== user.id) return forget();
              entered(now);
              back();
            },
          },
          `Go on in ${company.name}`,
        ),
      h('button', {onclick: () => go('#/')}, there ? `Open ${there.company.name}` : 'Reload'),
    ].filter(Boolean),
  );
};

window.addEventListener('storage', (event) => {
  if (event.key === here && event.newValue) isHere() ? back() : api.on.elsewhere();
  forgetIfOver();
});

// ---- it is over: somebody logged out, in this tab or another, or on a page of the API ----

const tabs = window.BroadcastChannel && new BroadcastChannel('partywall');
tabs?.addEventListener('message', () => {
  if (session.me) forget();
});

/** This tab shows nothing of it any more, also while the start is not there yet. */
function forget() {
  document.getElementById('app').replaceChildren();
  for (const box of document.querySelectorAll('dialog')) box.remove();
  document.title = 'Partywall';
  go('#/login');
}

/** A session that ended took all that was stored along; one that expired did not. */
function forgetIfOver() {
  if (session.me && !ending && localStorage.getItem(here) === null) forget();
}
window.addEventListener('pageshow', (event) => {
  if (event.persisted) forgetIfOver();
});

// ---- the company is suspended, has moved, will be erased, or keeps an admin out who has no second factor ----

let shutOut = ''; // why; since then nothing but the ways out is shown
let movedTo; // the address where the company is now
export const isShutOut = () => Boolean(shutOut);
/** Then it is for the person to do something about it, and not to wait. */
export const lacksFactor = () => shutOut === 'second_factor_missing';
api.on.keptOut = (why, address) => {
  if (shutOut) return;
  shutOut = why;
  movedTo = address;
  window.dispatchEvent(new Event('shutout'));
};

/** When the company that one is in will be erased, where that is so: an admin is let in to keep it. */
export const eraseAt = () => session.me?.memberships.find(({company}) => company === session.me.company.id)?.erase_at;

/** The company that one was in, by name, and one's others. */
export function suspended() {
  const {company, all} = JSON.parse(localStorage.getItem(desks) ?? '{"all": []}');
  return {
    code: shutOut,
    name: all.find((each) => each.company === company)?.name ?? 'Your company',
    others: all.filter((each) => each.company !== company),
    movedTo,
  };
}
