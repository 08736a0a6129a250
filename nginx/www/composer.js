// composer.js — the field under a conversation, and what is written in it.
import {h, icon, isComposing} from './dom.js';
import {draft, saveDraft, send} from './outbox.js';
import {nameOf} from './store.js';

/** Where fingers write, Enter is on the screen for a new line, and the button beside the field sends. */
const hasKeyboard = () => !matchMedia('(pointer: coarse)').matches;

export function composer(other) {
  const field = h('textarea', {
    rows: 1,
    placeholder: `Write to ${nameOf(other)}`,
    value: draft(other),
    'aria-label': `Message to ${nameOf(other)}`,
    enterkeyhint: hasKeyboard() ? 'send' : 'enter',
  });
  const fit = () => {
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight + 2, innerHeight / 3)}px`;
  };
  const submit = () => {
    const text = field.value.trim();
    if (!text) return;
    field.value = '';
    saveDraft(other, '');
    fit();
    send(other, text);
  };
  field.addEventListener('input', () => {
    saveDraft(other, field.value);
    fit();
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event) || !hasKeyboard()) return;
    event.preventDefault();
    submit();
  });
  requestAnimationFrame(fit);
  return h(
    'form',
    {
      class: 'composer',
      onsubmit: (event) => {
        event.preventDefault();
        submit();
        field.focus();
      },
    },
    field,
    h(
      'button',
      {class: 'primary round', 'aria-label': 'Send', title: 'Send (Enter)'},
      icon('send'),
      h('span', null, 'Send'),
    ),
  );
}
