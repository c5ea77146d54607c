import type { Outcome } from "./gates.ts";

/** The closing lines, the last of them `N passed, N failed`, and the exit code that goes with them. */
export function total(outcomes: readonly Outcome[]): { readonly lines: readonly string[]; readonly code: 0 | 1 } {
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  const notes = outcomes.flatMap((outcome) => outcome.note ?? []);
  return { lines: [...notes, `${passed} passed, ${failed} failed`], code: failed === 0 && passed > 0 ? 0 : 1 };
}
