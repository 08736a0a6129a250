// text.js — how a person is written, what one would call the same name, one character, a web address, a day; and what an
// id looks like.

export const isId = (text) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text);

/** What somebody calls themselves, where that is not their username. */
export const ownName = ({username, display_name: name}) => (name && name !== username ? name : '');

/** A person, by name: anybody may call themselves anything, so the username, which is one person's alone, stands beside it. */
export const called = (person) =>
  (ownName(person) ? `${ownName(person)} (${person.username})` : person.username) + (person.removed ? ' (left)' : '');

const letters = {ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ı: 'i', þ: 'th', ð: 'd'};

/** A name as it is searched for: without case and accents. */
export const fold = (text) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđıþð]/g, (letter) => letters[letter]);

export const matches = (name, wanted) => fold(name).includes(fold(wanted));

const characters = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/**
 * The first characters of a text, each of them whole; of a longer text no more is looked at. isExcerpt: it was cut
 * somewhere already, and the last one may not be whole.
 */
export function cut(text, most, isExcerpt = false) {
  const parts = [];
  for (const {segment} of characters.segment(text)) {
    if (parts.length === most) return parts.join('');
    parts.push(segment);
  }
  return parts.slice(0, isExcerpt ? -1 : undefined).join('');
}

// ---- web addresses ----

// Until white space, a quotation mark, or punctuation of Chinese, Japanese and Korean.
const address =
  /https?:\/\/[^\s<>"\p{Pi}\p{Pf}\u201a\u201e\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+/giu;
const closes = {'(': ')', '[': ']', '{': '}'};

/** The address without a bracket that has no partner in it, and without the punctuation of the sentence around it. */
function trimmed(found) {
  const open = [];
  let end = found.length;
  for (let at = 0; at < found.length; at++) {
    if (Object.hasOwn(closes, found[at])) open.push(at);
    else if (Object.values(closes).includes(found[at]) && closes[found[open.pop()]] !== found[at]) {
      end = at;
      break;
    }
  }
  if (open.length) end = Math.min(end, open[0]);
  return found.slice(0, end).replace(/[.,;:!?'*…]+$/, '');
}

function addresses(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(address)) {
    const href = trimmed(found[0]);
    if (!URL.canParse(href)) continue;
    parts.push({text: text.slice(end, found.index)}, {text: href, href});
    end = found.index + href.length;
  }
  return [...parts, {text: text.slice(end)}];
}

// Three back ticks, maybe with a language's name behind them, or one, within a line.
const code = /```(?:\w*\n)?([^]+?)\n?```|`([^`\n]+)`/g;

/** A text as parts: {text}, {text, href}, or {code, block}. */
export function parts(text) {
  const found = [];
  let end = 0;
  for (const {0: all, 1: block, 2: line, index} of text.matchAll(code)) {
    found.push(...addresses(text.slice(end, index)), {code: block ?? line, block: block !== undefined});
    end = index + all.length;
  }
  return [...found, ...addresses(text.slice(end))];
}

// ---- days ----

// The texts are English, so names of days and months are: as the reader writes English, if they do.
const english = navigator.languages.find((each) => /^en\b/.test(each)) ?? 'en-GB';
const format = (options) => new Intl.DateTimeFormat(english, options);
const clock = format({timeStyle: 'short'});
const weekday = format({weekday: 'long'});
const shortDay = format({day: 'numeric', month: 'short'});
const shortDate = format({day: 'numeric', month: 'short', year: 'numeric'});
const longDay = format({weekday: 'long', day: 'numeric', month: 'long'});
const fullDay = format({day: 'numeric', month: 'long', year: 'numeric'});
const moment = format({dateStyle: 'medium', timeStyle: 'short'});

const daysAgo = (date) => Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 864e5);
const isThisYear = (date) => date.getFullYear() === new Date().getFullYear();

export const timeOf = (date) => clock.format(date);
export const fullDayOf = (text) => fullDay.format(new Date(text));
export const momentOf = (text) => moment.format(new Date(text));

export function dayOf(date) {
  const days = daysAgo(date);
  if (days < 1) return 'Today';
  if (days === 1) return 'Yesterday';
  return (isThisYear(date) ? longDay : fullDay).format(date);
}

/** As short as a list wants it: 14:05, Yesterday, Monday, 3 May, 3 May 2024. */
export function whenOf(date) {
  const days = daysAgo(date);
  if (days < 1) return clock.format(date);
  if (days === 1) return 'Yesterday';
  if (days < 7) return weekday.format(date);
  return (isThisYear(date) ? shortDay : shortDate).format(date);
}

/** Calls `turn` whenever a new day begins. (A machine that slept through midnight is late, not mistaken.) */
export function everyMidnight(turn) {
  const now = new Date();
  setTimeout(
    () => {
      turn();
      everyMidnight(turn);
    },
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1) - now + 50,
  );
}

/** "Chromium on Linux" of a browser's long name for itself. */
export function deviceOf(agent) {
  // most name others as well, before or after themselves
  const browser = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'].find((each) => agent.includes(`${each}/`));
  const system = ['Windows', 'Android', 'iPhone', 'iPad', 'Mac OS X', 'Linux'].find((each) => agent.includes(each));
  const name = {Edg: 'Edge', OPR: 'Opera'}[browser] ?? browser ?? cut(agent, 60);
  return [name || 'An unnamed client', system].filter(Boolean).join(' on ');
}
