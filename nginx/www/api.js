// api.js — the only place that talks to the server.

/** So many seconds, as one says it. */
const spanOf = (seconds) => (seconds < 100 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`);

/**
 * What the server refused, or why it could not be asked (status 0). errors: what is wrong with which field,
 * [{field, detail}], where that is why.
 */
export class Failure extends Error {
  constructor(status, problem, retryAfter = 0) {
    let said = problem?.errors?.map(({detail}) => detail).join(' ') || problem?.detail;
    if (status === 429) said = 'Too many tries.';
    said ||= status ? `The server answered ${status}.` : 'The server cannot be reached.';
    super(said + (retryAfter > 1 ? ` Try again in ${spanOf(retryAfter)}.` : ''));
    Object.assign(this, {
      status,
      retryAfter,
      code: problem?.code,
      movedTo: problem?.moved_to,
      errors: problem?.errors ?? [],
    });
  }

  /** It is not about what was asked: the same again may do later. */
  get passes() {
    return passing.has(this.status) || shut.has(this.code);
  }
}

const away = new Set([0, 502, 503, 504]); // the server, or what it needs
const passing = new Set([...away, 401, 409, 429]);
// What keeps somebody out of the company; second_factor_missing: an admin whose company wants one.
export const shut = new Set(['company_suspended', 'company_erasing', 'company_moved', 'second_factor_missing']);
const forged = 'csrf_failed'; // or its cookie is not there any more
const version = '/api/v2/';

/** Filled in by those who care: session.js, poll.js and app.js. */
export const on = {ended() {}, elsewhere() {}, keptOut() {}, reached() {}, allowed: () => true};

let company = '';
/** From now on every request says that it is meant for this company. */
export const assertCompany = (id) => {
  company = id;
};

const cookieName = () => `${location.protocol === 'https:' ? '__Host-' : ''}csrftoken`;

export function csrfToken() {
  const found = document.cookie.split('; ').find((each) => each.startsWith(`${cookieName()}=`));
  return found?.slice(cookieName().length + 1) ?? '';
}

export function forgetCsrfToken() {
  document.cookie = `${cookieName()}=; Max-Age=0; Path=/${location.protocol === 'https:' ? '; Secure' : ''}`;
}

/** What early.js asked for, once. */
function takeEarly(path) {
  const answer = window.early?.get(path);
  window.early?.delete(path);
  return answer;
}

/** Nothing more of it is good: it was for the start. */
export const forgetEarly = () => window.early?.clear();

async function send(method, path, {body, key, match, known, anywhere}) {
  const headers = {Accept: 'application/json'};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET') headers['X-CSRFToken'] = csrfToken();
  if (company && !anywhere) headers['X-Company'] = company;
  if (key) headers['Idempotency-Key'] = key;
  if (match) headers['If-Match'] = match;
  if (known) headers['If-None-Match'] = known;
  const early = method === 'GET' && !known && takeEarly(path);
  try {
    const answered = await early;
    if (answered?.ok) return {response: answered, text: await answered.text()};
    const response = await fetch(path, {
      method,
      headers,
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(40000),
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {response, text};
  } catch {
    on.reached(false);
    throw new Failure(0);
  }
}

const parse = (text) => {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
};

/**
 * One request. Options: body, key (Idempotency-Key), match (If-Match), known (If-None-Match),
 * anywhere (asserts no company), open (a 401 is an answer, not the end of the session).
 * Answers {status, data, etag, next, reached}: of a list its rows, where it goes on, and how far back it was searched;
 * anything but 2xx and 304 is thrown as a Failure.
 */
export async function call(method, path, options = {}) {
  if (!options.anywhere && method !== 'GET' && !on.allowed()) {
    on.elsewhere();
    throw new Failure(409, {detail: 'You are working elsewhere now.'});
  }
  const url = new URL(path, location.origin + version);
  const where = url.pathname + url.search; // a link's host may be another name of this one
  let {response, text} = await send(method, where, options);
  let data = parse(text);
  if (data?.code === forged) {
    await fetch(`${version}auth/login/`, {headers: {Accept: 'text/html'}}).catch(() => {});
    ({response, text} = await send(method, where, options));
    data = parse(text);
  }
  const {status} = response;
  on.reached(!away.has(status));
  if (response.ok || status === 304) {
    const [, reached] = /; reached="([^"]+)"/.exec(response.headers.get('Link') ?? '') ?? [];
    return {status, data: data?.items ?? data, etag: response.headers.get('ETag'), next: data?.next, reached};
  }
  if (status === 401 && !options.open) on.ended();
  if (status === 409) on.elsewhere();
  if (shut.has(data?.code) && !options.anywhere) on.keptOut(data.code, data.moved_to);
  throw new Failure(status, data, Number(response.headers.get('Retry-After')) || 0);
}

export const get = (path, options) => call('GET', path, options);

/** Every row of a list, page after page, but no more than `pages` of them: `isCut` says that there were. each(page): told of each. */
export async function all(path, pages = 20, each = () => {}) {
  const rows = [];
  let next = path;
  for (; next && pages > 0; pages--) {
    const answer = await get(next);
    rows.push(...answer.data);
    each(answer.data);
    next = answer.next;
  }
  rows.isCut = Boolean(next);
  return rows;
}

/** A UUIDv7: the server keeps rows by time, and takes an Idempotency-Key as the row's id. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const time = Date.now().toString(16).padStart(12, '0');
  const variant = '89ab'[bytes[8] & 3];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
