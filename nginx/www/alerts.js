// alerts.js — tells somebody who looks elsewhere that a message has come: a notification and a sound, by one tab alone, and
// not while a tab shows that conversation. live.js loads it where they want that in this browser.
import * as api from './api.js';
import {say} from './dom.js';
import {form} from './form.js';
import {part} from './panes.js';
import {place, speaks, startAlerts} from './live.js';
import {nameOf, store} from './store.js';
import {cut} from './text.js';

// ---- what they want ----

const wishes = () => JSON.parse(localStorage.getItem(place())) ?? {show: '', sound: ''};

const refused = {
  field: 'show',
  detail: 'Your browser does not allow it. Allow notifications for this site in its settings, then save again.',
};

async function save(values) {
  if (values.show && (await window.Notification?.requestPermission()) !== 'granted')
    throw new api.Failure(403, {errors: [refused]});
  if (values.sound) ring();
  localStorage.setItem(place(), JSON.stringify(values));
  startAlerts();
  say('Saved.');
}

export const page = () =>
  part(
    'In this browser',
    form({
      label: 'Notifications in this browser',
      fields: [
        {
          name: 'show',
          label: 'When a message comes and you do not have it before you, show',
          value: wishes().show,
          options: [
            ['', 'Nothing'],
            ['words', 'Who wrote, and the first words'],
            ['bare', 'Only that there is one'],
          ],
        },
        {
          name: 'sound',
          label: 'Sound',
          value: wishes().sound,
          options: [
            ['', 'None'],
            ['tone', 'A short tone'],
          ],
        },
      ],
      action: 'Save',
      submit: save,
    }),
  );

// ---- which conversation a tab shows ----

const sight = (other) => `pw:sight/${other}`;
let seen = '',
  turn = 0,
  release = () => {};

/** Others see it by a lock, which goes with the tab. */
function look() {
  const [, section, what = ''] = location.hash.split('/');
  const other = document.hidden || section !== 'messages' ? '' : what.split('@')[0];
  if (other === seen) return;
  seen = other;
  release();
  const mine = ++turn;
  if (other)
    navigator.locks?.request(sight(other), {mode: 'shared'}, () => {
      return mine === turn && new Promise((resolve) => (release = resolve));
    });
}

const isSeen = async (other) => (await navigator.locks?.query())?.held.some(({name}) => name === sight(other));

// ---- the notification and the sound ----

let audio;
/** A short tone, which fades. Before the first click here the browser plays none. */
function ring() {
  audio ??= new AudioContext();
  audio.resume();
  const [tone, gain] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.value = 660;
  gain.gain.setValueAtTime(0.15, audio.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.3);
  tone.connect(gain).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.3);
}

function notify({id, other, text}, isBare) {
  const title = isBare ? 'Partywall' : nameOf(other);
  const shown = new Notification(title, {body: isBare ? 'A new message' : cut(text, 100), tag: id});
  shown.onclick = () => {
    shown.close();
    window.focus();
    location.hash = `#/messages/${other}`;
  };
}

const most = 3; // of those that came together, which may have come over a night

async function arrived({detail}) {
  const {show, sound} = wishes();
  if (!speaks() || !(show || sound)) return;
  let isHeard = false;
  for (const message of detail.slice(-most)) {
    if (await isSeen(message.other)) continue;
    if (sound && !isHeard) ring();
    isHeard = true;
    try {
      if (show) notify(message, show === 'bare');
    } catch {
      /* where only a service worker may */
    }
  }
}

document.addEventListener('visibilitychange', look);
window.addEventListener('hashchange', look);
look();
store.addEventListener('arrived', arrived);
