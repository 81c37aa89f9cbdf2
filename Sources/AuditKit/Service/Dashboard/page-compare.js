// Two runs side by side: numbers, safe sets, settings, and the pairs whose rank differs most.

import { get, link, pairLink, runPath } from './api.js';
import { caption, name } from './caption.js';
import { element, facts, fill, scroller, section, table } from './dom.js';
import { thumbnail } from './pair-parts.js';
import { count, counted, decimal, estimated, estimateTitle, interval, settingText, share } from './text.js';

export function comparePage({ parts: [, a, , b] }, signal) {
  const body = element('div', {}, element('p', { class: 'dim' }, 'Loading…'));
  const load = async () => {
    const comparison = await get(runPath(a, 'compare', b), signal);
    fill(body, element('div', { class: 'two' }, numbers(comparison), overlap(comparison)), settings(comparison),
      movers(`Riskier in ${a} than in ${b}`, a, comparison.riskierInA, comparison),
      movers(`Riskier in ${b} than in ${a}`, b, comparison.riskierInB, comparison));
  };
  return {
    title: `${a} and ${b}`,
    trail: [element('a', { href: '#/' }, 'Runs'), element('span', { 'aria-current': 'page' }, 'Compare')],
    body: [body], ready: load(),
  };
}

function numbers(comparison) {
  const { a, b } = comparison;
  const rows = [
    ['Method', a.method, b.method], ['Seed', String(a.seed), String(b.seed)], ['Pairs', count(a.pairs), count(b.pairs)],
    ['Safe set', safeSet(a), safeSet(b)], ['Alignment', known(a.alignment), known(b.alignment)], ...estimateRows(a, b),
  ];
  const head = (side) => element('a', { href: link('runs', side.run) }, side.run);
  return section('Numbers', scroller('Numbers of both runs', table('Numbers of both runs',
    [{ title: '', head: true }, { title: head(a), number: true }, { title: head(b), number: true }], rows)));
}

const known = (value) => (value === undefined ? '' : decimal(value));
const safeSet = ({ safeCount, pairs }) =>
  (safeCount === undefined ? '' : `${count(safeCount)}, ${share(pairs ? safeCount / pairs : 0)}`);

/** A row for each estimate that one of the sides has. */
function estimateRows(a, b) {
  const identity = ({ name: method, subject }) => `${method} ${subject}`;
  const all = new Map([...a.estimates, ...b.estimates].map((estimate) => [identity(estimate), estimate]));
  const cell = (side, key) => {
    const estimate = side.estimates.find((other) => identity(other) === key);
    return estimate ? [estimated(estimate), element('span', { class: 'rest' }, interval(estimate))] : '';
  };
  return [...all].map(([key, { name: method, subject }]) => [
    `Share ${estimateTitle(method)}${subject === 'safeSet' ? ', safe set' : ''}`, cell(a, key), cell(b, key)]);
}

function overlap(comparison) {
  const { a, b, inBoth, onlyInA, onlyInB, safeInBoth, safeOnlyInA, safeOnlyInB, rankCorrelation } = comparison;
  const neither = inBoth - safeInBoth - safeOnlyInA - safeOnlyInB;
  const cell = (value) => [count(value), element('span', { class: 'rest' }, share(inBoth ? value / inBoth : 0))];
  const either = safeInBoth + safeOnlyInA + safeOnlyInB;
  const columns = [{ title: '', head: true }, { title: `Safe in ${b.run}`, number: true },
    { title: `Not safe in ${b.run}`, number: true }];
  return section('Agreement',
    facts([
      ['Rank correlation', rankCorrelation === undefined ? undefined : decimal(rankCorrelation)],
      ['Pairs in both', count(inBoth)], [`Only in ${a.run}`, count(onlyInA)], [`Only in ${b.run}`, count(onlyInB)],
      ['Safe sets in common', either ? share(safeInBoth / either) : undefined],
    ]),
    scroller('Safe sets of both runs', table('Safe sets, over pairs in both runs', columns,
      [[`Safe in ${a.run}`, cell(safeInBoth), cell(safeOnlyInA)],
        [`Not safe in ${a.run}`, cell(safeOnlyInB), cell(neither)]],
      { hideCaption: false })));
}

function settings({ a, b, settings: differences }) {
  if (!differences.length) return section('Settings', element('p', { class: 'dim' }, 'All settings are the same.'));
  const title = 'Settings that differ';
  const columns = [{ title: 'Setting', head: true }, { title: a.run }, { title: b.run }];
  const rows = differences.map((setting) =>
    [name(setting.name), name(settingText(setting.a)), name(settingText(setting.b))]);
  return section(title, scroller(title, table(title, columns, rows)));
}

function movers(title, run, list, { a, b }) {
  if (!list.length) return section(title, element('p', { class: 'dim' }, 'No pair.'));
  const safe = (isSafe) => (isSafe ? 'safe' : 'no');
  const columns = [{ title: 'Image' }, { title: 'Caption and key' }, { title: `Rank in ${a.run}`, number: true },
    { title: `Rank in ${b.run}`, number: true }, { title: 'Safe sets' }];
  const rows = list.map((mover) => [
    thumbnail(run, mover, 128),
    element('div', { class: 'words' },
      caption(mover.caption, 160), element('a', { class: 'key', href: pairLink(run, mover) }, name(mover.key))),
    count(mover.rankA), count(mover.rankB), `${safe(mover.safeA)} → ${safe(mover.safeB)}`,
  ]);
  const node = table(title, columns, rows, { cards: true });
  node.classList.add('pairs', 'movers');
  return section(title, element('p', { class: 'dim' }, `${counted(list.length, 'pair')} that moved most.`), node);
}
