import { z } from "zod";
import type { StepKindOf } from "../../domain/systems/steps.ts";

/** A line for the reader that nothing is done for. */
export const noteStep: StepKindOf<string> = {
  kind: "note",
  key: "note",
  schema: z.string().describe("A line for the reader that nothing is done for."),
  does: "tells",
  placeholders: () => [],
  resolve: (text) => text,
  describe: () => "",
  budgetMs: () => 1_000,
  run: (text) => Promise.resolve({ outcome: "done", detail: text }),
  probe: (text) => Promise.resolve({ outcome: "done", detail: text }),
};
