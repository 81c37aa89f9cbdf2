// The form that submits a scan.

import { link, send } from './api.js';
import { element, fill, folded } from './dom.js';
import { problem } from './messages.js';

// cleanclip needs trusted pairs, which cannot be named here; audit-cli can.
const METHODS = [['', 'safeclip (default)'], ['clip', 'clip'], ['roclip', 'roclip']];

/** The folded form; a scan that was taken leads to its page. */
export function submitForm() {
  const path = { maxLength: 4096, autocomplete: 'off', spellcheck: false };
  const crawl = element('input', { id: 'crawl', required: true, ...path });
  const heldOut = element('input', { id: 'heldOut', placeholder: 'optional', ...path });
  const method = element('select', { id: 'method' },
    METHODS.map(([value, text]) => element('option', { value }, text)));
  const keepModel = element('input', { id: 'keepModel', type: 'checkbox' });
  const button = element('button', { class: 'main' }, 'Submit');
  const trouble = element('div');
  const field = (input, title, kind = '') =>
    element('div', { class: `field ${kind}` }, element('label', { htmlFor: input.id }, title), input);
  const form = element('form', { class: 'filters' },
    field(crawl, 'Path of the crawl', 'wide'), field(method, 'Method'), field(heldOut, 'Held-out crawl', 'wide'),
    field(keepModel, 'Keep the model', 'check'), button, trouble);
  // The same scan sent again after a lost answer keeps its key, so it is not run twice.
  let sent = { body: '', key: '' };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const request = {
      crawl: crawl.value.trim(), heldOut: heldOut.value.trim() || undefined, keepModel: keepModel.checked || undefined,
      settings: method.value ? { training: { method: method.value } } : undefined,
    };
    const body = JSON.stringify(request);
    if (sent.body !== body) sent = { body, key: newKey() };
    button.disabled = true;
    fill(trouble);
    try {
      const run = await send('POST', '/v1/runs', request, { 'Idempotency-Key': sent.key });
      location.hash = link('runs', run.id);
    } catch (error) {
      fill(trouble, problem(error));
    } finally {
      button.disabled = false;
    }
  });
  return folded('Submit a scan', form);
}

/** A random key. randomUUID is there only on localhost and over HTTPS. */
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
