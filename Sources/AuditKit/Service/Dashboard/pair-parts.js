// What several pages show of a pair.

import { thumbnailPath } from './api.js';
import { element, fill } from './dom.js';

/** A pair's image, or words in its place where there is none to be had. */
export function thumbnail(run, pair, edge) {
  const image = element('img', {
    loading: 'lazy', decoding: 'async', src: thumbnailPath(run, pair, edge), alt: `Image of ${pair.key.slice(0, 100)}`,
  });
  const frame = element('div', { class: 'thumbnail' }, image);
  image.addEventListener('error', () => fill(frame, element('span', { class: 'dim' }, 'no image')));
  return frame;
}

/** Whether a pair is in the safe set, in a word. */
export function safeMark(safe) {
  if (safe === undefined) return '';
  return element('span', { class: safe ? 'safe' : 'dim' }, safe ? 'safe' : 'no');
}
