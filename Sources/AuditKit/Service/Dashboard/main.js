// Finds the page that the address names, and shows it.

import { get, session } from './api.js';
import { element, fill } from './dom.js';
import { hideTrouble, problem } from './messages.js';
import { hideSignOut, offerSignOut, signInPage } from './sign-in.js';

// A page is a function of place and signal that gives `{title, heading, trail, body, ready}`; `ready` is a promise of
// its first data. Everything it leaves running ends with the signal. Its module is loaded when it is first asked for.
const ROUTES = [
  [[], async () => (await import('./page-runs.js')).runsPage],
  [['runs', '*'], async () => (await import('./page-run.js')).runPage],
  [['runs', '*', 'pairs'], async () => (await import('./page-pairs.js')).pairsPage],
  [['runs', '*', 'pairs', '*'], async () => (await import('./page-pair.js')).pairPage],
  [['runs', '*', 'rejected'], async () => (await import('./page-rejected.js')).rejectedPage],
  [['runs', '*', 'compare', '*'], async () => (await import('./page-compare.js')).comparePage],
];

const main = document.getElementById('main');
let shown = new AbortController();
let isFirst = true;

/** The parts and the query that the address's fragment holds; a part that cannot be decoded leads nowhere. */
function place() {
  const [path, query = ''] = location.hash.slice(1).split(/\?(.*)/s);
  try {
    const parts = path.split('/').filter((part) => part !== '').map(decodeURIComponent);
    return { parts, query: new URLSearchParams(query) };
  } catch {
    return { parts: ['?'], query: new URLSearchParams() };
  }
}

function pageFor(parts) {
  const route = ROUTES.find(([pattern]) => pattern.length === parts.length
    && pattern.every((part, index) => part === '*' || part === parts[index]));
  return route ? route[1]() : nowherePage;
}

function nowherePage() {
  const home = element('a', { href: '#/' }, 'All runs');
  return { title: 'Not found', trail: [], body: [element('p', {}, 'The address leads nowhere. ', home)] };
}

function failurePage(error) {
  return { title: 'Not loaded', trail: [], body: [problem(error, () => location.reload())] };
}

/** Ends the page that is shown and gives the signal of the next one. */
function turn() {
  shown.abort();
  hideTrouble();
  shown = new AbortController();
  return shown.signal;
}

async function show(page, signal) {
  const { title, heading, trail, body, ready } = page(place(), signal);
  document.title = `${title} · auditd`;
  const top = element('h1', { tabIndex: -1 }, heading ?? title);
  fill(main, top, ...body);
  fill(document.getElementById('trail'), ...trail);
  arrive(top);
  try {
    await ready;
  } catch (error) {
    if (signal.aborted || error.status === 401) return;
    top.after(problem(error, route));
  }
  if (!signal.aborted) main.removeAttribute('aria-busy');
}

/** Moves the focus to a new page's heading. The first page leaves it at the document's beginning. */
function arrive(top) {
  if (!isFirst) {
    top.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  isFirst = false;
}

async function route() {
  const signal = turn();
  main.setAttribute('aria-busy', 'true');
  let page;
  try {
    page = await pageFor(place().parts);
  } catch (error) {
    page = () => failurePage(error);
  }
  if (!signal.aborted) await show(page, signal);
}

session.addEventListener('needed', askForToken);

function askForToken() {
  // Several calls of one page may be refused at once; what was typed so far stays.
  if (document.getElementById('token')) return;
  hideSignOut();
  const signal = turn();
  show(() => signInPage(signal, () => { offerSignOut(askForToken); route(); }), signal);
}

document.getElementById('skip').addEventListener('click', (event) => {
  // Its fragment would be taken for a page's address.
  event.preventDefault();
  main.querySelector('h1')?.focus();
});

async function showVersion() {
  const { version } = await get('/healthz');
  if (version) fill(document.getElementById('version'), 'auditd ', element('code', {}, version));
}

addEventListener('hashchange', route);
offerSignOut(askForToken);
showVersion().catch(() => {});  // The footer can do without it, and every page says when auditd does not answer.
route();
