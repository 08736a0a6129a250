// editor.js — a form for a row that somebody else may change at the same moment.
import * as api from './api.js';
import {form} from './form.js';

/**
 * row and etag are what was read from url; fields are form.js's; saved(row) is told of each change. Where the row
 * was changed meanwhile nothing is written: the form then has both versions, and saving again means this one. A row
 * that is already as the form says needs no writing: most likely the answer to an earlier try was lost.
 */
export function editor({url, row, etag, fields, saved, label, gone}) {
  let before = row,
    match = etag;
  return form({
    label,
    fields: fields.map((field) => ({...field, value: row[field.name]})),
    action: 'Save',
    submit: async (values, node) => {
      try {
        const answer = await api.call('PUT', url, {body: values, match});
        [before, match] = [answer.data, answer.etag ?? (await api.get(url)).etag];
        saved(answer.data);
      } catch (failure) {
        if (failure.status === 404) failure.message = gone;
        if (failure.status !== 412) throw failure;
        const now = await api.get(url);
        const isSame = fields.every(({name}) => now.data[name] === values[name].trim());
        const both = isSame ? 0 : node.merge(before, now.data);
        [before, match] = [now.data, now.etag];
        if (isSame) return saved(now.data);
        failure.message = both
          ? 'Somebody changed this meanwhile. Both versions are below: what stands in the boxes is saved when you save again.'
          : 'Somebody changed something else here meanwhile. It is below, with your changes: save again.';
        throw failure;
      }
    },
  });
}
