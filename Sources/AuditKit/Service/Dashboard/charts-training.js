// Charts over the epochs of a run: losses, alignment, safe set.

import { axis, Figure, legend } from './charts.js';
import { count, decimal, duration, share, stageTitle, words } from './text.js';

const EPOCH = { title: 'Epoch', head: true, number: true };
const STAGE = { title: 'Stage' };
const number = (title) => ({ title, number: true });
// The dashed lines lie over the solid one: in a stage with one loss they are the same.
const LOSSES = [
  { name: 'loss', title: 'Joint', color: 'series1', pointStyle: 'circle', borderDash: [], order: 1 },
  { name: 'clipLoss', title: 'CLIP', color: 'series2', pointStyle: 'rect', borderDash: [6, 3] },
  { name: 'unimodalLoss', title: 'Unimodal', color: 'series3', pointStyle: 'triangle', borderDash: [2, 3] },
];

/** The figures, in order; `show(epochs)` draws each. */
export function trainingFigures(signal) {
  return [
    new Figure('Loss', losses, signal),
    new Figure('Alignment', alignment, signal),
    new Figure('Safe set', safeSet, signal),
  ];
}

function losses(epochs) {
  if (!epochs.length) return undefined;
  const lines = LOSSES.filter(({ name }) => epochs.some((epoch) => epoch[name] !== undefined))
    .map(({ name, ...look }) => ({ ...look, value: (epoch) => epoch[name] }));
  const columns = [EPOCH, STAGE, number('Steps'), number('Time'), ...LOSSES.map(({ title }) => number(`${title} loss`)),
    number('Learning rate'), number('Logit scale')];
  const rows = epochs.map((epoch) => [...beginning(epoch), count(epoch.steps), duration(Math.round(epoch.seconds)),
    ...LOSSES.map(({ name }) => known(epoch[name], decimal)),
    epoch.learningRate.toExponential(1), decimal(epoch.logitScale, 1)]);
  return {
    words: `Joint loss ${course(epochs, (epoch) => epoch.loss, decimal)}.`,
    note: `Joint: ${course(epochs, (epoch) => epoch.loss, decimal)}`,
    table: [columns, rows],
    chart: (color) => lineChart(color, epochs, lines),
  };
}

function alignment(epochs) {
  const value = (epoch) => epoch.alignment;
  if (!epochs.some((epoch) => value(epoch) !== undefined)) return undefined;
  const line = { title: 'Alignment', color: 'series1', pointStyle: 'circle', value };
  return {
    words: `${course(epochs, value, decimal)} (0.5: chance, 1: perfect).`,
    note: course(epochs, value, decimal),
    table: [[EPOCH, STAGE, number('Alignment')],
      epochs.map((epoch) => [...beginning(epoch), known(value(epoch), decimal)])],
    chart: (color) => lineChart(color, epochs, [line], { suggestedMin: 0.5, max: 1 }),
  };
}

function safeSet(epochs) {
  const value = (epoch) => epoch.safeShare;
  if (!epochs.some((epoch) => value(epoch) !== undefined)) return undefined;
  const line = { title: 'Safe set', color: 'series3', pointStyle: 'rect', stepped: 'middle', value };
  const rows = epochs.map((epoch) => [...beginning(epoch), known(epoch.safeCount, count), known(value(epoch), share),
    words(epoch.decisionReason ?? '')]);
  return {
    words: `Share of the pairs in the safe set ${course(epochs, value, share)}.`,
    note: course(epochs, value, share),
    table: [[EPOCH, STAGE, number('Pairs'), number('Share'), { title: 'Decision' }], rows],
    chart: (color) => lineChart(color, epochs, [line],
      { min: 0, suggestedMax: 0.5, ticks: { callback: (tick) => `${Math.round(tick * 100)} %` } }),
  };
}

const known = (value, format) => (value === undefined ? '' : format(value));
const beginning = (epoch) => [String(epoch.number + 1), stageTitle(epoch.stage)];

/** `5.000 after epoch 1, 2.000 after epoch 4` of what is known. */
function course(epochs, value, format) {
  const known = epochs.filter((epoch) => value(epoch) !== undefined);
  const at = (epoch) => `${format(value(epoch))} after epoch ${epoch.number + 1}`;
  return known.length === 1 ? at(known[0]) : `${at(known[0])}, ${at(known.at(-1))}`;
}

function lineChart(color, epochs, lines, scale = {}) {
  return {
    type: 'line',
    data: {
      labels: epochs.map((epoch) => epoch.number + 1),
      datasets: lines.map(({ title, value, color: name, ...look }) => ({
        label: title, data: epochs.map((epoch) => value(epoch) ?? null), borderColor: color(name),
        backgroundColor: color(name), borderWidth: 2, pointRadius: epochs.length > 40 ? 0 : 4, ...look,
      })),
    },
    options: {
      layout: { padding: { top: 16 } },
      scales: { x: axis(color, 'epoch', { offset: true }), y: axis(color, '', scale) },
      plugins: {
        legend: { ...legend(color), display: lines.length > 1 },
        tooltip: { callbacks: {
          title: ([{ label, dataIndex }]) => `Epoch ${label}, ${stageTitle(epochs[dataIndex].stage)}`,
        } },
      },
    },
    plugins: [stageMarks(color, epochs)],
  };
}

/** Lines where a stage begins, with its name above. */
function stageMarks(color, epochs) {
  const begins = [...epochs.keys()].filter((place) => epochs[place].stage !== epochs[place - 1]?.stage);
  return {
    id: 'stages',
    beforeDatasetsDraw({ ctx: context, chartArea: area, scales: { x } }) {
      const half = area.width / epochs.length / 2;
      const edges = [...begins.map((place) => x.getPixelForValue(place) - half), area.right];
      context.save();
      context.font = '11px system-ui, sans-serif';
      context.fillStyle = context.strokeStyle = color('dim');
      context.setLineDash([2, 3]);
      begins.forEach((place, index) => {
        const left = edges[index];
        if (place > 0) context.stroke(new Path2D(`M${left} ${area.top}V${area.bottom}`));
        const title = fitting(context, stageTitle(epochs[place].stage), edges[index + 1] - left - 6);
        context.fillText(title, left + 3, area.top - 5);
      });
      context.restore();
    },
  };
}

/** As much of a text as fits. */
function fitting(context, text, width) {
  let cut = text;
  while (cut && context.measureText(cut === text ? cut : `${cut}…`).width > width) cut = cut.slice(0, -1);
  return cut === text || cut === '' ? cut : `${cut}…`;
}
