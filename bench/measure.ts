/** One line of a published table. Latencies are in milliseconds, as one caller saw them. */
export interface Row {
  readonly name: string;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** What it was measured against in the same run: our rate divided by the rival's. */
  readonly ratio?: number;
  /** The least ratio we publish. */
  readonly target?: number;
}

/** The value at a share of the sorted samples, nearest rank. NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Keeps `callers` calls under way until `total` have been answered. `call` gets the number of the call. */
export async function measure(
  name: string,
  load: { readonly total: number; readonly callers: number },
  call: (number: number) => unknown,
): Promise<Row> {
  const latencies: number[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < load.total) {
      const number = next;
      next += 1;
      const start = performance.now();
      await call(number);
      latencies.push(performance.now() - start);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: load.callers }, caller));
  const seconds = (performance.now() - start) / 1_000;
  return {
    name,
    perSecond: load.total / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

/** The same row, held against its rival. */
export function against(row: Row, rival: Row, target?: number): Row {
  const ratio = row.perSecond / rival.perSecond;
  return target === undefined ? { ...row, ratio } : { ...row, ratio, target };
}

/** A table for people, one line a row. */
export function printRows(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}`);
  for (const { name, perSecond, p50, p99, ratio, target } of rows) {
    const figures = `${Math.round(perSecond).toString().padStart(8)}/s  p50 ${p50.toFixed(2).padStart(7)} ms  p99 ${p99.toFixed(2).padStart(7)} ms`;
    const held =
      ratio === undefined ? "" : `  ${ratio.toFixed(2)}x raw${target === undefined ? "" : ` (target ${target})`}`;
    console.log(`${name.padEnd(44)}${figures}${held}`);
  }
}

/** A figure for another answer would be worth nothing. */
export function sameRows(got: number, expected: number): void {
  if (got !== expected) throw new Error(`${got} rows instead of ${expected}`);
}

/** Takes turns, so that whatever else the machine does weighs on all alike. The result is in ms per contestant. */
export async function alternating(rounds: number, contestants: readonly (() => Promise<void>)[]): Promise<number[][]> {
  const times: number[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) times[index]?.push(await timed(contestant));
  }
  return times;
}

/** How long it takes, in ms. */
export async function timed(work: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

/** Samples of one contestant, in ms, as a row. */
export function rowOf(name: string, times: readonly number[] = []): Row {
  const p50 = percentile(times, 0.5);
  return { name, perSecond: 1_000 / p50, p50, p99: percentile(times, 0.99) };
}
