// Estimates with their intervals, as a table with a whisker in each row.

import { drawing, element, table } from './dom.js';
import { count, counted, decimal, estimated, estimateTitle, interval, isUnknown, share, words } from './text.js';

const WIDTH = 100;
const HEIGHT = 16;
const NICE_TOPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

const subject = (name) => ({ crawl: 'crawl', safeSet: 'safe set', heldOut: 'held-out pairs' })[name] ?? words(name);

/** The table of estimated shares; all whiskers have one scale, which the last column's title tells. */
export function estimateTable(estimates) {
  const known = estimates.filter((estimate) => !isUnknown(estimate));
  const largest = Math.max(0, ...known.map(({ value, high }) => Math.max(value, high ?? 0)));
  const top = NICE_TOPS.find((nice) => nice >= largest) ?? 1;
  const columns = [{ title: 'Share of pairs', head: true }, { title: 'Of' }, { title: 'Estimate', number: true },
    { title: '95 % interval' }, { title: `0 to ${decimal(top * 100, 0)} %` }];
  return table('Estimates', columns, estimates.map((estimate) => [
    estimateTitle(estimate.name), subject(estimate.subject), estimated(estimate), interval(estimate),
    isUnknown(estimate) ? '' : whisker(estimate, top),
  ]), { cards: true });
}

/** A point with the interval around it. The numbers stand beside it, so it says nothing to a screen reader. */
function whisker({ value, low, high }, top) {
  const at = (part) => 4 + (part / top) * (WIDTH - 8);
  const middle = HEIGHT / 2;
  const line = (className, from, to, rise = 0) =>
    drawing('line', { class: className, x1: at(from), x2: at(to), y1: middle - rise, y2: middle + rise });
  const hasInterval = low !== undefined && high !== undefined;
  const size = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT };
  return drawing('svg', { class: 'estimate', ...size, 'aria-hidden': 'true' },
    line('scale', 0, top),
    hasInterval && [line('whisker', low, high), line('whisker', low, low, 4), line('whisker', high, high, 4)],
    drawing('circle', { class: 'point', cx: at(value), cy: middle, r: 3.5 }));
}

/** The table of evaluations, such as retrieval on held-out pairs. */
export function measureTable(measures) {
  const columns = [{ title: 'Measure', head: true }, { title: 'On' }, { title: 'Value', number: true },
    { title: '95 % interval' }];
  return table('Measures', columns, measures.map((measure) => [
    words(measure.name), subject(measure.subject), decimal(measure.value), interval(measure, decimal),
  ]), { cards: true });
}

/** What reviewers found so far, in sentences. */
export function reviewSentences(review) {
  if (review.poison + review.clean + review.unsure === 0) {
    return [element('p', { class: 'dim' }, 'No pair was reviewed yet.')];
  }
  const sentences = [];
  if (review.riskiestReviewed > 0) {
    sentences.push(`Of the ${counted(review.riskiestReviewed, 'riskiest pair')}, all decided, `
      + `${count(review.riskiestPoison)} ${review.riskiestPoison === 1 ? 'is' : 'are'} poison.`);
  }
  if (review.poisonShare) {
    sentences.push(`Of all decided pairs ${share(review.poisonShare.value)} are poison (95 % interval `
      + `${interval(review.poisonShare)}): that speaks of what was looked at, not of the crawl.`);
  }
  const inSafeSet = review.safeSetPoison;
  return [
    ...sentences.map((sentence) => element('p', {}, sentence)),
    inSafeSet > 0 && element('p', { class: 'warning' },
      `${counted(inSafeSet, 'pair')} of the safe set ${inSafeSet === 1 ? 'was' : 'were'} called poison.`),
  ];
}
