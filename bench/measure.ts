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
