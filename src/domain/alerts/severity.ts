import { z } from "zod";
import type { FoundAlert } from "./alert.ts";

/** A source's own word for a severity, in whatever case → ours. The own word is always shown beside it. */
export const SeverityWords = z.record(z.string(), z.enum(["critical", "warning", "info"]));
export type SeverityWords = z.output<typeof SeverityWords>;

/** A word nobody mapped is still an alert: it is shown, and never taken for harmless. */
export function severityOf(own: string, words: SeverityWords): FoundAlert["severity"] {
  return Object.entries(words).find(([word]) => word.toLowerCase() === own.toLowerCase())?.[1] ?? "warning";
}
