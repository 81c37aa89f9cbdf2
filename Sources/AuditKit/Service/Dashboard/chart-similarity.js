// The histogram of similarities with the fitted mixture drawn over it.

import { axis, Figure, legend } from './charts.js';
import { count, decimal, share } from './text.js';

/** The figure; `show(mixture)` draws it. */
export function similarityFigure(signal) {
  return new Figure('Similarities', describe, signal);
}

function describe(mixture) {
  const bins = mixture && usedBins(mixture);
  if (!bins?.length) return undefined;
  const { lower, upper } = mixture.parameters;
  const total = sum(mixture.counts);
  const parts = `Mismatched ${component(lower)}; matched ${component(upper)}.`;
  const hasShuffled = bins[0].shuffled !== undefined;
  return {
    words: `${count(total)} pairs after epoch ${mixture.epoch + 1}, from ${decimal(bins[0].from, 2)} to `
      + `${decimal(bins.at(-1).to, 2)}, most of them near ${decimal(fullest(bins).middle, 2)}. ${parts}`,
    note: parts,
    table: [
      [{ title: 'From', head: true, number: true }, { title: 'To', number: true }, { title: 'Pairs', number: true },
        ...(hasShuffled ? [{ title: 'Shuffled pairs', number: true }] : []), { title: 'Mixture', number: true }],
      bins.map((bin) => [decimal(bin.from), decimal(bin.to), count(bin.pairs),
        ...(hasShuffled ? [count(bin.shuffled)] : []), decimal(bin.lower + bin.upper, 1)]),
    ],
    chart: (color) => histogram(color, bins, hasShuffled),
  };
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const fullest = (bins) => bins.reduce((best, bin) => (bin.pairs > best.pairs ? bin : best));

function component({ weight, mean, variance }) {
  return `${share(weight)}, mean ${decimal(mean)} ± ${decimal(Math.sqrt(variance))}`;
}

/** Height of a Gaussian. */
function density(x, { mean, variance }) {
  return variance > 0 ? Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance) : 0;
}

/** The bins from the first to the last that hold a pair, true or shuffled, with what the mixture expects in each. */
function usedBins({ lower, upper, counts, shuffledCounts, parameters }) {
  const width = (upper - lower) / counts.length;
  const total = sum(counts);
  const bins = counts.map((pairs, place) => {
    const from = lower + place * width;
    const middle = from + width / 2;
    const expected = (component) => component.weight * total * width * density(middle, component);
    return {
      from, to: from + width, middle, pairs, shuffled: shuffledCounts?.[place],
      lower: expected(parameters.lower), upper: expected(parameters.upper),
    };
  });
  const isUsed = (bin) => bin.pairs > 0 || bin.shuffled > 0;
  return bins.slice(bins.findIndex(isUsed), bins.findLastIndex(isUsed) + 1);
}

function histogram(color, bins, hasShuffled) {
  const step = bins.at(-1).to - bins[0].from > 0.6 ? 0.1 : 0.05;
  const points = (value) => bins.map((bin) => ({ x: bin.middle, y: value(bin) }));
  const bars = (label, name, value) => ({
    type: 'bar', label, data: points(value), backgroundColor: color(name), order: 2, grouped: false, barPercentage: 1,
    categoryPercentage: 1, pointStyle: 'rect',
  });
  const line = (label, name, value, borderDash = []) => ({
    type: 'line', label, data: points(value), borderColor: color(name), backgroundColor: color(name), borderWidth: 2,
    borderDash, pointRadius: 0, pointStyle: 'line', order: 1, tension: 0.3,
  });
  return {
    type: 'bar',
    data: {
      datasets: [
        line('Mismatched component', 'series2', (bin) => bin.lower, [6, 3]),
        line('Matched component', 'series3', (bin) => bin.upper, [2, 3]),
        line('Sum', 'text', (bin) => bin.lower + bin.upper),
        bars('Pairs', 'bar', (bin) => bin.pairs),
        ...(hasShuffled ? [bars('Shuffled pairs', 'barShuffled', (bin) => bin.shuffled)] : []),
      ],
    },
    options: {
      scales: {
        x: axis(color, 'similarity of image and caption', {
          type: 'linear', min: bins[0].from, max: bins.at(-1).to, offset: false,
          grid: { display: false, borderColor: color('line') },
          ticks: { callback: (value) => decimal(value, step < 0.1 ? 2 : 1), stepSize: step },
        }),
        y: axis(color, 'pairs per bin', {
          beginAtZero: true, ticks: { callback: (value) => count(value), precision: 0 },
        }),
      },
      plugins: {
        legend: legend(color),
        tooltip: { callbacks: {
          title: ([{ dataIndex }]) => `Similarity ${decimal(bins[dataIndex].from)} to ${decimal(bins[dataIndex].to)}`,
          label: ({ dataset, parsed }) => `${dataset.label}: ${decimal(parsed.y, dataset.type === 'line' ? 1 : 0)}`,
        } },
      },
    },
  };
}
