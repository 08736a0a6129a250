// panes.js — what the two panes of a section are made of: the list, what is read into it page after page, and the parts of
// what it leads to.
import * as api from './api.js';
import {awaited, count, h, icon, isComposing, keyed, mark, say, wait} from './dom.js';
import {later} from './poll.js';
import {called, ownName, whenOf} from './text.js';

/** Of a row that leads to a person. */
export const byName = (person) => ({title: called(person), own: ownName(person), username: person.username});

/** A title; where there is little room the name that somebody chose is shortened, not the one that is theirs alone. */
const titled = ({title, own}) =>
  own ? [h('span', {class: 'own'}, own), h('span', null, title.slice(own.length))] : [title];

/** Says why there are no rows; answers whether they are awaited. */
function sayInstead(empty, said) {
  const isAwaited = said[0] === awaited;
  const text = said.map((each) => each.textContent ?? each).join('');
  empty.classList.toggle('loading', isAwaited);
  if (empty.textContent !== text) empty.replaceChildren(...said);
  return isAwaited;
}

/**
 * The list of a section: a heading, a search field, and rows that are links. actions: nodes beside the heading.
 * filter: what the search field says, or null for none; search(text) is called as one types. show(rows, instead): rows
 * of {key, href, title, sub, when, badge, isDraft}, or of {key, heading} between them, with all of byName(person) in place of the
 * title of who is a person. reveal(key): scrolls to one.
 */
export function list({title, actions = [], filter, search}) {
  const rows = h('ul', {class: 'rows'});
  const empty = h('p', {class: 'empty'});
  const field =
    filter &&
    h('input', {
      type: 'search',
      class: 'search',
      placeholder: filter,
      'aria-label': filter,
      'aria-keyshortcuts': '/',
      oninput: () => search(field.value.trim()),
    });
  field?.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !isComposing(event)) rows.querySelector('a')?.click();
  });

  const update = (item, row) => {
    if (row.heading) return;
    const [link] = item.children;
    const [, name, when, sub, badge] = link.children;
    link.href = row.href;
    if (location.hash === row.href) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
    item.classList.toggle('unread', Boolean(row.badge));
    item.classList.toggle('draft', Boolean(row.isDraft));
    if (name.textContent !== row.title) name.replaceChildren(...titled(row));
    const texts = [
      [when, row.when ?? ''],
      [sub, row.sub ?? ''],
      [badge.firstChild, count(row.badge ?? 0)],
    ];
    for (const [node, text] of texts) if (node.textContent !== text) node.textContent = text;
    badge.hidden = !row.badge;
  };
  const make = (row) =>
    row.heading
      ? h('li', {class: 'rows-heading'}, row.heading)
      : h(
          'li',
          null,
          h(
            'a',
            {class: 'row'},
            mark(row.username ?? row.title),
            h('span', {class: 'row-title'}),
            h('span', {class: 'row-when'}),
            h('span', {class: 'row-sub'}),
            h('span', {class: 'badge'}, h('span'), h('span', {class: 'hidden'}, ' unread')),
          ),
        );

  const heading = h('header', null, h('h2', null, title), h('div', {class: 'tools'}, actions));
  return {
    field,
    node: h('div', {class: 'list'}, h('div', {class: 'list-top'}, heading, field), rows, empty),
    /** instead: what is said where there are no rows, a text or nodes. */
    show(items, instead = '') {
      keyed(rows, items, make, update);
      rows.ariaBusy = sayInstead(empty, items.length ? [] : [instead].flat());
    },
    reveal: (key) => [...rows.children].find((item) => item.dataset.key === key)?.scrollIntoView({block: 'nearest'}),
  };
}

const keyOf = (row) => row.id ?? row.person.id; // of conversations there is one a person

const enough = 20; // so many of what is searched for are looked for at once
const pages = 100; // and in so many pages, before somebody says to go on

/**
 * rows: what was read, null before anything was. next: where it goes on. reached: the moment that was looked back to,
 * where that is further than the last row. trouble: why there is nothing more. busy: it is being read.
 */
export class Listing {
  rows = null;
  next = '';
  reached = '';
  trouble = '';
  busy = false; // it is being read
  #turn = 0; // an older search that answers late is not shown

  /** changed(): they are others. isShown(): somebody sees it, so that it goes on when the server is back. */
  constructor(changed, isShown) {
    [this.changed, this.isShown] = [changed, isShown];
    this.more = h('button', {class: 'quiet more', hidden: true, onclick: () => this.goOn()});
  }

  /** Reads a list from its beginning, until there are as many rows as there were at `least`. */
  open = (path, least = 0) => this.#read(path, [], {least});

  /** The same of what is searched for, which may be far back: a page of it can be empty and yet have a next one. */
  search = (path) => this.#read(path, [], {least: enough, isSearch: true});

  goOn = () => this.#read(this.next, this.rows, {least: this.rows.length + 1, isSearch: true});

  /** Nothing is there, and nothing is read any more. */
  clear() {
    this.#turn++;
    [this.rows, this.next, this.reached, this.trouble, this.busy] = [null, '', '', '', false];
    this.#changed();
  }

  /** How far back it was looked, for a list that is empty so far. */
  get looking() {
    if (!this.reached) return 'Looking…';
    const when = whenOf(new Date(this.reached));
    return this.busy ? `Looking further back than ${when}…` : `Nothing was found back to ${when}.`;
  }

  #changed() {
    this.more.hidden = !this.next;
    this.more.textContent = this.reached ? `Look further back than ${whenOf(new Date(this.reached))}` : 'Show more';
    this.changed();
  }

  /** Takes pages in behind `rows`; those that are there already stay where they are. */
  async #read(from, rows, {least, isSearch = false}) {
    const turn = ++this.#turn;
    this.busy = true;
    try {
      for (let left = pages; from && left > 0; left--) {
        const page = await api.get(from);
        if (turn !== this.#turn) return;
        const known = new Set(rows.map(keyOf));
        rows = [...rows, ...page.data.filter((row) => !known.has(keyOf(row)))];
        from = page.next; // also where it goes on after trouble
        [this.rows, this.next, this.reached, this.trouble] = [rows, from ?? '', page.reached ?? '', ''];
        if (rows.length >= least) break;
        if (isSearch) this.#changed();
      }
    } catch (failure) {
      if (turn !== this.#turn) return;
      this.trouble = failure.message;
      if (this.rows?.length) say(failure.message);
      if (failure.passes)
        later(failure).then(() => turn === this.#turn && this.isShown() && this.#read(from, rows, {least, isSearch}));
    }
    this.busy = false;
    this.#changed();
  }
}

/** The detail pane while nothing is picked. */
export const blank = (title, ...text) =>
  h('div', {class: 'blank'}, h('p', {class: 'blank-title'}, title), h('p', null, text));

/** The frame of every detail pane that is a form: a back link, a heading, parts. */
export const sheet = (title, home, ...parts) =>
  h(
    'section',
    {class: 'sheet', 'aria-label': title},
    h(
      'header',
      {class: 'bar'},
      h('a', {class: 'back', href: home, 'aria-label': 'Back', title: 'Back'}, icon('back')),
      h('h2', {tabindex: -1}, title),
    ),
    h('div', {class: 'scroller'}, h('div', {class: 'parts'}, parts)),
  );

export const part = (title, ...content) =>
  h('section', {class: 'part', 'aria-label': title}, title && h('h3', null, title), content);

/** Content that has to be asked for; when it could not be had, it says so, and comes when the server is back. */
export function loaded(load, build) {
  const node = h('div', {'aria-busy': 'true'}, h('p', {class: 'note loading'}, awaited));
  const attempt = async () => {
    try {
      const value = await load();
      node.replaceChildren(...[build(value)].flat(Infinity).filter(Boolean));
    } catch (failure) {
      if (!(failure instanceof api.Failure)) throw failure;
      node.replaceChildren(h('p', {class: 'problem', role: 'alert'}, failure.message));
      if (failure.passes) later(failure).then(() => node.isConnected && attempt());
    }
    node.ariaBusy = 'false';
  };
  attempt();
  return node;
}

/** Makes the page() of a module, which is loaded when somebody wants it. */
export const lazy = (name) => () => {
  const load = () => import(name).catch(() => Promise.reject(new api.Failure(0)));
  return loaded(load, (module) => module.page());
};

/** What is loaded, asked for again whenever build, or who holds the node, says `reload`. */
export function reloaded(load, build) {
  const node = h('div');
  node.reload = () => node.replaceChildren(loaded(load, (value) => build(value, node.reload)));
  node.reload();
  return node;
}

/** A button that does something at the server, and says what went wrong. */
export const does = (label, work, kind = 'quiet') =>
  h(
    'button',
    {
      type: 'button',
      class: kind,
      onclick: async (event) => {
        const button = event.currentTarget;
        wait(button, true);
        try {
          await work(button);
        } catch (failure) {
          say(failure.message);
        }
        wait(button, false);
      },
    },
    label,
  );

const secretSeconds = 120;

/** A secret that is shown once, for a while, with a button that copies it. */
export const secret = (label, text) => {
  const field = h('input', {
    value: text,
    readOnly: true,
    'aria-label': label,
    class: 'code',
    onfocus: () => {
      field.select();
      field.scrollLeft = 0;
    },
  });
  const node = h(
    'div',
    {class: 'secret'},
    h(
      'p',
      null,
      `${label}. Copy it now: it is hidden again in ${secretSeconds / 60} minutes, or when you leave this page.`,
    ),
    h(
      'div',
      {class: 'together'},
      field,
      does('Copy', async () => {
        try {
          await navigator.clipboard.writeText(text);
        } catch {
          field.select();
          document.execCommand('copy');
        }
        say('Copied.');
      }),
    ),
  );
  setTimeout(() => {
    field.value = '';
    node.replaceChildren(h('p', null, `${label}: hidden again. If you did not copy it, make a new one.`));
  }, secretSeconds * 1000);
  return node;
};

/** Rows as a list; draw(row) answers what it says of one, and the tools for it. */
export const items = (rows, draw) =>
  h(
    'ul',
    {class: 'items'},
    rows.map((row) => {
      const [says, ...tools] = draw(row);
      return h('li', null, h('div', null, says), tools);
    }),
  );
