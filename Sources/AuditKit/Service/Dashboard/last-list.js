// The list of pairs that was looked at last, so that a pair's page can lead on and back to it.

let list;

/** Keeps the list at `address`, with the pair that is selected. */
export function keepList(address, run, pairs, selected) {
  list = { address, run, pairs, selected };
}

/** The list if it is the one at `address`: how many pairs it held, and which was selected. */
export function listAt(address) {
  return list?.address === address ? { length: list.pairs.length, selected: list.selected } : undefined;
}

/** Address of the run's last list, and the pairs before and after one. */
export function around(run, pair) {
  if (list?.run !== run) return {};
  const place = list.pairs.findIndex((other) => isSame(other, pair));
  if (place < 0) return { address: list.address };
  list.selected = list.pairs[place];
  return { address: list.address, before: list.pairs[place - 1], after: list.pairs[place + 1] };
}

/** Whether two records are of one pair. */
export function isSame(one, other) {
  return one !== undefined && other !== undefined && one.ordinal === other.ordinal && one.key === other.key;
}
