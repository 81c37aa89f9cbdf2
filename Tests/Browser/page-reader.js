// Reads the page for the checks: one call, one answer, so that nothing changes in between.

const clean = (text) => text.replace(/\s+/g, ' ').trim();
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const text = (selector, root = document) => clean(root.querySelector(selector)?.innerText ?? '');
const cells = (row) => [...row.cells].map((cell) => clean(cell.textContent));
const hasOwnText = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
const isSeen = (node) => node.checkVisibility() && !node.closest('.unseen, .skip');

/** The text as the crawl has it: marks are turned back into the characters that they stand for. */
function original(node) {
  return [...node.childNodes].map((child) => {
    if (child.nodeType === 3) return child.data;
    return child.matches('.mark') ? String.fromCodePoint(parseInt(child.dataset.code, 16)) : original(child);
  }).join('');
}

/** Text nodes alone: what would reach the screen unmarked. */
function unmarked(node) {
  return [...node.childNodes].map((child) =>
    (child.nodeType === 3 ? child.data : child.matches('.mark') ? '' : unmarked(child))).join('');
}

function pairRow(row) {
  const number = (place) => clean(row.cells[place].textContent);
  const image = row.querySelector('.thumbnail img');
  return {
    caption: original(row.querySelector('.caption') ?? row.cells[1].firstElementChild.firstElementChild),
    unmarked: unmarked(row.querySelector('.words')),
    why: clean(row.querySelector('.why')?.textContent ?? ''),
    choices: all('.choice button', row).map((button) => button.ariaLabel ?? clean(button.textContent)),
    isCut: Boolean(row.querySelector('.words button')),
    key: original(row.querySelector('.key bdi')),
    rank: number(2), risk: number(3), similarity: number(4), safe: number(5),
    verdict: row.querySelector('[aria-pressed="true"]')?.dataset.verdict ?? null,
    isCurrent: row.getAttribute('aria-current') === 'true',
    hasFocus: row === document.activeElement,
    image: image ? { complete: image.complete, width: image.naturalWidth, source: image.src } : null,
  };
}

/** What has no name that a screen reader could say. */
function unnamed() {
  const label = (node) => node.getAttribute('aria-label');
  const isNamed = (node) => clean(node.textContent) || label(node) || node.querySelector('img')?.alt;
  return [
    ...all('input, select, textarea').filter((node) => !node.labels?.length && !label(node)),
    ...all('button, a[href], summary').filter((node) => !isNamed(node)),
    ...all('img').filter((node) => !node.hasAttribute('alt')),
    ...all('canvas').filter(isSeen).filter((node) => node.getAttribute('role') !== 'img' || !label(node)),
  ].map((node) => node.outerHTML.slice(0, 200));
}

function luminance([red, green, blue]) {
  const linear = [red, green, blue].map((part) => part / 255).map((part) =>
    (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

const parts = (color) => color.match(/[\d.]+/g).map(Number);

function background(node) {
  for (let at = node; at; at = at.parentElement) {
    const color = parts(getComputedStyle(at).backgroundColor);
    if (color.length === 3 || color[3] === 1) return color;
  }
  return [255, 255, 255];
}

/** Texts with less contrast than WCAG's AA asks for; what is disabled may have less. */
function faint() {
  const isText = (node) => hasOwnText(node) && isSeen(node) && !node.closest('svg, :disabled, option');
  return all('body *').filter(isText).map((node) => {
    const style = getComputedStyle(node);
    const [dark, light] = [luminance(parts(style.color)), luminance(background(node))].sort((a, b) => a - b);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    return { contrast: (light + 0.05) / (dark + 0.05), needed, text: clean(node.textContent).slice(0, 60) };
  }).filter(({ contrast, needed }) => contrast < needed);
}

/** Elements that reach over the window's edge, other than inside of what scrolls by itself. */
function overflowing() {
  const width = document.documentElement.clientWidth;
  const found = all('body *').filter((node) => isSeen(node) && !node.closest('.scroller')
    && node.getBoundingClientRect().right > width + 0.5).map((node) => node.outerHTML.slice(0, 150));
  const whole = document.documentElement.scrollWidth;
  return whole > width ? [...found, `the page is ${whole} wide`] : found;
}

/** How many colours a canvas holds, and a sum that changes with them. */
function painted(canvas) {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const colors = new Set();
  let sum = 0;
  for (let place = 0; place < data.length; place += 4) {
    const color = (data[place] << 16) | (data[place + 1] << 8) | data[place + 2];
    if (data[place + 3] > 200) { colors.add(color); sum = (sum * 31 + color) % 1000000007; }
  }
  return { colors: colors.size, sum };
}

/** An image, once its frame is there. */
function image(selector) {
  const node = document.querySelector(selector);
  return node && { complete: node.complete, width: node.naturalWidth };
}

function sectionCalled(label) {
  return all('section').find((node) => node.getAttribute('aria-label') === label);
}

function factsIn(selector) {
  return Object.fromEntries(all(`${selector} > div`).map((node) =>
    [clean(node.querySelector('dt').textContent), original(node.querySelector('dd'))]));
}

const readers = {
  isReady: () => Boolean(document.querySelector('main h1')) && !document.querySelector('main').hasAttribute('aria-busy')
    && !document.querySelector('main [aria-busy]'),
  fragment: () => location.hash,
  headings: () => all('h1').map((node) => clean(node.textContent)),
  headingOriginal: () => original(document.querySelector('h1')),
  language: () => document.documentElement.lang,
  title: () => document.title,
  focused: () => [document.activeElement.localName, document.activeElement.id].filter(Boolean).join('#'),
  unnamed, faint, overflowing,
  landmarks: () => ['header', 'main', 'nav', 'footer'].filter((name) => !document.querySelector(name)),
  problems: () => all('.problem, .trouble:not([hidden])').map((node) => clean(node.innerText)),
  announced: () => text('#announcer'),
  backgroundLuminance: () => luminance(background(document.body)),
  strangers: () => all('main :is(script, iframe, object, b, [onerror], [onload])').map((node) => node.outerHTML),
  hacked: () => [window.hacked ?? null, all('script').map((node) => new URL(node.src || 'inline:', location).pathname)],
  tableRows: (selector) => all(`${selector} tbody tr`).map(cells),
  captionedTable: (caption) => {
    const table = all('table').find((node) => clean(node.caption?.textContent ?? '') === caption);
    return table ? [...table.tBodies[0].rows].map(cells) : null;
  },
  facts: factsIn,
  runs: () => all('table.runs th[scope="row"] a').map((node) => node.textContent),
  pairs: () => all('table.pairs tbody tr').map(pairRow),
  status: () => text('[role="status"]:not(#announcer)'),
  links: (selector) => all(selector).map((node) => [clean(node.textContent), node.getAttribute('href')]),
  items: (label) => all(':scope > ul > li', sectionCalled(label)).map(original),
  sectionText: (label) => clean(sectionCalled(label)?.textContent ?? ''),
  charts: () => all('canvas').filter(isSeen).map((node) => ({ label: node.ariaLabel, ...painted(node) })),
  progress: () => text('.progress:not([hidden])'),
  strip: () => all('.strip span').map((node) => [clean(node.textContent), node.className]),
  imagesInSightAreLoaded: () => all('img').every((node) => node.complete
    || node.getBoundingClientRect().top > innerHeight || node.getBoundingClientRect().bottom < 0),
  picture: () => image('.picture img'),
  verdictShown: () => document.querySelector('.choice [aria-pressed="true"]')?.dataset.verdict ?? null,
  mainText: () => clean(document.querySelector('main').innerText),
};

return readers[arguments[0]](...[...arguments].slice(1));
