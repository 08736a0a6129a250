// factor.js — a second factor: setting one up, in the account or at the door, new recovery codes, and switching it off.
import * as api from './api.js';
import {h} from './dom.js';
import {form} from './form.js';
import {anyCode, code, password} from './login.js';
import {loaded, part, secret} from './panes.js';

const appCode = {...code, inputmode: 'numeric', note: 'The six digits that the app shows now. Each is good once.'};

const post = async (path, body) =>
  (await api.call('POST', `auth/second-factor/${path}/`, {body, anywhere: true, open: true})).data;

const recoveryCodes = ({recovery_codes: codes}, ...more) => [
  h('p', {class: 'lead'}, 'Each of these opens your account once in place of a code of the app. Keep them elsewhere.'),
  secret('Recovery codes', codes.map((each) => each.code).join(' ')),
  ...more,
];

/** In three steps, each in the place of the one before. `known`: what was typed at the door, {username, password}. */
export function setUp({known, done}) {
  const place = h('div');
  const show = (...nodes) => {
    place.replaceChildren(...nodes.flat());
    place.querySelector('input')?.focus();
  };
  const confirm = (who, made) =>
    show(
      h('p', {class: 'lead'}, 'Give this to an app that makes codes, then enter the code that it shows.'),
      secret('Secret', made.secret),
      h('p', null, h('a', {href: made.uri}, 'Open it in an app on this device')),
      form({
        label: 'The first code',
        fields: [appCode],
        action: 'Switch it on',
        submit: async (values) =>
          show(recoveryCodes(await post('confirm', {...who, ...values}), h('div', {class: 'actions'}, done()))),
      }),
    );
  const begin = async (who) => confirm(who, await post('set-up', who));
  show(
    form({
      label: 'Set a second factor up',
      fields: known ? [] : [password],
      action: 'Set it up',
      submit: (values) => begin({...known, ...values}),
    }),
  );
  return place;
}

const renew = () => {
  const made = h('div');
  return part(
    'New recovery codes',
    made,
    form({
      label: 'New recovery codes',
      fields: [password, anyCode],
      action: 'Make new ones',
      submit: async (values, node) => {
        made.replaceChildren(...recoveryCodes(await post('recovery-codes', values)));
        node.reset();
      },
    }),
  );
};

const changed = () => window.dispatchEvent(new CustomEvent('reopen', {detail: '#/settings/factor'}));

/** The page of the account. */
export const page = () =>
  loaded(
    () => api.get('auth/second-factor'),
    ({data}) =>
      data.on
        ? [
            part(
              'It is on',
              h('p', {class: 'lead'}, `Recovery codes that are left: ${data.recovery_codes_left}.`),
              form({
                label: 'Switch it off',
                fields: [password, anyCode],
                action: 'Switch it off',
                submit: async (values) => {
                  await post('off', values);
                  changed();
                },
              }),
            ),
            renew(),
          ]
        : part(
            'It is off',
            h(
              'p',
              {class: 'lead'},
              'Whoever knows your password alone does not get in: each login asks for a code of an app, too. Your other sessions end with it.',
            ),
            setUp({done: () => h('button', {class: 'primary', type: 'button', onclick: changed}, 'I have kept them')}),
          ),
  );
