// Talks to auditd's JSON interface, described at /openapi.json.

/** Tells ('needed') when a call was refused for want of a session. */
export const session = new EventTarget();

/** An answer that is an error, with what RFC 9457's problem says about it. */
export class Problem extends Error {
  constructor(status, title, detail) {
    super(detail ? `${title}: ${detail}` : title);
    this.status = status;
    this.title = title;
    this.detail = detail;
  }
}

/** The JSON at `path`. The browser asks with If-None-Match and reads an unchanged answer from its cache. */
export async function get(path, signal) {
  return exact(await request(path, { signal, cache: 'no-cache' }));
}

/** Sends JSON and gives the answer's JSON; undefined where the answer has none. */
export async function send(method, path, value, headers = {}) {
  const body = value === undefined ? undefined : JSON.stringify(value);
  const text = await request(path, {
    method, body, headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
    // A verdict goes out even if its page is closed right after.
    keepalive: true,
  });
  return text ? exact(text) : undefined;
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...options });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, 'auditd does not answer', 'it may have stopped, or the network is down');
  }
  const text = await response.text();
  if (response.ok) return text;
  const problem = problemOf(response, text);
  if (response.status === 401 && !path.startsWith('/v1/session')) session.dispatchEvent(new Event('needed'));
  throw problem;
}

function problemOf(response, text) {
  try {
    const { title, detail } = JSON.parse(text);
    return new Problem(response.status, title ?? response.statusText, detail);
  } catch {
    return new Problem(response.status, `${response.status} ${response.statusText}`.trim(), undefined);
  }
}

// A seed has 64 bits, more than a JavaScript number holds: such integers stay text.
function exact(text) {
  return JSON.parse(text, (_, value, context) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^\d{16,}$/.test(context?.source ?? '')
      ? context.source : value);
}

/** A text as one segment of a path. A broken surrogate pair cannot be encoded, and no pair's key holds one. */
export function segment(text) {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
}

/** Address of a run, or of something of it: `runPath('a.1', 'history')`. */
export function runPath(run, ...rest) {
  return ['/v1/runs', run, ...rest].map((part, place) => (place === 0 ? part : segment(part))).join('/');
}

/** Address of a pair, or of something of it. Its place in the crawl tells pairs of one key apart. */
export function pairPath(run, pair, ...rest) {
  return withQuery(runPath(run, 'pairs', pair.key, ...rest), { ordinal: pair.ordinal });
}

/** Address of a pair's image with a longer edge of at most `edge` pixels. */
export function thumbnailPath(run, pair, edge) {
  return withQuery(runPath(run, 'pairs', pair.key, 'thumbnail'), { ordinal: pair.ordinal, edge });
}

/** A path with those parts of a query that have a value. */
export function withQuery(path, query) {
  const known = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return known.length ? `${path}?${new URLSearchParams(known)}` : path;
}

/** The dashboard's own address of a page: `link('runs', 'a.1', 'pairs')`. */
export function link(...parts) {
  return `#/${parts.map(segment).join('/')}`;
}

/** The dashboard's address of a pair's page. */
export function pairLink(run, pair) {
  return withQuery(link('runs', run, 'pairs', pair.key), { ordinal: pair.ordinal });
}
