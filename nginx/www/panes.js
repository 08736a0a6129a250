// panes.js — what the two panes of a section are made of: the list, and the parts of what it leads to.
import {Failure} from './api.js';
import {count, h, icon, isComposing, keyed, mark, say} from './dom.js';
import {later} from './poll.js';

/**
 * The list of a section: a heading, a search field, and rows that are links. actions: nodes beside the heading.
 * filter: what the search field says, or null for none; search(text) is called as one types. show(rows, empty): rows
 * of {key, href, title, sub, when, badge, mark}. reveal(key): scrolls to one.
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
    const [link] = item.children;
    const [, name, when, sub, badge] = link.children;
    link.href = row.href;
    if (location.hash === row.href) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
    item.classList.toggle('unread', Boolean(row.badge));
    const texts = [
      [name, row.title],
      [when, row.when ?? ''],
      [sub, row.sub ?? ''],
      [badge.firstChild, count(row.badge ?? 0)],
    ];
    for (const [node, text] of texts) if (node.textContent !== text) node.textContent = text;
    badge.hidden = !row.badge;
  };
  const make = (row) =>
    h(
      'li',
      null,
      h(
        'a',
        {class: 'row'},
        row.mark ?? mark(row.title),
        h('span', {class: 'row-title'}),
        h('span', {class: 'row-when'}),
        h('span', {class: 'row-sub'}),
        h('span', {class: 'badge'}, h('span'), h('span', {class: 'hidden'}, ' unread')),
      ),
    );

  return {
    field,
    node: h(
      'div',
      {class: 'list'},
      h('header', null, h('h1', null, title), h('div', {class: 'tools'}, actions)),
      field,
      rows,
      empty,
    ),
    show(items, text = '') {
      keyed(rows, items, make, update);
      empty.textContent = items.length ? '' : text;
    },
    reveal: (key) => [...rows.children].find((item) => item.dataset.key === key)?.scrollIntoView({block: 'nearest'}),
  };
}

/** The frame of every detail pane that is a form: a back link, a heading, parts. */
export const sheet = (title, home, ...parts) =>
  h(
    'section',
    {class: 'sheet', 'aria-label': title},
    h(
      'header',
      {class: 'bar'},
      h('a', {class: 'back', href: home, 'aria-label': 'Back'}, icon('back')),
      h('h2', {tabindex: -1}, title),
    ),
    h('div', {class: 'scroller'}, h('div', {class: 'parts'}, parts)),
  );

export const part = (title, ...content) =>
  h('section', {class: 'part', 'aria-label': title}, title && h('h3', null, title), content);

/** Content that has to be asked for; when it could not be had, it says so, and comes when the server is back. */
export function loaded(load, build) {
  const node = h('div', null, h('p', {class: 'note'}, 'Loading…'));
  const attempt = async () => {
    try {
      const value = await load();
      node.replaceChildren(...[build(value)].flat(Infinity).filter(Boolean));
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      node.replaceChildren(h('p', {class: 'problem', role: 'alert'}, failure.message));
      if (failure.passes) later(failure).then(() => node.isConnected && attempt());
    }
  };
  attempt();
  return node;
}

/** The same, asked for again whenever build, or who holds the node, says `reload`. */
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
        button.disabled = true;
        try {
          await work(button);
        } catch (failure) {
          say(failure.fields ? Object.values(failure.fields).flat().join(' ') : failure.message);
        }
        button.disabled = false;
      },
    },
    label,
  );

/** A secret that is shown once, with a button that copies it. */
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
  return h(
    'div',
    {class: 'secret'},
    h('p', null, `${label}. It is shown only now.`),
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
