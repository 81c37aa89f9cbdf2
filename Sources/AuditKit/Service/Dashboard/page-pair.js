// One pair, or all of a key: image, caption, evidence, history, verdict.

import { get, link, pairLink, runPath, withQuery } from './api.js';
import { caption, name, visible } from './caption.js';
import { element, facts, fill, section } from './dom.js';
import { keysButton, listenForKeys } from './keyboard.js';
import { around } from './last-list.js';
import { safeMark, thumbnail } from './pair-parts.js';
import { Decisions, reviewerField, VERDICTS, verdictButtons } from './review.js';
import { count, counted, share } from './text.js';
import { runTrail } from './trail.js';

export function pairPage({ parts: [, run, , key], query }, signal) {
  const body = element('div', { class: 'evidence' }, element('p', { class: 'dim' }, 'Loading…'));
  const ways = element('nav', { class: 'ways', 'aria-label': 'Neighbouring pairs' });
  const state = { entries: [], current: 0, before: undefined, after: undefined };
  const go = (pair) => { if (pair) location.hash = pairLink(run, pair); };
  const judge = (verdict) => state.entries[state.current]?.decide(verdict);
  const keys = listenForKeys([
    ...VERDICTS.map(({ verdict, key: letter }) => ({
      keys: [letter], says: `Call it ${verdict}`, does: () => judge(verdict) })),
    { keys: ['x', 'Backspace'], says: 'Take the verdict back', does: () => judge(undefined) },
    { keys: ['j', 'ArrowRight'], says: 'Next pair of the list', does: () => go(state.after) },
    { keys: ['k', 'ArrowLeft'], says: 'Previous pair of the list', does: () => go(state.before) },
  ], signal);

  async function load() {
    const path = withQuery(runPath(run, 'pairs', key), { ordinal: query.get('ordinal') ?? undefined });
    const { pairs } = await get(path, signal);
    const decisions = new Decisions(run);
    state.entries = pairs.map((evidence) => entry(run, evidence, decisions));
    const { address, before, after } = around(run, pairs[0].pair);
    Object.assign(state, { before, after });
    fill(ways,
      element('a', { href: address ?? link('runs', run, 'pairs') }, 'Back to the list'),
      before && element('a', { href: pairLink(run, before), rel: 'prev' }, 'Previous ', element('kbd', {}, 'k')),
      after && element('a', { href: pairLink(run, after), rel: 'next' }, 'Next ', element('kbd', {}, 'j')),
      keysButton(keys));
    fill(body,
      pairs.length > 1 && element('p', {}, `${count(pairs.length)} pairs have this key. Keys judge the marked one.`),
      ...state.entries.map(({ node }) => node));
    if (pairs.length > 1) chooseByClick(state);
  }

  return {
    title: `Pair ${key.slice(0, 80)}`, heading: ['Pair ', name(key)], trail: runTrail(run, 'Pairs', { isPart: true }),
    body: [element('div', { class: 'line' }, ways, reviewerField()), body], ready: load(),
  };
}

/** Where a key has several pairs, the one that was clicked or focused last is judged by keys. */
function chooseByClick(state) {
  const choose = (place) => {
    state.current = place;
    state.entries.forEach(({ node }, index) => (index === place
      ? node.setAttribute('aria-current', 'true') : node.removeAttribute('aria-current')));
  };
  state.entries.forEach(({ node }, place) => {
    node.addEventListener('click', () => choose(place));
    node.addEventListener('focusin', () => choose(place));
  });
  choose(0);
}

function entry(run, evidence, decisions) {
  const { pair } = evidence;
  const note = element('textarea', {
    id: `note${pair.ordinal}`, maxLength: 2000, rows: 2, value: pair.verdict?.note ?? '',
  });
  const decide = (verdict) => decisions.decide(pair, verdict, redraw, note.value.trim());
  const buttons = verdictButtons(pair, decide);
  // A note belongs to a verdict: it can be kept once there is one.
  const keep = element('button', { type: 'button', onclick: () => decide(pair.verdict.verdict) }, 'Keep note');
  function redraw() {
    buttons.redraw();
    keep.disabled = !pair.verdict || note.value.trim() === (pair.verdict.note ?? '');
  }
  note.addEventListener('input', redraw);
  redraw();
  const node = element('article', { class: 'pair', 'aria-label': `Pair ${count(pair.ordinal)} of the crawl` },
    element('div', { class: 'picture' }, thumbnail(run, pair, 512)),
    element('div', { class: 'findings' },
      section('Caption', element('p', { class: 'words large' }, caption(pair.caption, 2000))),
      section('Evidence', element('ul', {}, evidence.reasons.map((reason) => element('li', {}, ...visible(reason))))),
      section('Verdict', buttons.node, element('label', { htmlFor: note.id }, 'Note'), note,
        keep),
      section('Numbers', numbers(pair, evidence)),
      section('Safe set', historyStrip(evidence.history)),
      section('Twins', ...twins(evidence))));
  return { node, decide };
}

function numbers(pair, evidence) {
  const known = (value, format) => (value === undefined ? undefined : format(value));
  return facts([
    ['Rank', known(pair.rank, count)], ['Risk', known(pair.risk, String)],
    ['Similarity', known(pair.similarity, String)], ['Posterior', known(pair.posterior, String)],
    ['Safe set', safeMark(pair.safe)],
    ['Pairs that are riskier', known(evidence.riskierShare, share)],
    ['Shuffled pairs less similar', known(evidence.shuffledBelowShare, share)],
    ['Image', pair.width && `${count(pair.width)} × ${count(pair.height)} pixels`],
    ['Place in the crawl', count(pair.ordinal)],
    ['Source', name(pair.source)],
    ['SHA-256', pair.sha256 && name(pair.sha256)],
  ]);
}

/** A square for each epoch that had a safe set, full where the pair was in it, with its number and a sentence. */
function historyStrip(history) {
  if (!history.length) return element('p', { class: 'dim' }, 'No epoch has chosen a safe set yet.');
  const sentence = historySentence(history);
  const square = ({ epoch, isSafe }) => element('span', {
    class: isSafe ? 'in' : 'out', title: `Epoch ${epoch + 1}: ${isSafe ? 'in the safe set' : 'not in it'}`,
  }, String(epoch + 1));
  return element('div', {},
    element('div', { class: 'strip', role: 'img', 'aria-label': sentence }, history.map(square)),
    element('p', { class: 'dim' }, sentence));
}

function historySentence(history) {
  const inside = history.filter(({ isSafe }) => isSafe).map(({ epoch }) => epoch + 1);
  const all = `${counted(history.length, 'epoch')} that chose a set`;
  if (inside.length === 0) return `In it after none of ${all}.`;
  if (inside.length === history.length) return `In it after each of ${all}.`;
  return `In it after ${inside.length === 1 ? 'epoch' : 'epochs'} ${inside.join(', ')}, not after the others.`;
}

function twins({ sameImage, sameImageCaptions = [], sameCaption }) {
  return [
    element('p', {}, `${counted(sameImage, 'other pair')} with the same image, byte by byte; `
      + `${counted(sameCaption, 'other pair')} with the same caption.`),
    sameImageCaptions.length > 0 && element('ul', { 'aria-label': "Captions of the same image's other pairs" },
      sameImageCaptions.map((text) => element('li', {}, caption(text)))),
  ];
}
