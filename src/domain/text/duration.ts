import { z } from "zod";

/** A length of time as people write it: `500ms`, `30s`, `15m`, `2h`, `7d`. The output is the text. */
export const DurationText = z.string().regex(/^\d+(ms|s|m|h|d)$/, {
  error: "a duration is a whole number with ms, s, m, h or d, for example 30s",
  // What else is said of it speaks of how long it is.
  abort: true,
});

/** A length of time as people write it. The output is milliseconds. */
export const Duration = DurationText.transform((text) => parseDuration(text));

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `500ms`, `30s`, `15m`, `2h`, `7d`; NaN when it is none of these. */
export function parseDuration(text: string): number {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text.trim());
  return match ? Number(match[1]) * (unitMs[match[2] ?? ""] ?? Number.NaN) : Number.NaN;
}

/** `750 ms`, `2 s`, `1.5 s`, `4 min`: how long something took or may take. */
export function showWait(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  return `${Math.round(ms / 60_000)} min`;
}
