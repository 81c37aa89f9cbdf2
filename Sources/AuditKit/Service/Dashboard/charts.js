// Charts with Chart.js, each with its values in words and as a table. Without Chart.js the tables stay.

import { element, fill, folded, scroller, table } from './dom.js';

const SOURCE = '/assets/chart.js';
let loading;

/** Chart.js, loaded once by the first page that needs it; undefined where auditd has none to serve. */
function library() {
  loading ??= new Promise((resolve) => {
    const onload = () => resolve(globalThis.Chart);
    document.head.append(element('script', { src: SOURCE, onload, onerror: () => resolve(undefined) }));
  });
  return loading;
}

/** A colour of the style sheet, by its custom property's name. */
function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * A chart that can be drawn anew with other values. `describe(values)` gives `{words, table: [columns, rows], chart}`;
 * `chart(color)` is Chart.js's configuration and is asked for again when the colour scheme changes.
 */
export class Figure {
  #chart;
  #configuration;

  constructor(title, describe, signal) {
    this.title = title;
    this.describe = describe;
    this.canvas = element('canvas', { role: 'img' });
    this.frame = element('div', { class: 'frame' }, this.canvas);
    this.caption = element('figcaption', {});
    this.data = element('div', {});
    this.node = element('figure', { hidden: true },
      element('h3', {}, title), this.caption, this.frame, folded('Values as a table', this.data));
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', () => this.#draw(), { signal });
    signal.addEventListener('abort', () => this.#chart?.destroy());
    this.signal = signal;
  }

  /** Shows `values`; nothing where `describe` finds nothing to show in them. */
  async show(values) {
    const described = this.describe(values);
    this.node.hidden = !described;
    if (!described) return;
    const { words, note, table: [columns, rows], chart } = described;
    this.#configuration = chart;
    this.canvas.setAttribute('aria-label', `${this.title}. ${words}`);
    fill(this.caption, note ?? words);
    fill(this.data, scroller(`${this.title}: values`, table(`${this.title}: values`, columns, rows)));
    await this.#draw();
  }

  async #draw() {
    const Chart = await library();
    if (!this.#configuration || this.signal.aborted) return;
    if (!Chart) {
      // One line for all charts of a page.
      this.frame.hidden = true;
      document.getElementById('noCharts')?.removeAttribute('hidden');
      return;
    }
    const configuration = this.#configuration(color);
    this.#chart?.destroy();
    this.#chart = new Chart(this.canvas, { ...configuration, options: { ...common(color), ...configuration.options } });
  }
}

/** The line that tells why there are no charts; shown by the first chart that cannot be drawn. */
export function noChartsNote() {
  return element('p', { id: 'noCharts', class: 'dim', hidden: true },
    'Chart.js is not installed beside auditd (Debian: libjs-chart.js), so values are shown as tables only.');
}

function common(color) {
  return {
    animation: false, maintainAspectRatio: false, responsive: true, normalized: true,
    interaction: { mode: 'index', intersect: false },
    color: color('text'),
    plugins: { legend: legend(color) },
  };
}

/** A legend with the lines' own marks and dashes, since colour alone does not tell them apart. */
export function legend(color) {
  const labels = { color: color('text'), usePointStyle: true, boxHeight: 6, padding: 12 };
  return { display: true, position: 'bottom', labels };
}

/** An axis in the page's colours. */
export function axis(color, title, options = {}) {
  return {
    title: { display: Boolean(title), text: title, color: color('dim') },
    grid: { color: color('line'), borderColor: color('line') },
    ...options,
    ticks: { color: color('dim'), maxRotation: 0, ...options.ticks },
  };
}
