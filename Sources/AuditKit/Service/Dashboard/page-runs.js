// All runs, newest first, kept current; two of them can be compared, and a scan submitted.

import { get, link, withQuery } from './api.js';
import { name, visible } from './caption.js';
import { element, fill, row, table } from './dom.js';
import { isActive, poll } from './live.js';
import { showTrouble } from './messages.js';
import { ProgressLine, stateMark } from './run-parts.js';
import { submitForm } from './submit-form.js';
import { between, count, counted, decimal, estimated, interval, moment, share } from './text.js';

const PAGE = 100;
const LARGEST_PAGE = 1000;
const COLUMNS = [
  { title: 'Compare' }, { title: 'Run and crawl', head: true }, { title: 'State' }, { title: 'Method' },
  { title: 'Pairs', number: true }, { title: 'Started' }, { title: 'Took', number: true },
  { title: 'Alignment', number: true }, { title: 'Safe set', number: true }, { title: 'Mismatched', number: true },
];

export function runsPage(_, signal) {
  const list = new RunList(signal);
  return {
    title: 'Runs', trail: [element('span', { 'aria-current': 'page' }, 'Runs')],
    body: [submitForm(), element('div', { class: 'line' }, list.status, list.compare), list.table, list.end],
    ready: list.start(),
  };
}

class RunList {
  status = element('p', { class: 'dim' });
  compare = element('button', { type: 'button', disabled: true, onclick: () => this.#compare() }, 'Compare two runs');
  table = table('Runs', COLUMNS, [], { cards: true });
  #older = element('button', { type: 'button', hidden: true, onclick: () => this.#more() }, 'Load more');
  end = element('div', { class: 'end' }, this.#older);
  #rows = new Map();
  #chosen = [];
  #limit = PAGE;

  constructor(signal) {
    this.signal = signal;
    this.table.classList.add('runs');
  }

  async start() {
    await this.#load();
    poll(() => this.#load(), this.signal);
  }

  async #load() {
    const { runs, next } = await get(withQuery('/v1/runs', { limit: this.#limit }), this.signal);
    const nodes = runs.map((run) => this.#rowOf(run));
    const body = this.table.tBodies[0];
    // Rows that stay in place keep the focus and the choice of whoever is in them.
    const isSame = nodes.length === body.rows.length && nodes.every((node, place) => node === body.rows[place]);
    if (!isSame) fill(body, ...nodes);
    this.status.textContent = statusOf(runs, next);
    this.table.hidden = this.compare.hidden = runs.length === 0;
    this.#older.hidden = !next || this.#limit === LARGEST_PAGE;
  }

  async #more() {
    this.#limit = Math.min(LARGEST_PAGE, this.#limit * 2);
    try {
      await this.#load();
    } catch (error) {
      showTrouble(error.message);
    }
  }

  #rowOf(run) {
    let kept = this.#rows.get(run.id);
    if (!kept) this.#rows.set(run.id, kept = this.#newRow(run));
    const json = JSON.stringify(run);
    if (kept.json !== json) kept.show(run);
    kept.json = json;
    return kept.node;
  }

  #newRow(run) {
    const onchange = () => this.#choose(run.id, box.checked);
    const box = element('input', { type: 'checkbox', 'aria-label': `Compare ${run.id}`, onchange });
    const progress = new ProgressLine({ short: true });
    const state = element('div');
    const crawl = element('div', { class: 'crawl' }, name(run.crawl, 120));
    const title = [element('a', { href: link('runs', run.id) }, run.id), crawl];
    const node = row(COLUMNS, [box, title, [state, progress.node], ...COLUMNS.slice(3).map(() => '')]);
    const show = (now) => {
      fill(state, stateMark(now), now.error && element('div', { class: 'error' }, ...visible(now.error.slice(0, 200))));
      progress.show(now.state === 'running' ? now.progress : undefined);
      valuesOf(now).forEach((value, place) => fill(node.cells[place + 3], value));
    };
    return { node, show };
  }

  #choose(run, isChosen) {
    this.#chosen = this.#chosen.filter((other) => other !== run);
    if (isChosen) this.#chosen.push(run);
    this.compare.disabled = this.#chosen.length !== 2;
    this.compare.textContent = this.compare.disabled ? 'Compare two runs' : `Compare ${this.#chosen.join(' with ')}`;
  }

  #compare() {
    location.hash = link('runs', this.#chosen[0], 'compare', this.#chosen[1]);
  }
}

function statusOf(runs, next) {
  if (!runs.length) return 'No runs yet.';
  const active = runs.filter(isActive).length;
  return `${counted(runs.length, next ? 'newest run' : 'run')}${active ? `, ${count(active)} not finished yet` : ''}`;
}

/** The estimate as the run's own page says it. */
function mismatched(run) {
  const estimate = { value: run.mismatchRate, low: run.mismatchRateLow, high: run.mismatchRateHigh };
  return element('span', { title: `95 % interval: ${interval(estimate)}` }, estimated(estimate));
}

/** What the columns after the state show. */
function valuesOf(run) {
  const known = (value, format) => (value === undefined ? '' : format(value));
  return [
    run.preset ? [run.method, element('div', { class: 'dim' }, name(run.preset, 40))] : run.method,
    run.pairs ? count(run.pairs) : '',
    run.startedAt ? element('time', { dateTime: run.startedAt }, moment(run.startedAt)) : '',
    between(run.startedAt, run.finishedAt) ?? '',
    known(run.alignment, decimal), known(run.safeShare, share),
    known(run.mismatchRate, () => mismatched(run)),
  ];
}
