// Reviewers' verdicts: shown at once, sent one after another, taken back where auditd refuses them.

import { pairPath, send } from './api.js';
import { element, fill } from './dom.js';
import { remember, remembered } from './memory.js';
import { announce, showTrouble } from './messages.js';
import { count, moment } from './text.js';
import { visible } from './caption.js';

/** The verdicts and their keys. */
export const VERDICTS = [
  { verdict: 'poison', key: 'p', title: 'Poison' },
  { verdict: 'clean', key: 'c', title: 'Clean' },
  { verdict: 'unsure', key: 'u', title: 'Unsure' },
];

export class Decisions {
  #run;
  // One request at a time, so that of two verdicts on a pair the later one is kept.
  #queue = Promise.resolve();
  #kept = new WeakMap();
  #latest = new WeakMap();

  constructor(run) {
    this.#run = run;
  }

  /** Gives `pair` a verdict, or none; `redraw` is called whenever what is to be shown of it changes. */
  decide(pair, verdict, redraw, note = pair.verdict?.note) {
    if (!this.#kept.has(pair)) this.#kept.set(pair, pair.verdict);
    const decision = verdict && { verdict, note: note || undefined, reviewer: remembered('reviewer') || undefined };
    this.#latest.set(pair, decision);
    pair.verdict = decision && { ...decision, decidedAt: new Date().toISOString() };
    redraw();
    announce(decision ? `${nameOf(pair)}: ${verdict}` : `${nameOf(pair)}: verdict taken back`);
    this.#queue = this.#queue.then(() => this.#send(pair, decision, redraw));
    return this.#queue;
  }

  async #send(pair, decision, redraw) {
    const isLatest = () => this.#latest.get(pair) === decision;
    const path = pairPath(this.#run, pair, 'verdict');
    try {
      const answer = decision ? await send('PUT', path, decision) : await send('DELETE', path);
      this.#kept.set(pair, answer);
      if (isLatest()) pair.verdict = answer;
    } catch (error) {
      if (isLatest()) pair.verdict = this.#kept.get(pair);
      showTrouble(`The verdict on ${nameOf(pair)} was not kept. ${error.message}`);
    }
    redraw();
  }
}

function nameOf(pair) {
  return pair.rank === undefined ? `pair ${count(pair.ordinal)}` : `rank ${count(pair.rank)}`;
}

/**
 * Buttons for a pair's verdict, with a function that draws them anew. `decide` gets a verdict, or none to take it back.
 */
export function verdictButtons(pair, decide) {
  // A list has many of these: each says which pair it judges.
  const subject = pair.key.slice(0, 100);
  const buttons = VERDICTS.map(({ verdict, title, key }) => element('button', {
    type: 'button', title: `${title} (${key})`, 'aria-label': `${title}: ${subject}`, data: { verdict },
    onclick: () => decide(pair.verdict?.verdict === verdict ? undefined : verdict),
  }, title));
  const note = element('div', { class: 'verdictNote' });
  const node = element('div', { class: 'verdict' },
    element('div', { class: 'choice', role: 'group', 'aria-label': `Verdict on ${subject}` }, buttons), note);
  const redraw = () => {
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.dataset.verdict === pair.verdict?.verdict));
    }
    fill(note, decidedBy(pair.verdict));
  };
  redraw();
  return { node, redraw };
}

/** Who decided and when. */
function decidedBy(verdict) {
  if (!verdict) return [];
  const time = element('time', { dateTime: verdict.decidedAt }, moment(verdict.decidedAt));
  return verdict.reviewer ? [element('bdi', {}, ...visible(verdict.reviewer)), ', ', time] : [time];
}

/** The field for the reviewer's name, which goes with each verdict. */
export function reviewerField() {
  const input = element('input', {
    id: 'reviewer', maxLength: 200, value: remembered('reviewer'), autocomplete: 'name', placeholder: 'optional',
    oninput: () => remember('reviewer', input.value.trim()),
  });
  return element('div', { class: 'field' }, element('label', { htmlFor: 'reviewer' }, 'Reviewer'), input);
}
