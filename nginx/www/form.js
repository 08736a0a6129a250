// form.js — forms, with the server's word on a field beside that field.
import {Failure} from './api.js';
import {confirmed, h} from './dom.js';

let count = 0;

function control(field, id) {
  const shared = {
    id,
    name: field.name,
    autocomplete: field.autocomplete ?? 'off',
    'aria-describedby': `${id}-note`,
    required: field.required,
    maxlength: field.max,
  };
  if (field.options)
    return h(
      'select',
      {...shared, autocomplete: null, maxlength: null},
      field.options.map(([value, label]) => h('option', {value, selected: value === field.value}, label)),
    );
  if (field.rows) return h('textarea', {...shared, rows: field.rows, value: field.value ?? ''});
  return h('input', {
    ...shared,
    type: field.type ?? 'text',
    value: field.value ?? '',
    readOnly: field.readOnly,
    min: field.min,
    max: field.most,
    inputmode: field.inputmode,
    spellcheck: field.prose ? null : 'false',
    autocapitalize: field.prose ? null : 'none',
  });
}

/** {"user": {"username": [...]}} as [["user.username", [...]], …]. */
const flat = (problems, prefix = '') =>
  Object.entries(problems).flatMap(([name, value]) =>
    Array.isArray(value) ? [[prefix + name, value]] : flat(value, `${prefix + name}.`),
  );

/** Forms beside the list that hold what was typed and not sent. (A door has nothing that one goes back to.) */
const unsaved = () => [...document.querySelectorAll('.detail-pane form')].filter((node) => node.isChanged?.());

/** From now on nobody asks about what is on the page: it was decided that it goes. */
export const letGo = () => unsaved().forEach((node) => node.settle());

/** Whether what is on the page may go; asks when it holds changes. */
export async function mayLeave() {
  if (!unsaved().length) return true;
  const yes = await confirmed('Leave without saving?', 'What you typed here was not saved.', 'Leave', 'Stay');
  if (yes) letGo();
  return yes;
}

window.addEventListener('beforeunload', (event) => {
  if (unsaved().length) event.preventDefault();
});

/**
 * fields: [{name, label, type, value, note, options, rows, required, …}]; submit(values) does the work and
 * may throw a Failure, which is shown in the form. What was typed stays.
 */
export function form({fields, action, submit, quiet, extra, label}) {
  const rows = fields.map((field) => {
    const id = `f${++count}`;
    const input = control(field, id);
    const note = h('p', {class: 'note', id: `${id}-note`}, field.note);
    return {
      field,
      input,
      note,
      settled: input.value,
      node: h(
        'div',
        {class: 'field'},
        h(
          'label',
          {for: id},
          field.label,
          !field.required && field.optional !== false && !field.options && h('span', {class: 'faint'}, ' (optional)'),
        ),
        input,
        note,
      ),
    };
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
    if (!failure.fields)
      rest.push(
        failure.retryAfter > 1 ? `${failure.message} Try again in ${failure.retryAfter} seconds.` : failure.message,
      );
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

  const settle = () => {
    for (const row of rows) row.settled = row.input.value;
  };

  const node = h(
    'form',
    {noValidate: true, 'aria-label': label},
    problem,
    rows.map((row) => row.node),
    h('div', {class: 'actions'}, button, extra),
  );
  node.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    clear();
    try {
      await submit(Object.fromEntries(rows.map(({field, input}) => [field.name, input.value])), node);
      settle();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      button.disabled = false;
      show(error);
    }
    button.disabled = false;
  });
  node.addEventListener('reset', () => setTimeout(settle));
  node.settle = settle;
  node.isChanged = () => rows.some(({input, settled}) => input.value !== settled);

  /**
   * The row as somebody else left it, laid over what was typed here: a field that was not touched takes their
   * value; where both changed one, both are shown and can be exchanged. Answers how many those are.
   */
  node.merge = (before, theirs) =>
    rows.filter(({field: {name}, input, note}) => {
      if (theirs[name] === before[name] || theirs[name] === input.value) return false;
      const untouched = input.value === before[name];
      let other = untouched ? before[name] : theirs[name],
        isTheirs = !untouched;
      if (untouched) input.value = theirs[name];
      const show = () =>
        note.replaceChildren(
          isTheirs ? 'Somebody else wrote: ' : untouched ? 'Changed by somebody else. It was: ' : 'You wrote: ',
          h('q', null, other),
          ' ',
          h(
            'button',
            {
              type: 'button',
              class: 'inline',
              onclick: () => {
                [other, input.value, isTheirs] = [input.value, other, !isTheirs];
                show();
                input.focus();
              },
            },
            'exchange',
          ),
        );
      show();
      return !untouched;
    }).length;
  return node;
}
