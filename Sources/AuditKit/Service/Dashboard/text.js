// Numbers, times and names as audit-cli prints them.

/** `8,121`. */
export function count(value) {
  return String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, ',').replace(/^/, value < 0 ? '-' : '');
}

/** `1 pair`, `8,121 pairs`. */
export function counted(value, singular, plural = `${singular}s`) {
  return `${count(value)} ${value === 1 ? singular : plural}`;
}

/** `digits` decimals; never `-0`. */
export function decimal(value, digits = 3) {
  if (!Number.isFinite(value)) return 'unknown';
  const text = value.toFixed(digits);
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}

/** A share of one as per cent: `13.9 %`, `0.02 %`, `100 %`. */
export function share(value) {
  if (!Number.isFinite(value)) return 'unknown';
  const percent = value * 100;
  const size = Math.abs(percent);
  if (size !== 0 && size < 0.005) return 'below 0.01 %';
  return `${decimal(percent, size >= 99.95 || size === 0 ? 0 : size >= 1 ? 1 : 2)} %`;
}

/** Three decimals, but never 1 or 0 for what is neither. */
export function risk(value) {
  if (value === undefined) return '';
  if (value < 1 && value > 0.9995) return '>0.999';
  if (value > 0 && value < 0.0005) return '<0.001';
  return decimal(value);
}

/** A rate with about three digits: `812`, `45.3`, `3.21`. */
export function rate(value) {
  if (value >= 1000) return count(Math.round(value));
  return decimal(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}

/** The two largest units of a time: `45 s`, `6 min 31 s`, `3 h 05 min`, `2 d 04 h`. */
export function duration(seconds) {
  if (!(seconds >= 0) || seconds >= 1e9) return 'unknown';
  if (seconds < 9.95 && !Number.isInteger(seconds)) return `${decimal(seconds, 1)} s`;
  const whole = Math.round(seconds);
  const two = (value) => String(Math.floor(value)).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${two((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86400)} d ${two((whole % 86400) / 3600)} h`;
}

/** A moment in the reader's time zone: `2026-11-25 18:22`. */
export function moment(text) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  const two = (value) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} `
    + `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Time between two moments; undefined where one is missing. */
export function between(from, to) {
  return from && to ? duration(Math.max(0, Math.round((new Date(to) - new Date(from)) / 1000))) : undefined;
}

/** An estimate's value; an interval of everything means that there were too few pairs to tell. */
export function estimated(estimate) {
  return isUnknown(estimate) ? 'unknown' : share(estimate.value);
}

/** An estimate's 95 % interval. */
export function interval(estimate, format = share) {
  if (isUnknown(estimate)) return 'too few pairs to tell';
  return estimate.low === undefined ? '' : `${format(estimate.low)} to ${format(estimate.high)}`;
}

export function isUnknown(estimate) {
  return estimate.low === 0 && estimate.high === 1;
}

const STAGES = {
  warmUp: 'unimodal warm-up', slowPass: 'slow CLIP pass', mixed: 'mixed training', plain: 'CLIP training',
  cleaning: 'cleaning',
};
const ESTIMATES = {
  mismatchRate: 'that behave like shuffled ones', mixtureRiskyShare: "in the mixture's lower component",
};

export const stageTitle = (stage) => STAGES[stage] ?? words(stage);
export const estimateTitle = (name) => ESTIMATES[name] ?? words(name);

/** `firstCapReached` as `first cap reached`, `recallAt10` as `recall@10`; abbreviations keep their capitals. */
export function words(name) {
  return name.replace(/At(?=\d)/, '@')
    .replace(/([a-z0-9])([A-Z])(?![A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`)
    .replace(/([a-z])([A-Z])/g, '$1 $2');
}

const PHASES = {
  reading: 'reading the crawl', thumbnails: 'decoding images', vocabulary: 'learning the vocabulary',
  writing: 'writing the report',
};

/** What a running scan does, as `audit-cli scan` logs it. */
export function progressText(progress) {
  const stage = progress.isScoring ? 'scoring' : progress.stage && stageTitle(progress.stage);
  const title = stage || (PHASES[progress.phase] ?? progress.phase);
  const parts = [];
  if (progress.epochs) parts.push(`epoch ${Math.min(progress.epoch + 1, progress.epochs)} of ${progress.epochs}`);
  if (progress.steps) parts.push(`step ${count(progress.step)} of ${count(progress.steps)}`);
  if (progress.done !== undefined) {
    parts.push(count(progress.done) + (progress.total === undefined ? '' : ` of ${count(progress.total)}`));
  }
  if (progress.loss !== undefined && !progress.isScoring) parts.push(`loss ${decimal(progress.loss)}`);
  if (progress.perSecond) parts.push(`${rate(progress.perSecond)} ${progress.epochs ? 'pairs' : 'items'}/s`);
  return parts.length ? `${title}: ${parts.join(', ')}` : title;
}

/** Nested settings as `training.batchSize` and value, in order of names. */
export function flatSettings(value, prefix = '') {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, inner]) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? flatSettings(inner, `${prefix}${name}.`) : [[prefix + name, settingText(inner)]]);
}

/** A setting's value. */
export function settingText(value) {
  if (value === undefined) return 'not set';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
