import type { Diagnosis } from "../bot/chat/diagnosis.ts";

/** One line a finding, and under what is wrong the next step. Answers whether all is well. */
export function printFindings(about: string, findings: readonly Diagnosis[]): boolean {
  process.stdout.write(`${about}\n`);
  for (const { what, remedy } of findings) {
    process.stdout.write(remedy === undefined ? `  ✓ ${what}\n` : `  ✗ ${what}\n      → ${remedy}\n`);
  }
  return findings.every((finding) => finding.remedy === undefined);
}
