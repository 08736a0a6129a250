// form.js — forms, with the server's word on a field beside that field.
import {Failure} from './api.js';
import {h} from './dom.js';

let count = 0;

function control(field, id) {
  const shared = {id, name: field.name, autocomplete: field.autocomplete ?? 'off', 'aria-describedby': `${id}-note`,
    required: field.required, maxlength: field.max};
  if (field.options)
    return h('select', {...shared, autocomplete: null, maxlength: null}, field.options.map(([value, label]) =>
      h('option', {value, selected: value === field.value}, label)));
  if (field.rows) return h('textarea', {...shared, rows: field.rows, value: field.value ?? ''});
  return h('input', {...shared, type: field.type ?? 'text', value: field.value ?? '', readOnly: field.readOnly,
    min: field.min, max: field.most, inputmode: field.inputmode, spellcheck: field.prose ? null : 'false',
    autocapitalize: field.prose ? null : 'none'});
}

/** {"user": {"username": [...]}} as [["user.username", [...]], …]. */
const flat = (problems, prefix = '') => Object.entries(problems).flatMap(([name, value]) =>
  (Array.isArray(value) ? [[prefix + name, value]] : flat(value, `${prefix + name}.`)));

/**
 * fields: [{name, label, type, value, note, options, rows, required, …}]; submit(values) does the work and
 * may throw a Failure, which is shown in the form. What was typed stays.
 */
export function form({fields, action, submit, quiet, extra, label}) {
  const rows = fields.map((field) => {
    const id = `f${++count}`;
    const input = control(field, id);
    const note = h('p', {class: 'note', id: `${id}-note`}, field.note);
    return {field, input, note, node: h('div', {class: 'field'},
      h('label', {for: id}, field.label, !field.required && field.optional !== false && !field.options &&
        h('span', {class: 'faint'}, ' (optional)')), input, note)};
  });
  const problem = h('p', {class: 'problem', role: 'alert', hidden: true});
  const button = h('button', {class: quiet ? 'quiet' : 'primary'}, action);

  const show = (failure) => {
    const rest = [];
    for (const [name, messages] of failure.fields ? flat(failure.fields) : []) {
      const row = rows.find((each) => each.field.name === name);
      if (!row) {
        rest.push(...messages);
        continue;
      }
      row.note.textContent = messages.join(' ');
      row.note.classList.add('wrong');
      row.input.setAttribute('aria-invalid', 'true');
    }
    if (!failure.fields) rest.push(failure.retryAfter > 1
      ? `${failure.message} Try again in ${failure.retryAfter} seconds.` : failure.message);
    problem.textContent = rest.join(' ');
    problem.hidden = !rest.length;
    (rows.find((row) => row.input.hasAttribute('aria-invalid'))?.input ?? button).focus();
  };

  const clear = () => {
    problem.hidden = true;
    for (const {field, input, note} of rows) {
      input.removeAttribute('aria-invalid');
      note.classList.remove('wrong');
      note.textContent = field.note ?? '';
    }
  };

  const node = h('form', {noValidate: true, 'aria-label': label}, problem, rows.map((row) => row.node),
    h('div', {class: 'actions'}, button, extra));
  node.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    clear();
    try {
      await submit(Object.fromEntries(rows.map(({field, input}) => [field.name, input.value])), node);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      button.disabled = false;
      show(error);
    }
    button.disabled = false;
  });
  return node;
}
