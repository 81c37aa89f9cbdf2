// Builds elements. Text only ever becomes a text node and values only ever become properties, so nothing that a
// crawl holds (captions, keys, sources, messages) can become markup.

const REFUSED = new Set(['innerHTML', 'outerHTML', 'srcdoc', 'style']);

/** An element with properties, listeners (`onclick`), `aria-*`, `role`, `data` and children. */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) assign(node, name, value);
  node.append(...present(children));
  return node;
}

/** Puts `children` in place of what `node` holds. */
export function fill(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

const built = new WeakMap();

/** Fills `node` anew if `value` differs from last time, so that what is read or unfolded there stays. */
export function renew(node, value, build) {
  const text = JSON.stringify(value);
  if (built.get(node) === text) return;
  built.set(node, text);
  fill(node, ...[build(value)].flat());
}

/** An SVG element; its attributes are names and numbers of this program's own. */
export function drawing(tag, attributes = {}, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...present(children));
  return node;
}

function assign(node, name, value) {
  if (value === undefined || value === null) return;
  if (name === 'class') node.className = value;
  else if (name === 'data') Object.assign(node.dataset, value);
  else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
  else if (name === 'role' || name.startsWith('aria-')) node.setAttribute(name, value);
  else if (REFUSED.has(name) || !(name in node)) throw new Error(`<${node.localName}> has no property ${name} to set`);
  else node[name] = value;
}

function present(children) {
  return children.flat(2).filter((child) => child !== undefined && child !== null && child !== false);
}

/**
 * A table. Columns are `{title, number, head}`: `number` aligns digits, `head` names the row. Cells are text, nodes
 * or lists of them. With `cards` each row becomes a card in a narrow window, its cells with their columns' titles; the
 * roles are written out because some browsers take another layout for another meaning.
 */
export function table(caption, columns, rows, { cards = false, hideCaption = true } = {}) {
  const head = element('tr', { role: 'row' }, columns.map((column) =>
    element('th', { scope: 'col', role: 'columnheader', class: column.number ? 'number' : '' }, column.title)));
  return element('table', { class: cards ? 'cards' : '', role: 'table' },
    element('caption', { class: hideCaption ? 'unseen' : '' }, caption),
    element('thead', { role: 'rowgroup' }, head),
    element('tbody', { role: 'rowgroup' }, rows.map((cells) => row(columns, cells))));
}

/** A row for `table`. */
export function row(columns, cells) {
  return element('tr', { role: 'row' }, cells.map((cell, place) => {
    const { title, number, head } = columns[place];
    const label = typeof title === 'string' ? title : title.textContent;
    const properties = { class: number ? 'number' : '', data: { label } };
    return head
      ? element('th', { ...properties, scope: 'row', role: 'rowheader' }, cell)
      : element('td', { ...properties, role: 'cell' }, cell);
  }));
}

/** Something wide that scrolls inside itself, reachable by keyboard. */
export function scroller(label, ...children) {
  return element('div', { class: 'scroller', role: 'region', 'aria-label': label, tabIndex: 0 }, ...children);
}

/** Names and values, as a definition list. Facts without a value are left out. */
export function facts(pairs, properties = { class: 'facts' }) {
  return element('dl', properties, pairs
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));
}

/** A section with its heading. */
export function section(title, ...children) {
  return element('section', { 'aria-label': title }, element('h2', {}, title), ...children);
}

/** A part that is folded away until asked for. */
export function folded(title, ...children) {
  return element('details', {}, element('summary', {}, title), ...children);
}
