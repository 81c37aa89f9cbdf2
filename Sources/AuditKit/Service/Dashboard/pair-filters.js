// The form that chooses which pairs are listed; its values stand in the address.

import { element } from './dom.js';
import { reviewerField } from './review.js';

const TYPING_PAUSE_MILLISECONDS = 300;
const CHOICES = {
  order: ['Order', [['', 'riskiest first'], ['similarity', 'by similarity'], ['key', 'by key'],
    ['ordinal', 'as in the crawl']]],
  safe: ['Safe set', [['', 'in and out'], ['true', 'in it'], ['false', 'not in it']]],
  verdict: ['Verdict', [['', 'any or none'], ['none', 'not reviewed'], ['any', 'reviewed'], ['poison', 'poison'],
    ['clean', 'clean'], ['unsure', 'unsure']]],
};

/** The form with its search field and a function for its values; `changed` gets them after each change. */
export function filterForm(query, changed, signal) {
  const search = element('input', {
    id: 'q', type: 'search', maxLength: 500, value: query.get('q') ?? '', placeholder: 'words of caption or key',
    autocomplete: 'off',
  });
  const inputs = {
    q: search, order: choice('order', query), minRisk: number('minRisk', query), maxRisk: number('maxRisk', query),
    safe: choice('safe', query), verdict: choice('verdict', query),
  };
  const form = element('form', { class: 'filters', role: 'search', 'aria-label': 'Filter pairs' },
    field('q', 'Search', search, 'wide'),
    field('order', CHOICES.order[0], inputs.order),
    field('minRisk', 'Risk from', inputs.minRisk), field('maxRisk', 'to', inputs.maxRisk),
    field('safe', CHOICES.safe[0], inputs.safe), field('verdict', CHOICES.verdict[0], inputs.verdict),
    reviewerField());
  const values = () => Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]));
  listen(form, inputs, () => changed(values()), signal);
  return { form, search, values };
}

function listen(form, inputs, changed, signal) {
  let timer;
  const soon = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (form.checkValidity()) changed(); }, milliseconds);
  };
  for (const input of Object.values(inputs)) {
    if (input.localName === 'select') input.addEventListener('change', () => soon(0));
    else input.addEventListener('input', () => soon(TYPING_PAUSE_MILLISECONDS));
  }
  form.addEventListener('submit', (event) => { event.preventDefault(); soon(0); });
  signal.addEventListener('abort', () => clearTimeout(timer));
}

function field(id, title, input, kind = '') {
  return element('div', { class: `field ${kind}` }, element('label', { htmlFor: id }, title), input);
}

function choice(name, query) {
  const wanted = query.get(name) ?? '';
  const offered = CHOICES[name][1];
  // An address may hold a value that is not offered; auditd then says what is wrong with it.
  const all = offered.some(([value]) => value === wanted) ? offered : [...offered, [wanted, wanted]];
  const select = element('select', { id: name }, all.map(([value, text]) => element('option', { value }, text)));
  select.value = wanted;
  return select;
}

function number(name, query) {
  const value = query.get(name) ?? '';
  return element('input', { id: name, type: 'number', min: 0, max: 1, step: 'any', value, inputMode: 'decimal' });
}
