// keys.js — what the keyboard does beside typing.
import {dialog, h, isComposing} from './dom.js';

const lines = [
  ['Enter', 'Send the message'],
  ['Shift Enter', 'A new line'],
  ['/', 'Search'],
  ['j', 'Next in the list'],
  ['k', 'Previous in the list'],
  ['n', 'Next unread conversation'],
  ['?', 'This help'],
  ['Esc', 'Back, or close'],
];

export const help = () =>
  dialog('Keyboard', [
    h(
      'dl',
      {class: 'keys'},
      lines.map(([keys, what]) =>
        h(
          'div',
          null,
          h(
            'dt',
            null,
            keys.split(' ').map((key) => h('kbd', null, key)),
          ),
          h('dd', null, what),
        ),
      ),
    ),
    h('form', {method: 'dialog'}, h('div', {class: 'actions'}, h('button', {class: 'quiet'}, 'Close'))),
  ]);

const inField = (element) => element.closest?.('input, textarea, select');

function step(by) {
  const links = [...document.querySelectorAll('.rows a')];
  const current = links.findIndex((link) => link.hasAttribute('aria-current'));
  const link = links[current < 0 ? (by > 0 ? 0 : links.length - 1) : current + by];
  if (!link) return;
  link.focus();
  location.hash = link.hash;
}

/** Back from wherever one is: out of a field, a search, and on a phone out of the open pane. */
function escape(field) {
  if (field?.type === 'search' && field.value) {
    field.value = '';
    field.dispatchEvent(new Event('input'));
  } else if (field) field.blur();
  else document.querySelector('.back')?.click();
}

const commands = {
  '/': () => document.querySelector('.search')?.focus(),
  j: () => step(1),
  k: () => step(-1),
  n: () => {
    const first =
      document.querySelector('.rows .unread a:not([aria-current])') ?? document.querySelector('.rows .unread a');
    if (first) location.hash = first.hash;
    else if (!document.querySelector('.app[data-section=messages]')) location.hash = '#/';
  },
  '?': help,
};

export function startKeys() {
  document.addEventListener('keydown', (event) => {
    if (
      event.defaultPrevented ||
      isComposing(event) ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      document.querySelector('dialog[open]')
    )
      return;
    const field = inField(event.target);
    if (event.key === 'Escape') return escape(field);
    if (field || !Object.hasOwn(commands, event.key)) return;
    event.preventDefault();
    commands[event.key]();
  });
}
