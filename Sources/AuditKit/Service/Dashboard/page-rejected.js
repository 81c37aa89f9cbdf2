// What could not become a pair, and why.

import { get, link, runPath, withQuery } from './api.js';
import { name, visible } from './caption.js';
import { element, fill, row, table } from './dom.js';
import { problem } from './messages.js';
import { count, words } from './text.js';
import { runTrail } from './trail.js';

const PAGE = 100;
const COLUMNS = [{ title: 'Reason' }, { title: 'Source' }, { title: 'At byte', number: true }, { title: 'What' }];

export function rejectedPage({ parts: [, run], query }, signal) {
  const reason = query.get('reason') ?? undefined;
  const reasons = element('nav', { class: 'reasons', 'aria-label': 'Reasons' });
  const list = table('Rejected pieces', COLUMNS, [], { cards: true });
  const end = element('div', { class: 'end' });
  list.hidden = true;
  const fetchPage = (after) => get(withQuery(runPath(run, 'rejected'), { reason, limit: PAGE, after }), signal);

  function add({ rejected, next }) {
    list.hidden = list.tBodies[0].rows.length + rejected.length === 0;
    list.tBodies[0].append(...rejected.map((piece) => row(COLUMNS, [
      words(piece.reason), name(piece.source), piece.offset === undefined ? '' : count(piece.offset),
      visible(piece.message),
    ])));
    const more = async () => {
      try {
        add(await fetchPage(next));
      } catch (error) {
        if (!signal.aborted && error.status !== 401) fill(end, problem(error, more));
      }
    };
    fill(end, next && element('button', { type: 'button', onclick: more }, 'Load more'));
  }

  async function load() {
    const page = await fetchPage();
    fill(reasons, ...reasonLinks(run, page.counts, reason));
    add(page);
  }

  return { title: `Rejected in ${run}`, trail: runTrail(run, 'Rejected'), body: [reasons, list, end], ready: load() };
}

/** Each reason with its count, as a link that filters by it. */
function reasonLinks(run, counts, chosen) {
  const total = counts.reduce((sum, { count: number }) => sum + number, 0);
  if (total === 0) {
    return [element('p', { class: 'dim' }, 'Nothing was rejected: every piece of the crawl became a pair.')];
  }
  const address = link('runs', run, 'rejected');
  const item = (text, number, reason) => element('a', {
    href: withQuery(address, { reason }), 'aria-current': reason === chosen ? 'true' : undefined,
  }, `${text} `, element('span', { class: 'number' }, count(number)));
  return [item('All', total, undefined),
    ...counts.map(({ reason, count: number }) => item(words(reason), number, reason))];
}
