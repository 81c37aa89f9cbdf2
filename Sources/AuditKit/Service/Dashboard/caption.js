// Text from a crawl, made fit to be looked at: nothing in it can reorder the page, hide or fill it.

import { element } from './dom.js';
import { count } from './text.js';

// Controls, formats, line separators and all that Unicode lets a browser draw as nothing.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
// Emoji and many scripts need joiners and variation selectors; between ASCII letters they only hide something.
const NEEDED = /[\u200c\u200d\ufe00-\ufe0f]/u;
const SHORT = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' };

/** `text` with unseen characters written out as marks. */
export function visible(text) {
  const nodes = [];
  let begin = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (NEEDED.test(match[0]) && isAmongOthers(text, match.index)) continue;
    if (match.index > begin) nodes.push(text.slice(begin, match.index));
    nodes.push(mark(match[0]));
    begin = match.index + match[0].length;
  }
  if (begin < text.length) nodes.push(text.slice(begin));
  return nodes;
}

function isAmongOthers(text, place) {
  return text.charCodeAt(place - 1) > 0x7f && (text[place] > '\ufdff' || text.charCodeAt(place + 1) > 0x7f);
}

function mark(character) {
  const value = character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
  return element('span', { class: 'mark', title: `Character U+${value}`, data: { code: value } },
    SHORT[character] ?? `U+${value}`);
}

/** A caption, in its own direction. */
export function caption(text, limit = 280) {
  if (text === '') return element('span', { class: 'dim' }, 'empty');
  return cut(text, limit, element('bdi', { class: 'caption', dir: 'auto' }));
}

/** A key or a file's name: fixed width, breakable anywhere. */
export function name(text, limit = 200) {
  return cut(text, limit, element('bdi', { class: 'name', dir: 'ltr' }));
}

/**
 * Of a text longer than `limit` only the beginning is put into the page, with a button for the rest: a caption may
 * have a mebibyte.
 */
function cut(text, limit, body) {
  const isLong = text.length > limit * 1.2;
  const show = (isWhole) => {
    body.replaceChildren(...(isWhole ? visible(text) : [...visible(beginning(text, limit)), '…']));
  };
  show(!isLong);
  if (!isLong) return body;
  const all = `all ${count(text.length)} characters`;
  const button = element('button', { type: 'button', class: 'inline', 'aria-expanded': 'false' }, all);
  button.addEventListener('click', () => {
    const opens = button.getAttribute('aria-expanded') === 'false';
    show(opens);
    button.setAttribute('aria-expanded', String(opens));
    button.textContent = opens ? 'less' : all;
  });
  return element('span', {}, body, ' ', button);
}

function beginning(text, limit) {
  const isInsidePair = /[\ud800-\udbff]/.test(text[limit - 1]);
  return text.slice(0, isInsidePair ? limit - 1 : limit);
}
