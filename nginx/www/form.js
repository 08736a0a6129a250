// form.js — forms, with the server's word on a field beside that field; and those that change a row.
import * as api from './api.js';
import {confirmed, h, wait} from './dom.js';

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
    defaultValue: field.value ?? '',
    readOnly: field.readOnly,
    min: field.min,
    max: field.most,
    inputmode: field.inputmode,
    spellcheck: field.prose ? null : 'false',
    autocapitalize: field.prose ? null : 'none',
  });
}

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

/** A button with which a password is seen while it is chosen. */
function lookAt(row) {
  const word = h('span', null, 'Show');
  const show = (isShown) => {
    row.input.type = isShown ? 'text' : 'password';
    word.textContent = isShown ? 'Hide' : 'Show';
  };
  row.cover = () => show(false);
  const toggle = () => show(row.input.type === 'password');
  return h(
    'button',
    {type: 'button', class: 'quiet', onclick: toggle},
    word,
    h('span', {class: 'hidden'}, ' password'),
  );
}

/** A field of a form: what was given of it, its control, what is said of it, and how all that stands on the page. */
function rowOf(field) {
  const id = `f${++count}`;
  const input = control(field, id);
  const note = h('p', {class: 'note', id: `${id}-note`}, field.note);
  const isOptional = !field.required && field.optional !== false && !field.options;
  const label = h('label', {for: id}, field.label, isOptional && h('span', {class: 'faint'}, ' (optional)'));
  const row = {field, input, note, settled: input.value};
  const look = field.autocomplete === 'new-password' && lookAt(row);
  row.node = h('div', {class: 'field'}, label, look ? h('div', {class: 'together'}, input, look) : input, note);
  return row;
}

/** Writes what the server said beside the fields that it is about; answers what is about none. */
function showProblems(rows, failure) {
  if (!failure.errors.length) return [failure.message];
  const rest = [];
  for (const {field, detail} of failure.errors) {
    const row = rows.find((each) => each.field.name === field);
    if (!row) {
      rest.push(detail);
      continue;
    }
    const isFirst = !row.input.hasAttribute('aria-invalid');
    row.note.textContent = isFirst ? detail : `${row.note.textContent} ${detail}`;
    row.note.classList.add('wrong');
    row.input.setAttribute('aria-invalid', 'true');
  }
  return rest;
}

function clearProblems({field, input, note}) {
  input.removeAttribute('aria-invalid');
  note.classList.remove('wrong');
  note.textContent = field.note ?? '';
}

/** Lays what somebody else wrote over a field; whether the two have to be compared, because both changed it. */
function mergeRow({input, note}, before, theirs) {
  if (theirs === before || theirs === input.value) return false;
  const untouched = input.value === before;
  let other = untouched ? before : theirs,
    isTheirs = !untouched;
  if (untouched) input.value = theirs;
  const exchange = () => {
    [other, input.value, isTheirs] = [input.value, other, !isTheirs];
    show();
    input.focus();
  };
  const show = () =>
    note.replaceChildren(
      isTheirs ? 'Somebody else wrote: ' : untouched ? 'Changed by somebody else. It was: ' : 'You wrote: ',
      h('q', null, other),
      ' ',
      h('button', {type: 'button', class: 'inline', onclick: exchange}, 'exchange'),
    );
  show();
  return !untouched;
}

/**
 * fields: [{name, label, type, value, note, options, rows, required, …}]; submit(values) does the work and
 * may throw a Failure, which is shown in the form. What was typed stays.
 */
export function form({fields, action, submit, quiet, extra, label}) {
  const rows = fields.map(rowOf);
  const problem = h('p', {class: 'problem', role: 'alert', hidden: true});
  const button = h('button', {class: quiet ? 'quiet' : 'primary'}, action);

  const show = (failure) => {
    const rest = showProblems(rows, failure);
    problem.textContent = rest.join(' ');
    problem.hidden = !rest.length;
    (rows.find((row) => row.input.hasAttribute('aria-invalid'))?.input ?? button).focus();
  };
  const settle = () => {
    for (const row of rows) {
      row.settled = row.input.value;
      row.cover?.();
    }
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
    wait(button, true);
    problem.hidden = true;
    rows.forEach(clearProblems);
    try {
      await submit(Object.fromEntries(rows.map(({field, input}) => [field.name, input.value])), node);
      settle();
    } catch (error) {
      if (!(error instanceof api.Failure)) throw error;
      wait(button, false);
      show(error);
    }
    wait(button, false);
  });
  node.addEventListener('reset', () => setTimeout(settle));
  node.settle = settle;
  /** What was changed in it since it was drawn or sent: the rest may have been changed by somebody else. */
  node.changes = () =>
    Object.fromEntries(
      rows.filter(({input, settled}) => input.value !== settled).map(({field, input}) => [field.name, input.value]),
    );
  node.isChanged = () => Object.keys(node.changes()).length > 0;

  /**
   * The row as somebody else left it, laid over what was typed here: a field that was not touched takes their
   * value; where both changed one, both are shown and can be exchanged. Answers how many those are.
   */
  node.merge = (before, theirs) =>
    rows.filter((row) => mergeRow(row, before[row.field.name], theirs[row.field.name])).length;
  return node;
}

/**
 * A form for a row that somebody else may change at the same moment. row and etag are what was read from url; fields
 * are as above; saved(row) is told of each change. Where the row was changed meanwhile nothing is written: the form
 * then has both versions, and saving again means this one. A row that is already as the form says needs no writing:
 * most likely the answer to an earlier try was lost.
 */
export function editor({url, row, etag, fields, saved, label, gone}) {
  const shown = (row) => Object.fromEntries(fields.map(({name}) => [name, String(row[name] ?? '')]));
  let before = shown(row),
    match = etag;
  return form({
    label,
    fields: fields.map((field) => ({...field, value: before[field.name]})),
    action: 'Save',
    submit: async (values, node) => {
      try {
        const answer = await api.call('PUT', url, {body: values, match});
        [before, match] = [shown(answer.data), answer.etag ?? (await api.get(url)).etag];
        saved(answer.data);
      } catch (failure) {
        if (failure.status === 404) failure.message = gone;
        if (failure.status !== 412) throw failure;
        const now = await api.get(url);
        const theirs = shown(now.data);
        const isSame = fields.every(({name}) => theirs[name] === values[name].trim());
        const both = isSame ? 0 : node.merge(before, theirs);
        [before, match] = [theirs, now.etag];
        if (isSame) return saved(now.data);
        failure.message = both
          ? 'Somebody changed this meanwhile. Both versions are below: what stands in the boxes is saved when you save again.'
          : 'Somebody changed something else here meanwhile. It is below, with your changes: save again.';
        throw failure;
      }
    },
  });
}
