// Keys that review pairs, and the dialog that lists them.

import { element, table } from './dom.js';

/**
 * Listens for `bindings`: `{keys, says, does, repeats}`. `?` opens the list of them. Letters typed into a field, or
 * with Ctrl, Alt or Meta, stay what they are.
 */
export function listenForKeys(bindings, signal) {
  const all = [...bindings, { keys: ['?'], says: 'These keys', does: () => showKeys(all) }];
  document.addEventListener('keydown', (event) => {
    const binding = bindingOf(event, all);
    if (!binding) return;
    event.preventDefault();
    binding.does();
  }, { signal });
  return all;
}

function bindingOf(event, bindings) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return undefined;
  if (event.target.closest('input, select, textarea, [contenteditable]') || document.querySelector('dialog[open]')) {
    return undefined;
  }
  // A focused link or button has uses of its own for these.
  if (['Enter', ' '].includes(event.key) && event.target.closest('a, button, summary')) return undefined;
  if (event.shiftKey && /^[a-z]$/i.test(event.key)) return undefined;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const binding = bindings.find(({ keys }) => keys.includes(key));
  // A key that is held down may walk through the list, but must not judge all of it.
  return binding && event.repeat && !binding.repeats ? undefined : binding;
}

/** A button that opens the list of keys. */
export function keysButton(bindings) {
  return element('button', { type: 'button', class: 'quiet', onclick: () => showKeys(bindings) },
    'Keys ', element('kbd', {}, '?'));
}

function showKeys(bindings) {
  const NAMES = { ArrowDown: '↓', ArrowUp: '↑', ' ': 'Space' };
  const rows = bindings.map(({ keys, says }) => [
    keys.flatMap((key, place) => [place ? ' or ' : '', element('kbd', {}, NAMES[key] ?? key)]), says]);
  const dialog = element('dialog', { 'aria-labelledby': 'keysTitle', onclose: () => dialog.remove() },
    element('h2', { id: 'keysTitle' }, 'Keys'),
    table('Keys', [{ title: 'Key' }, { title: 'What it does' }], rows),
    element('form', { method: 'dialog' }, element('button', {}, 'Close')));
  document.getElementById('main').append(dialog);
  dialog.showModal();
}
