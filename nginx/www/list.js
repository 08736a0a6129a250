// list.js — the left pane of every section: a heading, a search field, and rows that are links.
import {count, h, isComposing, keyed, mark} from './dom.js';

/**
 * actions: nodes beside the heading. filter: what the search field says, or null for none; search(text) is
 * called as one types. show(rows, empty): rows of {key, href, title, sub, when, badge, mark}. reveal(key): scrolls to one.
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
