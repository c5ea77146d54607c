import type { Sample } from "../../../src/domain/systems/metrics.ts";

export const minute = 60_000;
/** When rules are judged here. */
export const now = Date.UTC(2026, 0, 2, 3, 4);

/** Samples of one value each so many ms, ending before now. */
export function course(
  value: number,
  span: { readonly fromMs: number; readonly toMs?: number; readonly everyMs?: number },
): Sample[] {
  const samples: Sample[] = [];
  for (let back = span.fromMs; back > (span.toMs ?? 0); back -= span.everyMs ?? 15_000)
    samples.push({ at: now - back, value });
  return samples;
}

export const high = { at: now, value: 0.2 };
