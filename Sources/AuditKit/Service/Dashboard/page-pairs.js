// The pairs of a run, riskiest first, filtered, searched and reviewed.

import { get, link, pairLink, runPath, withQuery } from './api.js';
import { caption, name } from './caption.js';
import { element, fill, row, table } from './dom.js';
import { keysButton, listenForKeys } from './keyboard.js';
import { isSame, keepList, listAt } from './last-list.js';
import { problem } from './messages.js';
import { filterForm } from './pair-filters.js';
import { safeMark, thumbnail } from './pair-parts.js';
import { Decisions, VERDICTS, verdictButtons } from './review.js';
import { count, counted, decimal, risk } from './text.js';
import { runTrail } from './trail.js';

const PAGE = 50;
const COLUMNS = [
  { title: 'Image' }, { title: 'Caption and key' }, { title: 'Rank', number: true }, { title: 'Risk', number: true },
  { title: 'Similarity', number: true }, { title: 'Safe set' }, { title: 'Verdict' },
];

export function pairsPage({ parts: [, run], query }, signal) {
  const list = new PairList(run, signal);
  const filters = filterForm(query, (values) => {
    history.replaceState(null, '', withQuery(link('runs', run, 'pairs'), values));
    list.load(values);
  }, signal);
  const keys = listenForKeys([
    { keys: ['j', 'ArrowDown'], says: 'Next pair', does: () => list.move(1), repeats: true },
    { keys: ['k', 'ArrowUp'], says: 'Previous pair', does: () => list.move(-1), repeats: true },
    ...VERDICTS.map(({ verdict, key }) => ({
      keys: [key], says: `Call it ${verdict}, and go on`, does: () => list.judge(verdict) })),
    { keys: ['x', 'Backspace'], says: 'Take the verdict back', does: () => list.judge(undefined) },
    { keys: ['o', 'Enter'], says: "Open the pair's page", does: () => list.open() },
    { keys: ['/'], says: 'Search', does: () => filters.search.focus() },
  ], signal);
  filters.search.addEventListener('keydown', (event) => { if (event.key === 'Escape') list.move(0); });
  return {
    title: `Pairs of ${run}`, trail: runTrail(run, 'Pairs'),
    body: [filters.form, element('div', { class: 'line' }, list.status, keysButton(keys)), list.table, list.end],
    ready: list.load(filters.values(), listAt(location.hash)),
  };
}

class PairList {
  status = element('p', { class: 'dim', role: 'status' });
  table = table('Pairs', COLUMNS, [], { cards: true });
  end = element('div', { class: 'end' });
  #rows = this.table.tBodies[0];
  #pairs = [];
  #drawn = new WeakMap();
  #selected = -1;
  #next;
  #filter;
  #loading = new AbortController();

  constructor(run, signal) {
    this.run = run;
    this.decisions = new Decisions(run);
    this.table.classList.add('pairs');
    signal.addEventListener('abort', () => this.#loading.abort());
  }

  /** Loads the first pairs that fit; as many as `before` if the list was seen before. */
  async load(filter, before) {
    this.#filter = filter;
    this.#next = undefined;
    this.table.setAttribute('aria-busy', 'true');
    const limit = Math.min(1000, Math.max(PAGE, before?.length ?? 0));
    const page = await this.#fetch({ limit }, () => this.load(filter, before));
    if (!page) return;
    this.#pairs = [];
    this.#selected = -1;
    fill(this.#rows);
    this.#add(page);
    const place = Math.max(0, this.#pairs.findIndex((pair) => isSame(pair, before?.selected)));
    if (this.#pairs.length) this.#select(place, { scrolls: place > 0 });
  }

  async #loadMore() {
    if (!this.#next) return;
    const after = this.#next;
    const page = await this.#fetch({ limit: PAGE, after }, () => this.#loadMore());
    if (page) this.#add(page);
  }

  /** A page of pairs; nothing where a newer request came between or an error is shown instead. */
  async #fetch(query, retry) {
    this.#loading.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    const { order, ...others } = this.#filter;
    const path = withQuery(runPath(this.run, 'pairs'), { order: order || 'risk', reasons: true, ...others, ...query });
    try {
      return await get(path, signal);
    } catch (error) {
      if (!signal.aborted && error.status !== 401) this.#fail(error, retry, query.after === undefined);
      return undefined;
    } finally {
      if (!signal.aborted) this.table.removeAttribute('aria-busy');
    }
  }

  /** Shows an error; in place of the pairs where these were of another question. */
  #fail(error, retry, isNewList) {
    if (isNewList) {
      this.#pairs = [];
      this.#selected = -1;
      fill(this.#rows);
      this.status.textContent = '';
    }
    fill(this.end, problem(error, retry));
  }

  #add({ pairs, next }) {
    this.#next = next;
    this.#pairs.push(...pairs);
    this.#rows.append(...pairs.map((pair) => this.#row(pair)));
    const shown = this.#pairs.length;
    this.status.textContent = shown === 0 ? 'No pair fits.'
      : `${counted(shown, 'pair')}${next ? ' shown, more follow' : ', all that fit'}`;
    fill(this.end, next && element('button', { type: 'button', onclick: () => this.#loadMore() }, 'Load more'));
    this.#keep();
  }

  #row(pair) {
    const verdict = verdictButtons(pair, (chosen) => this.#decide(pair, chosen));
    this.#drawn.set(pair, verdict.redraw);
    const node = row(COLUMNS, [
      thumbnail(this.run, pair, 128),
      element('div', { class: 'words' },
        caption(pair.caption), element('a', { class: 'key', href: pairLink(this.run, pair) }, name(pair.key)),
        pair.reasons?.length > 0 && element('p', { class: 'why dim' }, pair.reasons.join(' · '))),
      pair.rank === undefined ? '' : count(pair.rank), risk(pair.risk),
      pair.similarity === undefined ? '' : decimal(pair.similarity), safeMark(pair.safe), verdict.node,
    ]);
    node.tabIndex = -1;
    node.addEventListener('click', () => this.#select(this.#pairs.indexOf(pair)));
    return node;
  }

  #select(place, { scrolls = false, focuses = false } = {}) {
    this.#rows.rows[this.#selected]?.removeAttribute('aria-current');
    this.#selected = place;
    const node = this.#rows.rows[place];
    node.setAttribute('aria-current', 'true');
    if (focuses) node.focus({ preventScroll: true });
    if (scrolls || focuses) node.scrollIntoView({ block: 'nearest' });
    this.#keep();
  }

  #keep() {
    keepList(location.hash, this.run, this.#pairs, this.#pairs[this.#selected]);
  }

  /** Moves the selection; at the end more pairs are loaded first. */
  async move(steps) {
    const wanted = Math.max(0, this.#selected + steps);
    if (wanted >= this.#pairs.length && this.#next) await this.#loadMore();
    const place = Math.min(wanted, this.#pairs.length - 1);
    if (place >= 0) this.#select(place, { focuses: true });
  }

  /** Gives the selected pair a verdict and goes on to the next, or takes its verdict back. */
  judge(verdict) {
    const pair = this.#pairs[this.#selected];
    if (!pair) return;
    this.#decide(pair, verdict);
    if (verdict) this.move(1);
  }

  #decide(pair, verdict) {
    this.decisions.decide(pair, verdict, this.#drawn.get(pair));
  }

  open() {
    const pair = this.#pairs[this.#selected];
    if (pair) location.hash = pairLink(this.run, pair);
  }
}
