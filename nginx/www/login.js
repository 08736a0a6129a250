// login.js — the form that logs in: name and password, and a code where somebody has a second factor.
import {form} from './form.js';

const name = {name: 'username', label: 'Username', autocomplete: 'username', required: true, max: 150};
export const password = {
  name: 'password',
  label: 'Password',
  type: 'password',
  autocomplete: 'current-password',
  required: true,
};
export const code = {name: 'code', label: 'Code', autocomplete: 'one-time-code', required: true, max: 48};
export const anyCode = {...code, note: 'Six digits of your app, or a recovery code.'};
/** Beside the password, where somebody may have a second factor. */
export const ownCode = {...code, required: false, note: 'Of your second factor, if you have one.'};

/**
 * A form that logs in. logIn(username, password, code) does it, and may throw; whoever has a second factor is asked for
 * a code, and what they typed before is kept until then.
 */
export function loginForm({label, value, extra, logIn}) {
  const ask = (known) =>
    form({
      label,
      fields: known ? [anyCode] : [{...name, value}, password],
      action: 'Log in',
      submit: async (values, node) => {
        const all = {...known, ...values};
        try {
          await logIn(all.username, all.password, all.code);
        } catch (failure) {
          if (known || failure.code !== 'second_factor_required') throw failure;
          const next = ask(values);
          node.replaceWith(next);
          next.querySelector('input').focus();
        }
      },
      extra,
    });
  return ask();
}
