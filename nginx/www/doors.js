// doors.js — the screens in front of the door: log in, sign up, accept an invitation.
import * as api from './api.js';
import {h} from './dom.js';
import {form} from './form.js';
import {loginForm, ownCode} from './login.js';
import {does} from './panes.js';
import {later} from './poll.js';
import {enter, entered, go, logIn, logOut, session, suspended as shutOut} from './session.js';
import {momentOf} from './text.js';

const username = {name: 'username', label: 'Username', autocomplete: 'username', required: true, max: 150};
const oldPassword = {
  name: 'password',
  label: 'Password',
  type: 'password',
  autocomplete: 'current-password',
  required: true,
};
const newPassword = {
  ...oldPassword,
  autocomplete: 'new-password',
  max: 128,
  note: 'At least 8 characters, and not a common one.',
};

const {href: icon} = document.querySelector('[rel=icon]');

export const door = (title, lead, ...content) =>
  h(
    'main',
    {class: 'door'},
    h('p', {class: 'brand'}, h('img', {src: icon, alt: '', width: 28, height: 28}), 'Partywall'),
    h('h1', null, title),
    lead && h('p', {class: 'lead'}, lead),
    content,
  );

/** Logs in and goes there; on the way stands what a person has to be told, or to set up first. */
async function enterWith(name, password, hash = '#/', code = undefined) {
  const show = (node) => document.querySelector('main.door').replaceWith(node);
  try {
    const me = await logIn(name, password, code);
    entered(me);
    const notice = noticeOf(me);
    if (notice) show(told(notice, hash));
    else go(hash);
  } catch (failure) {
    if (failure.code !== 'second_factor_missing') throw failure;
    show(withoutFactor({username: name, password}));
  }
}

const onward = (hash, word) => h('button', {class: 'primary', type: 'button', onclick: () => go(hash)}, word);

/** What a login tells for two weeks, each time. */
const notices = {
  second_factor_ended: [
    'Your second factor was switched off',
    'Within the last two weeks an operator has done that, or you joined a further company. Set one up again in your ' +
      'account, if you have not. If you know nothing of it, change your password.',
  ],
};

/** The one that is told once goes first: the next login tells the other. */
function noticeOf({notice, wrong_codes: wrong}) {
  if (!wrong) return notices[notice];
  const at = momentOf(wrong.last_at);
  const tried =
    wrong.count === 1
      ? `One wrong code was entered beside your password, on ${at}.`
      : `${wrong.count} wrong codes were entered beside your password, the last one on ${at}.`;
  return ['Wrong codes were entered', `${tried} If it was not you, somebody knows your password: change it.`];
}

const told = ([title, lead], hash) => door(title, lead, h('div', {class: 'actions'}, onward(hash, 'Go on')));

/** In front of a company that wants a second factor of its admins; `known`: what was typed to log in. */
export function withoutFactor(known) {
  const node = door('A second factor', 'One moment…');
  import('./factor.js').then(
    ({setUp}) =>
      node.replaceWith(
        door(
          'A second factor',
          'This company wants one of its admins. Set it up to go on.',
          setUp({known, done: () => onward(known ? '#/login' : '#/', known ? 'Log in' : 'Go on')}),
          known
            ? h(
                'div',
                {class: 'actions'},
                does('Not now', () => go('#/login')),
              )
            : h('div', {class: 'actions'}, ways()),
        ),
      ),
    () => node.replaceWith(door('A second factor', new api.Failure(0).message)),
  );
  return node;
}

/** The address that somebody asked for who has to log in first. */
const wanted = () => (/^#\/(login|signup|forgotten)/.test(location.hash) ? '#/' : location.hash || '#/');

/** Shown where the installation sends mail. */
function toForgotten() {
  const node = h('p', {class: 'aside', hidden: true}, h('a', {href: '#/forgotten'}, 'Forgot your password?'));
  api.get('auth/password-link', {anywhere: true, open: true}).then(
    ({data}) => (node.hidden = !data.by_mail),
    () => {},
  );
  return node;
}

export const login = () =>
  door(
    'Log in',
    null,
    loginForm({label: 'Log in', logIn: (name, password, code) => enterWith(name, password, wanted(), code)}),
    toForgotten(),
    h('p', {class: 'aside'}, 'New here? ', h('a', {href: '#/signup'}, 'Sign your company up')),
  );

/** A door of the e-mail address, which few open: what `show` makes of that file. */
export function ofEmail(title, show) {
  const node = door(title, 'One moment…');
  import('./email.js').then(
    (module) => node.isConnected && node.replaceWith(show(module)),
    () => node.replaceWith(door(title, new api.Failure(0).message)),
  );
  return node;
}

export const signup = () =>
  door(
    'Sign up',
    'A place for your company’s messages, behind a wall of its own.',
    form({
      label: 'Sign up',
      fields: [
        {name: 'company.name', label: 'Company', autocomplete: 'organization', required: true, max: 100, prose: true},
        {name: 'company.address', label: 'Address', autocomplete: 'street-address', max: 250, prose: true},
        {...username, name: 'user.username', label: 'Your username', note: 'Letters, digits and @ . + - _'},
        {...newPassword, name: 'user.password'},
      ],
      action: 'Sign up',
      submit: async (values) => {
        const user = {username: values['user.username'], password: values['user.password']};
        await api.call('POST', 'accounts/', {
          body: {company: {name: values['company.name'], address: values['company.address']}, user},
          anywhere: true,
          open: true,
        });
        await enterWith(user.username, user.password);
      },
    }),
    h('p', {class: 'aside'}, 'Already a member? ', h('a', {href: '#/login'}, 'Log in')),
  );

const accept = (body) => api.call('POST', 'auth/invitation/accept/', {body, anywhere: true});

/** As who is logged in; whose password an admin knows chooses a new one with it. */
function joinAs(me, token, why) {
  const node = form({
    label: 'Join',
    fields: why
      ? [
          {...oldPassword, name: 'current_password', label: 'Current password'},
          ownCode,
          {...newPassword, label: 'New password'},
        ]
      : [],
    action: `Join as ${me.user.username}`,
    submit: async (values) => {
      try {
        const {company, email} = (await accept({token, ...values})).data;
        if (!email) return await enter(company.id);
        node.closest('main').replaceWith(ofEmail('You have joined', (module) => module.joined(company, email)));
      } catch (failure) {
        if (why || !failure.errors.some(({field}) => field === 'password')) throw failure;
        node.replaceWith(h('p', {class: 'lead', role: 'alert'}, failure.message), joinAs(me, token, failure));
      }
    },
    extra: h('a', {class: 'button quiet', href: '#/'}, 'Not now'),
  });
  return node;
}

function join(token, offer) {
  if (session.me) return joinAs(session.me, token);
  return [
    form({
      label: 'Join',
      fields: [{...username, value: offer.username, readOnly: Boolean(offer.username)}, newPassword],
      action: 'Join',
      submit: async (values) => {
        await accept({token, username: values.username, password: values.password});
        await enterWith(values.username, values.password);
      },
    }),
    h(
      'details',
      null,
      h('summary', null, 'I have an account already'),
      loginForm({
        label: 'Log in with your account',
        value: offer.username,
        logIn: (name, password, code) => enterWith(name, password, `#/invitation/${token}`, code), // which asks to join
      }),
    ),
  ];
}

export function invitation(token) {
  const node = door('An invitation', 'One moment…');
  api.call('POST', 'auth/invitation/', {body: {token}, anywhere: true, open: true}).then(
    ({data}) => {
      node.replaceWith(
        door(
          `Join ${data.company}`,
          (data.person ? `You are ${data.person} there. ` : '') +
            `You are invited to work in ${data.company} as ${data.role === 'admin' ? 'an admin' : 'a member of staff'}.`,
          join(token, data),
        ),
      );
    },
    async (failure) => {
      if (failure.passes) {
        await later(failure);
        return node.isConnected && node.replaceWith(invitation(token));
      }
      node.replaceWith(
        door('An invitation', failure.message, h('p', {class: 'aside'}, h('a', {href: '#/'}, 'Go on without it'))),
      );
    },
  );
  return node;
}

/** A new password by a link, for whoever lost theirs. Nobody is logged in by it. */
export const newPasswordBy = (token) =>
  door(
    'A new password',
    'Choose one and log in with it. Wherever you are logged in now, that ends.',
    form({
      label: 'A new password',
      fields: [newPassword],
      action: 'Set the password',
      submit: async ({password}, node) => {
        const body = {token, password};
        const {data} = await api.call('POST', 'auth/password/', {body, anywhere: true, open: true});
        node.closest('main').replaceWith(
          door(
            'It is set',
            `You are ${data.username}.`,
            h('p', {class: 'aside'}, h('a', {href: '/'}, 'Log in')), // anew: whoever was here has no session now
          ),
        );
      },
    }),
    h('p', {class: 'aside'}, h('a', {href: '#/'}, 'Go on without it')),
  );

/** Until the server is there: nothing to do but to wait, which app.js does. */
export const waiting = (message) => door('One moment…', message);

/** Out of a company in front of which one is. */
const ways = (others = shutOut().others) => [
  ...others.map((each) => does(`Go to ${each.name}`, () => enter(each.company), 'primary')),
  does('Log out', logOut),
];

const reasons = {
  company_suspended: ['is suspended', 'Nobody gets in until its operator lets it go on.'],
  company_erasing: ['will be erased', 'Only its admins get in, who can keep it until its day.'],
};

/** In front of a company that has moved. No session of its is good any more, so there is one way only. */
const moved = (name, address) =>
  door(
    `${name} has moved`,
    h('span', {}, 'It is at ', h('a', {href: address}, address), ' now. Whoever runs it lets you in there.'),
    h('div', {class: 'actions'}, ways([])),
  );

/** In front of a company that lets nobody in: the ways out. */
export function suspended() {
  const {name, code, others, movedTo} = shutOut();
  if (movedTo) return moved(name, movedTo);
  const [says, until] = reasons[code];
  return door(
    `${name} ${says}`,
    `${until} What you wrote and did not send is kept here.`,
    h('div', {class: 'actions'}, ways(others)),
  );
}
