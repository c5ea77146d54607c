import type { Finding } from "../bot/chat/finding.ts";

/** One line a finding, and under what is wrong the next step. Answers whether all is well. */
export function printFindings(about: string, findings: readonly Finding[]): boolean {
  process.stdout.write(`${about}\n`);
  for (const { what, remedy } of findings) {
    process.stdout.write(remedy === undefined ? `  ✓ ${what}\n` : `  ✗ ${what}\n      → ${remedy}\n`);
  }
  return findings.every((finding) => finding.remedy === undefined);
}
