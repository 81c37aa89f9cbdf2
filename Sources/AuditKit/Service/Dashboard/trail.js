// The way back from a run's pages, and between them.

import { link } from './api.js';
import { element } from './dom.js';

const PAGES = [['Overview', []], ['Pairs', ['pairs']], ['Rejected', ['rejected']]];

/** Links to all runs and to the run's pages; `current` is marked, as a page or, with `isPart`, as what holds it. */
export function runTrail(run, current, { isPart = false } = {}) {
  return [
    element('a', { href: '#/' }, 'Runs'),
    element('span', { class: 'run' }, run),
    ...PAGES.map(([title, parts]) => element('a', {
      href: link('runs', run, ...parts), 'aria-current': title === current ? (isPart ? 'true' : 'page') : undefined,
    }, title)),
  ];
}
