// dom.js — making elements. Text goes in as text, never as markup.
import {cut, parts} from './text.js';

const properties = new Set([
  'value',
  'defaultValue',
  'checked',
  'disabled',
  'hidden',
  'noValidate',
  'textContent',
  'readOnly',
]);

/** h('a', {href, class, onclick}, 'text', node, …); null and false children are left out. */
export function h(tag, given, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (properties.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

const paths = {back: 'M14.5 5 8 12l6.5 7', send: 'M4 12 20 4l-5 16-3-7z', down: 'M6 9l6 6 6-6'};

export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}

/** A round mark of a name: its first letters, in a colour of its own. */
export function mark(name, extra = '') {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 997;
  const words = name.split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean);
  const digits = /\d+$/.exec(words[0] ?? '');
  const letters =
    words.length > 1
      ? cut(words[0], 1) + cut(words[1], 1)
      : cut(name, digits ? 1 : 2) + (digits ? digits[0].slice(-1) : '');
  return h('span', {
    class: `mark tint-${sum % 6} ${extra}`,
    'aria-hidden': 'true',
    'data-letters': letters.toUpperCase(),
  });
}

/** Makes `parent` hold one element a key, in this order, and reuses those that are there. */
export function keyed(parent, items, make, update) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let before = null;
  items.forEach((item) => {
    let element = old.get(item.key);
    old.delete(item.key);
    if (!element) {
      element = make(item);
      element.dataset.key = item.key;
    }
    update?.(element, item);
    const place = before ? before.nextSibling : parent.firstChild;
    if (place !== element) parent.insertBefore(element, place);
    before = element;
  });
  for (const element of old.values()) element.remove();
}

/** Text with its web addresses as links, and what stands between back ticks as it was typed. */
export const linked = (text) =>
  parts(text).map((part) => {
    if (part.code) return h('code', {class: part.block && 'block'}, part.code);
    return part.href ? h('a', {href: part.href, target: '_blank', rel: 'noopener noreferrer'}, part.text) : part.text;
  });

/** How many, in a badge. */
export const count = (number) => (number > 999 ? '999+' : String(number));

/** Whether a key belongs to an input method, which says so in one way or the other. */
export const isComposing = (event) => event.isComposing || event.keyCode === 229;

/** Said of what was asked for and is not there yet; nobody sees it before it takes long (.loading in style.css). */
export const awaited = 'Loading…';

/** A button that was pressed, until what it does is done. */
export function wait(button, isWaiting) {
  button.disabled = isWaiting;
  button.ariaBusy = String(isWaiting);
}

let toastTimer;
/** Says a thing once, at the foot of the window and to screen readers. */
export function say(text) {
  const status = document.getElementById('status');
  status.textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    status.textContent = '';
  }, 5000);
}

/** A line across the top while something is the matter; `parts` null takes it away. */
export function banner(name, parts) {
  const banners = document.getElementById('banners');
  const there = banners.querySelector(`[data-name="${name}"]`);
  if (!parts) return there?.remove();
  if (there?.textContent === parts.map((part) => part.textContent ?? part).join('')) return;
  there?.remove();
  banners.append(h('div', {class: 'banner', role: 'alert', 'data-name': name}, parts));
}

/** A modal dialog around `content`; calls `closed` with its return value when it has gone. */
export function dialog(title, content, closed) {
  const box = h('dialog', {'aria-labelledby': 'dialog-title'}, h('h2', {id: 'dialog-title'}, title), content);
  box.addEventListener('close', () => {
    box.remove();
    closed?.(box.returnValue);
  });
  document.body.append(box);
  box.showModal();
  return box;
}

/** Asks before something that cannot be undone; true when the person said yes. */
export const confirmed = (title, text, action, otherwise = 'Cancel') =>
  new Promise((resolve) => {
    dialog(
      title,
      h(
        'form',
        {method: 'dialog'},
        h('p', null, text),
        h(
          'div',
          {class: 'actions'},
          h('button', {class: 'danger', value: 'yes'}, action),
          h('button', {class: 'quiet', value: '', autofocus: true}, otherwise), // Enter does no harm
        ),
      ),
      (value) => resolve(value === 'yes'),
    );
  });
