// What the page says to its reader: announcements, troubles, errors with a way to try again.

import { element, fill } from './dom.js';

/** Says something to users of screen readers without moving their focus. */
export function announce(text) {
  const announcer = document.getElementById('announcer');
  // The same text twice would not be read again.
  announcer.textContent = announcer.textContent === text ? `${text}\u00a0` : text;
}

/** An error with a button that tries again. */
export function problem(error, retry) {
  return element('div', { class: 'problem', role: 'alert' },
    element('p', {}, error.message),
    retry && element('button', { type: 'button', onclick: retry }, 'Try again'));
}

let lasting;
let timer;

/** Shows a trouble that passes by itself, at the window's lower edge. */
export function showTrouble(text, { seconds } = {}) {
  lasting ??= document.body.appendChild(element('div', { class: 'trouble', role: 'alert' }));
  clearTimeout(timer);
  const hide = element('button', { type: 'button', class: 'quiet', onclick: hideTrouble }, 'Dismiss');
  // Rewritten only when it changes: an alert is read aloud each time.
  if (lasting.dataset.text !== text) fill(lasting, element('span', {}, text), hide);
  lasting.dataset.text = text;
  lasting.hidden = false;
  if (seconds) timer = setTimeout(hideTrouble, seconds * 1000);
}

export function hideTrouble() {
  if (!lasting || lasting.hidden) return;
  lasting.hidden = true;
  lasting.dataset.text = '';
}
