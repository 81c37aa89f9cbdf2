// The parts of a run's page that are text.

import { link, runPath, withQuery } from './api.js';
import { name, visible } from './caption.js';
import { element, facts, folded, scroller, section, table } from './dom.js';
import { estimateTable, measureTable, reviewSentences } from './estimates.js';
import { VERDICTS } from './review.js';
import { between, count, counted, decimal, estimated, flatSettings, interval, moment, share } from './text.js';

/** The numbers that matter most, large. */
export function keyFigures(run, { pairs, safeCount, alignment, estimates, review }) {
  const rate = estimates.find((estimate) => estimate.name === 'mismatchRate' && estimate.subject === 'crawl');
  const reviewed = review.poison + review.clean + review.unsure;
  return facts([
    ['Pairs', count(pairs)],
    ['Safe set', safeCount === undefined ? undefined
      : figure(share(pairs ? safeCount / pairs : 0), counted(safeCount, 'pair'))],
    ['Alignment', alignment === undefined ? undefined : figure(decimal(alignment), '0.5: chance, 1: perfect')],
    ['Mismatched', rate && figure(estimated(rate), interval(rate))],
    ['Reviewed', figure(count(reviewed), `${count(review.poison)} poison`)],
    ['Rejected', run.rejected === undefined ? undefined
      : element('a', { href: link('runs', run.id, 'rejected') }, count(run.rejected))],
  ], { class: 'figures' });
}

function figure(value, rest) {
  return [value, element('span', { class: 'rest' }, rest)];
}

/** Estimates, measures and how far to trust them. */
export function estimateSection({ estimates, measures, alignment, trust }) {
  if (!estimates.length && !measures.length) return undefined;
  return section('Estimates',
    estimates.length > 0 && scroller('Estimates', estimateTable(estimates)),
    measures.length > 0 && scroller('Measures', measureTable(measures)),
    trust && element('p', {},
      alignment === undefined ? '' : `Alignment ${decimal(alignment)} (0.5: chance, 1: perfect). `, trust));
}

/** What reviewers decided. */
export function reviewSection(run, review) {
  const verdicts = withQuery(runPath(run.id, 'verdicts'), { format: 'csv' });
  const unreviewed = withQuery(link('runs', run.id, 'pairs'), { verdict: 'none' });
  return section('Review',
    facts(VERDICTS.map(({ verdict, title }) => [title, count(review[verdict])]), { class: 'tally' }),
    ...reviewSentences(review),
    element('p', { class: 'links' },
      element('a', { href: unreviewed }, 'Review the riskiest pairs'),
      element('a', { href: verdicts, download: `${run.id}-verdicts.csv` }, 'Verdicts as CSV')));
}

/** Links to the pairs as files. */
export function exportSection(run) {
  if (run.scoredEpoch === undefined) return undefined;
  const file = (what, format, text) => element('a', {
    href: withQuery(runPath(run.id, 'export'), { what, format }), download: `${run.id}-${what}.${format}` }, text);
  return section('Export', element('p', { class: 'links' },
    file('risky', 'csv', 'Risky pairs, CSV'), file('safe', 'csv', 'Safe pairs, CSV'),
    file('all', 'csv', 'All pairs, CSV'), file('all', 'jsonl', 'All pairs, JSON Lines'),
    file('risky', 'txt', 'Keys of risky pairs'), file('safe', 'txt', 'Keys of safe pairs')));
}

/** Warnings and rules that gave way are shown; defaults that adapted are many, and folded. */
export function noticeSection(notices) {
  if (!notices.length) return undefined;
  const list = (some) => element('ul', {}, some.map(({ kind, message }) =>
    element('li', {}, element('span', { class: `kind ${kind}` }, kind), ' ', ...visible(message))));
  const adapted = notices.filter(({ kind }) => kind === 'adaptation');
  const others = notices.filter(({ kind }) => kind !== 'adaptation');
  return section('Notices', others.length > 0 && list(others),
    adapted.length > 0 && folded(`${counted(adapted.length, 'default')} adapted to this crawl`, list(adapted)));
}

/** Why a run failed. */
export function whatFailed(run) {
  return run.error && element('div', { class: 'problem' }, element('p', {}, ...visible(run.error)));
}

/** What was asked for, and when. */
export function runFacts(run) {
  const time = (text) => text && element('time', { dateTime: text }, moment(text));
  return section('Run', facts([
    ['Crawl', name(run.crawl)], ['Format', run.format], ['Method', run.method], ['Preset', name(run.preset)],
    ['Seed', run.seed === undefined ? undefined : String(run.seed)],
    ['Threads', run.threads === undefined ? undefined : count(run.threads)],
    ['Submitted', time(run.submittedAt)], ['Started', time(run.startedAt)], ['Finished', time(run.finishedAt)],
    ['Took', between(run.startedAt, run.finishedAt)],
    ['Scores of', run.scoredEpoch === undefined ? undefined : `epoch ${run.scoredEpoch + 1}`],
    ['Report', name(run.report)], ['Model', run.model && name(run.model)],
  ]));
}

/** Settings, versions and host, folded. */
export function settingParts(run) {
  const columns = [{ title: 'Name', head: true }, { title: 'Value' }];
  const list = (title, pairs) => folded(title,
    scroller(title, table(title, columns, pairs.map(([key, value]) => [name(key), name(value)]))));
  return [
    run.configuration && list('Settings', flatSettings(run.configuration)),
    run.versions && list('Versions', Object.entries(run.versions)),
    run.host && list('Host', Object.entries(run.host)),
  ];
}
