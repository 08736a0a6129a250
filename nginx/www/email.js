// email.js — one's e-mail address: in the account, the link that shows that it is one's own, and a link for a new
// password that is sent there.
import * as api from './api.js';
import {door} from './doors.js';
import {h, say} from './dom.js';
import {form} from './form.js';
import {ownCode} from './login.js';
import {does, part, reloaded} from './panes.js';
import {enter} from './session.js';

const address = {
  name: 'email',
  label: 'E-mail address',
  type: 'email',
  autocomplete: 'email',
  required: true,
  max: 254,
};
const own = {
  name: 'current_password',
  label: 'Password',
  type: 'password',
  autocomplete: 'current-password',
  required: true,
};

/** Of an address that somebody else may have set, who knew the password once. */
export const linksGoTo = (email) =>
  `Links for a new password of yours go to ${email}. If that is not you, remove it in your account, under “E-mail”.`;

/** In front of a further company. */
export const joined = (company, email) =>
  door(
    `You have joined ${company.name}`,
    linksGoTo(email),
    h(
      'div',
      {class: 'actions'},
      does('Go on', () => enter(company.id), 'primary'),
    ),
  );

const load = async () => {
  const [{data: mine}, {data: way}] = await Promise.all([api.get('auth/email'), api.get('auth/password-link')]);
  return {...mine, ...way};
};

const change = ({email, new_email: wanted}, reload) => [
  h('p', {class: 'lead'}, email ? `It is ${email}.` : 'You have none here.'),
  wanted && h('p', {class: 'note'}, `A link was sent to ${wanted}. Open it here within the hour.`),
  form({
    label: 'Your e-mail address',
    fields: [{...address, label: email ? 'Another address' : address.label}, own, ownCode],
    action: 'Send a link to it',
    submit: async (body) => {
      await api.call('PUT', 'auth/email', {body});
      say('A link is on its way.');
      reload();
    },
  }),
];

const remove = (reload) =>
  part(
    'Have none any more',
    form({
      label: 'Have none any more',
      fields: [own, ownCode],
      action: 'Remove it',
      quiet: true,
      submit: async (body) => {
        await api.call('DELETE', 'auth/email', {body});
        say('Removed.');
        reload();
      },
    }),
  );

/** The page of the account. */
export const page = () =>
  reloaded(load, (mine, reload) => [
    part(
      'Your e-mail address',
      h('p', {class: 'note'}, 'If you lose your password, a link to choose a new one can be sent to it.'),
      mine.by_mail ? change(mine, reload) : h('p', {class: 'lead'}, 'This installation sends no mail.'),
    ),
    (mine.email || mine.new_email) && remove(reload),
  ]);

/** The link that was sent to an address was opened, where its person is logged in. */
export const confirmed = (token) =>
  door(
    'Your e-mail address',
    'Confirm that it is yours.',
    form({
      label: 'Your e-mail address',
      fields: [],
      action: 'Confirm it',
      submit: async (values, node) => {
        const {data} = await api.call('POST', 'auth/email/verify/', {body: {token}, anywhere: true});
        node
          .closest('main')
          .replaceWith(door('It is confirmed', `${data.email} is yours.`, h('p', {class: 'aside'}, goOn())));
      },
    }),
    h('p', {class: 'aside'}, goOn()),
  );

const goOn = () => h('a', {href: '#/'}, 'Go on');

/** Whoever lost the password has a link sent. */
export const forgotten = () =>
  door(
    'Forgot your password?',
    'If somebody here has the address, a link to choose a new one is sent to it.',
    form({
      label: 'Forgot your password?',
      fields: [address],
      action: 'Send the link',
      submit: async (body, node) => {
        await api.call('POST', 'auth/password-link/mail/', {body, anywhere: true, open: true});
        node
          .closest('main')
          .replaceWith(
            door(
              'Look into your mail',
              `If somebody here has ${body.email}, a link is on its way. It is good for an hour.`,
              h('p', {class: 'aside'}, h('a', {href: '#/login'}, 'Log in')),
            ),
          );
      },
    }),
    h('p', {class: 'aside'}, h('a', {href: '#/login'}, 'Log in')),
  );
