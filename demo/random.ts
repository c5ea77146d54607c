/** Repeatable chance: the same seed gives the same numbers in the same order. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Standard normal: mean 0, deviation 1. */
  normal(): number;
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<Item>(list: readonly [Item, ...Item[]]): Item;
  /** So many lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** An independent source of its own, so that one part drawing more does not move another. */
  fork(label: string): Random;
}

export function createRandom(seed: number | string): Random {
  const name = String(seed);
  let state = hash(name);
  const next = (): number => {
    // The mulberry32 step: 32 bits of state are plenty for a simulation and cost nothing.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    between: (low, high) => low + (high - low) * next(),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
    hex(digits) {
      let text = "";
      while (text.length < digits) text += Math.floor(next() * 16).toString(16);
      return text;
    },
    fork: (label) => createRandom(`${name}/${label}`),
  };
}

/** A value that is pulled back to `home` and jostled, one step on. */
export function wander(value: number, towards: { home: number; pull: number; noise: number }, random: Random): number {
  return value + towards.pull * (towards.home - value) + towards.noise * random.normal();
}

/** How busy a day is at this moment, around 1: quiet at 03:00 UTC, busiest at 15:00. */
export function dailyRhythm(at: number): number {
  const hour = (at / 3_600_000) % 24;
  return 1 + 0.4 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
}

/** `value` with at most so many decimals. */
export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
