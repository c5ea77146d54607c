import type { Diagnosis } from "../bot/chat/diagnosis.ts";

/** One line a finding, and under what is not well the next step. Answers whether nothing is wrong. */
export function printFindings(about: string, findings: readonly Diagnosis[]): boolean {
  process.stdout.write(`${about}\n`);
  for (const { what, remedy, caution = false } of findings) {
    process.stdout.write(
      remedy === undefined ? `  ✓ ${what}\n` : `  ${caution ? "!" : "✗"} ${what}\n      → ${remedy}\n`,
    );
  }
  return findings.every(({ remedy, caution = false }) => remedy === undefined || caution);
}
