// A run: what it does or found, with charts that follow a running scan.

import { get, runPath, send, withQuery } from './api.js';
import { name } from './caption.js';
import { similarityFigure } from './chart-similarity.js';
import { noChartsNote } from './charts.js';
import { trainingFigures } from './charts-training.js';
import { element, fill, renew, section } from './dom.js';
import { follow, isActive } from './live.js';
import { announce, showTrouble } from './messages.js';
import {
  estimateSection, exportSection, keyFigures, noticeSection, reviewSection, runFacts, settingParts, whatFailed,
} from './run-overview.js';
import { ProgressLine, stateMark } from './run-parts.js';
import { runTrail } from './trail.js';

// A histogram has 256 bins from -1 to 1, of which about half are used.
const BINS = 256;

export function runPage({ parts: [, run] }, signal) {
  const page = new RunPage(run, signal);
  return { title: `Run ${run}`, trail: runTrail(run, 'Overview'), body: page.body, ready: page.load() };
}

class RunPage {
  #run;
  #epochs = [];
  #soughtEpoch = 0;
  #isStale = false;
  #isLoading = false;
  #progress = new ProgressLine();
  #state = element('span');
  #cancel = element('button', { hidden: true, onclick: () => this.#ask('cancel') }, 'Cancel');
  #resume = element('button', { class: 'main', hidden: true, onclick: () => this.#ask('resume') }, 'Resume');
  #failure = element('div');
  #facts = element('div');
  #figures = element('div', { class: 'keys' });
  #estimates = element('div');
  #review = element('div');
  #exports = element('div');
  #notices = element('div');
  #settings = element('div');
  #epoch = element('select', { id: 'epoch', onchange: () => this.#showMixture(Number(this.#epoch.value)) });
  #choice = element('div', { class: 'field beside', hidden: true },
    element('label', { htmlFor: 'epoch' }, 'After epoch'), this.#epoch);
  #noMixture = element('p', { class: 'dim', hidden: true },
    'Drawn once a mixture is fitted, after the first stages of training.');

  constructor(run, signal) {
    this.id = run;
    this.signal = signal;
    this.similarity = similarityFigure(signal);
    this.training = trainingFigures(signal);
    this.charts = element('div', { class: 'results', hidden: true }, noChartsNote(),
      element('div', { class: 'two' },
        section('Similarities of image and caption', this.#choice, this.#noMixture, this.similarity.node),
        element('div', {}, this.#estimates, this.#review)),
      section('Training', element('div', { class: 'three' }, this.training.map((figure) => figure.node))));
    this.similarity.node.querySelector('h3').classList.add('unseen');
    this.body = [
      element('div', { class: 'line head' }, this.#state, this.#cancel, this.#resume), this.#progress.node,
      this.#failure, this.#figures, this.charts, this.#exports, this.#notices, this.#facts, this.#settings,
    ];
  }

  async load() {
    this.#showRun(await get(runPath(this.id), this.signal));
    // What a run that has just begun lacks is asked for again as it goes on.
    await (isActive(this.#run) ? this.#refresh() : this.#loadResults());
    if (isActive(this.#run)) this.#follow();
  }

  #follow() {
    follow(this.id, {
      run: (run) => this.#changed(run),
      progress: (progress) => { this.#progress.show(progress); this.#catchUp(progress); },
      epoch: () => this.#refresh(),
      notice: () => this.#refreshRun(),
    }, this.signal);
  }

  #changed(run) {
    const before = this.#run;
    this.#showRun(run);
    if (before.state !== run.state) announce(`Run ${run.id} is ${run.state}`);
    if (before.state !== run.state || before.scoredEpoch !== run.scoredEpoch) this.#refresh();
    else this.#catchUp(run.progress);
  }

  /** Loads results if epochs were finished unseen, as while only polling; once for each, since history may lag. */
  #catchUp(progress) {
    if (!(progress?.epoch > Math.max(this.#epochs.length, this.#soughtEpoch))) return;
    this.#soughtEpoch = progress.epoch;
    this.#refresh();
  }

  /** Loads results, and once more if that was asked for meanwhile. */
  async #refresh() {
    this.#isStale = true;
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        this.#showRun(await get(runPath(this.id), this.signal));
        await this.#loadResults();
      }
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isLoading = false;
    }
  }

  async #refreshRun() {
    try {
      this.#showRun(await get(runPath(this.id), this.signal));
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error) {
    if (!this.signal.aborted && error.status !== 401) showTrouble(`Not refreshed. ${error.message}`, { seconds: 10 });
  }

  #showRun(run) {
    this.#run = run;
    renew(this.#state, [run.state, run.queuePosition], () => [stateMark(run), ' ', name(run.crawl)]);
    this.#cancel.hidden = !isActive(run);
    this.#resume.hidden = !run.isResumable;
    this.#progress.show(run.state === 'running' ? run.progress ?? { phase: run.phase } : undefined);
    const { progress, updatedAt, ...lasting } = run;
    renew(this.#failure, run.error, () => whatFailed(run));
    renew(this.#facts, lasting, () => runFacts(run));
    renew(this.#notices, run.notices, noticeSection);
    renew(this.#exports, [run.id, run.scoredEpoch], () => exportSection(run));
    renew(this.#settings, [run.configuration, run.versions, run.host], () => settingParts(run));
  }

  async #loadResults() {
    // Before the crawl is read there may be no report to ask.
    if (this.#run.pairs === 0) return;
    const [{ epochs }, estimates] = await Promise.all([
      get(runPath(this.id, 'history'), this.signal), get(runPath(this.id, 'estimates'), this.signal)]);
    this.#epochs = epochs;
    fill(this.#figures, keyFigures(this.#run, estimates));
    fill(this.#estimates, estimateSection(estimates));
    fill(this.#review, reviewSection(this.#run, estimates.review));
    this.charts.hidden = epochs.length === 0 && estimates.pairs === 0;
    await Promise.all([...this.training.map((figure) => figure.show(epochs)), this.#showMixture(this.#offerEpochs())]);
  }

  /** Offers the epochs that have a mixture, and gives the one to show: what was chosen, else that of the scores. */
  #offerEpochs() {
    const numbers = this.#epochs.filter(({ mixture }) => mixture).map(({ number }) => number);
    const chosen = this.#epoch.value === '' ? undefined : Number(this.#epoch.value);
    const wasLast = this.#epoch.selectedIndex === this.#epoch.options.length - 1;
    const { scoredEpoch } = this.#run;
    fill(this.#epoch, ...numbers.map((number) =>
      element('option', { value: number }, `${number + 1}${number === scoredEpoch ? ' (scores in force)' : ''}`)));
    this.#choice.hidden = numbers.length < 2;
    const preferred = isActive(this.#run) && wasLast ? undefined : chosen;
    const number = [preferred, scoredEpoch, numbers.at(-1)].find((candidate) => numbers.includes(candidate));
    this.#epoch.value = number ?? '';
    return number;
  }

  async #showMixture(epoch) {
    this.#noMixture.hidden = epoch !== undefined;
    if (epoch === undefined) return this.similarity.show(undefined);
    try {
      const mixture = await get(withQuery(runPath(this.id, 'mixture'), { epoch, bins: BINS }), this.signal);
      return await this.similarity.show(mixture);
    } catch (error) {
      return this.#failed(error);
    }
  }

  async #ask(action) {
    const button = action === 'cancel' ? this.#cancel : this.#resume;
    button.disabled = true;
    try {
      const run = await send('POST', runPath(this.id, action));
      this.#showRun(run);
      announce(action === 'cancel' ? 'The run stops' : 'The run goes on');
      if (action === 'resume') this.#follow();
    } catch (error) {
      showTrouble(error.message);
    } finally {
      button.disabled = false;
    }
  }
}
