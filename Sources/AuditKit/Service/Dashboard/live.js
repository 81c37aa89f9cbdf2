// Keeps a page current: by polling, or by a run's events with polling where they fail.

import { get, runPath } from './api.js';
import { hideTrouble, showTrouble } from './messages.js';

const POLL_SECONDS = 2;
const HIDDEN_SECONDS = 30;
const LONGEST_WAIT_SECONDS = 30;
const STREAM_RETRY_SECONDS = 20;

/** Repeats `work` until `signal` says stop or `work` gives false; less often while nobody looks or nothing answers. */
export async function poll(work, signal, { first = POLL_SECONDS } = {}) {
  let seconds = first;
  while (!signal.aborted) {
    await pause(document.hidden ? Math.max(seconds, HIDDEN_SECONDS) : seconds, signal);
    if (signal.aborted) return;
    try {
      const goesOn = await work();
      hideTrouble();
      seconds = POLL_SECONDS;
      if (goesOn === false) return;
    } catch (error) {
      if (signal.aborted || error.status === 401) return;
      seconds = Math.min(seconds * 2, LONGEST_WAIT_SECONDS);
      showTrouble(`Not refreshed. ${error.message}. Trying again every ${seconds} s.`);
    }
  }
}

/** Waits; a page that is looked at again ends the wait, as does `signal`. */
function pause(seconds, signal) {
  return new Promise((resolve) => {
    const ended = new AbortController();
    const end = () => { clearTimeout(timer); ended.abort(); resolve(); };
    const timer = setTimeout(end, seconds * 1000);
    signal.addEventListener('abort', end, { signal: ended.signal });
    document.addEventListener('visibilitychange', () => { if (!document.hidden) end(); }, { signal: ended.signal });
  });
}

/** Whether a run may still change by itself. */
export function isActive(run) {
  return run.state === 'running' || run.state === 'queued';
}

/**
 * Follows an active run. `seen` has a function for each event (`run`, `progress`, `epoch`, `notice`). Without the
 * stream `seen.run` alone is called, every 2 s, and tells by itself what else became old.
 */
export function follow(run, seen, signal) {
  if (document.hidden) return pollRun(run, seen, signal);
  const source = new EventSource(runPath(run, 'events'));
  const ended = new AbortController();
  const end = () => { source.close(); ended.abort(); };
  const fallBack = () => { end(); if (!signal.aborted) pollRun(run, seen, signal); };
  signal.addEventListener('abort', end, { signal: ended.signal });
  // Browsers hold six connections to a server: streams of pages in the background would use them up.
  document.addEventListener('visibilitychange', () => document.hidden && fallBack(), { signal: ended.signal });
  // Not left to EventSource's own retries: they say nothing, and go on after the run's end.
  source.addEventListener('error', fallBack);
  for (const [kind, receive] of Object.entries(seen)) {
    source.addEventListener(kind, (event) => {
      const value = JSON.parse(event.data);
      receive(value);
      if (kind === 'run' && !isActive(value)) end();
    });
  }
}

async function pollRun(run, seen, signal) {
  const begin = Date.now();
  let goesOn = true;
  await poll(async () => {
    const value = await get(runPath(run), signal);
    seen.run(value);
    goesOn = isActive(value);
    return goesOn && Date.now() - begin < STREAM_RETRY_SECONDS * 1000;
  }, signal, { first: 0 });
  if (goesOn && !signal.aborted) follow(run, seen, signal);
}
