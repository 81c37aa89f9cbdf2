// What several pages show of a run.

import { element, fill } from './dom.js';
import { duration, progressText, share } from './text.js';

const SYMBOLS = { queued: '○', running: '▶', stopped: '■', failed: '✕', finished: '✓' };

/** A run's state as a word with a symbol. */
export function stateMark(run) {
  const place = run.state === 'queued' && run.queuePosition ? `, place ${run.queuePosition}` : '';
  return element('span', { class: `state ${run.state}` },
    element('span', { 'aria-hidden': 'true' }, `${SYMBOLS[run.state] ?? '·'} `), run.state + place);
}

/** How far a running scan is: a bar, what it does, and the time left. Its parts stay while their values change. */
export class ProgressLine {
  #bar = element('progress', { max: 1, 'aria-label': 'Progress' });
  #doing = element('span', {});
  #left = element('span', { class: 'left' });
  node = element('div', { class: 'progress', hidden: true }, this.#bar, this.#doing, this.#left);

  constructor({ short = false } = {}) {
    this.short = short;
  }

  show(progress) {
    this.node.hidden = !progress;
    if (!progress) return;
    this.#bar.hidden = progress.share === undefined;
    this.#bar.value = progress.share ?? 0;
    const percent = progress.share === undefined ? '' : share(progress.share);
    fill(this.#doing, this.short ? percent : [progressText(progress), percent && `, ${percent}`]);
    fill(this.#left, progress.secondsLeft === undefined ? '' : `${duration(Math.round(progress.secondsLeft))} left`);
  }
}
