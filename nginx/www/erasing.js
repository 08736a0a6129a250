// erasing.js — erasing a company, or one's own account; and what an admin finds until the company's day has come.
import * as api from './api.js';
import {h} from './dom.js';
import {door} from './doors.js';
import {form} from './form.js';
import {ownCode} from './login.js';
import {does, part} from './panes.js';
import {end, enter, eraseAt, go, logOut, session} from './session.js';
import {fullDayOf} from './text.js';

const password = {
  name: 'current_password',
  label: 'Your password',
  type: 'password',
  autocomplete: 'current-password',
  required: true,
};

export const companyForm = () =>
  part(
    'Erase the company',
    h(
      'p',
      {class: 'lead'},
      'Everybody is logged out at once. For 30 days admins can log in to keep the company; then all of it is deleted.',
    ),
    form({
      label: 'Erase the company',
      fields: [{name: 'name', label: 'The company’s name', required: true, max: 100, prose: true}, password, ownCode],
      action: 'Erase the company',
      submit: (body) => end('DELETE', 'accounts/company', {body, anywhere: false}),
    }),
  );

export const accountForm = () =>
  part(
    'Erase your account',
    h(
      'p',
      {class: 'lead'},
      'You lose your place in all your companies at once, for good. What you wrote stays with those you wrote to.',
    ),
    form({
      label: 'Erase your account',
      fields: [
        password,
        ownCode,
        {
          name: 'name',
          label: 'Your name',
          options: [
            ['keep', 'Stays beside what I wrote'],
            ['forget', 'Goes: I become a “former colleague”'],
          ],
          value: 'keep',
        },
      ],
      action: 'Erase your account',
      submit: (body) => end('DELETE', 'auth/me', {body}),
    }),
  );

/** In front of a company that an admin may keep, and nothing else. */
export function erasing() {
  const {company, memberships} = session.me;
  const others = memberships.filter((each) => each.company !== company.id);
  return door(
    `${company.name} will be erased`,
    `On ${fullDayOf(eraseAt())}. Until then its admins can keep it, and nobody else gets in.`,
    h(
      'div',
      {class: 'actions'},
      does(
        `Keep ${company.name}`,
        async () => {
          await api.call('DELETE', 'accounts/company/erasure');
          go('#/');
        },
        'primary',
      ),
      h('a', {class: 'button', href: '/api/v2/exports/'}, 'Export it'),
      others.map((each) => does(`Go to ${each.name}`, () => enter(each.company))),
      does('Log out', logOut),
    ),
  );
}
