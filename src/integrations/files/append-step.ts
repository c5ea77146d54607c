import { z } from "zod";
import { BackendError, UserError } from "../../domain/failure.ts";
import { textOfDatum } from "../../domain/systems/exact.ts";
import { argumentsIn, fillText } from "../../domain/systems/placeholders.ts";
import type { StepEnd, StepKindOf } from "../../domain/systems/steps.ts";
import { inert } from "../../domain/text/inert.ts";
import { redact } from "../../domain/text/redact.ts";
import { appendLine, findLine } from "./append-line.ts";
import { isUnwritten } from "./unwritten.ts";

const AppendLine = z.strictObject({
  file: z.string().regex(/^\//, "a whole path, which begins with /"),
  /** What is written, with its arguments; the step's key in brackets is put behind it. */
  line: z
    .string()
    .min(1)
    .max(1_000)
    .refine((line) => inert(line) === line, "one line, of what is seen"),
  /** The file may be made, in a folder that is there. */
  create: z.boolean().default(false),
});
type AppendLine = z.output<typeof AppendLine>;

/** Characters, with what is put in. */
const longestLine = 2_000;

/** Writes one line at the end of a file, once for each idempotency key, which stands in it. */
export const appendLineStep: StepKindOf<AppendLine> = {
  kind: "appendLine",
  key: "appendLine",
  schema: AppendLine,
  does: "changes",
  placeholders: ({ line }) => argumentsIn(line).map((name) => ({ name, inAddress: true })),
  resolve(step, values) {
    const line = textOfDatum(fillText(step.line, values)) ?? step.line;
    if (inert(line) !== line)
      throw new UserError(
        "The line would hold line ends or characters that nobody sees, so it is not written.",
        "Write it on one line, without them.",
      );
    if (line.trim() === "") throw new UserError("The line would be empty, so it is not written.");
    if (line.length > longestLine)
      throw new UserError(`The line would be longer than ${longestLine} characters, so it is not written.`);
    return { ...step, line: redact(line) };
  },
  describe: ({ file, line }) => `${JSON.stringify(line)} at the end of ${file}`,
  budgetMs: () => 10_000,
  run: (step, { key }) => writeOnce(step, key),
  probe: async (step, key, elapsedMs): Promise<StepEnd> => {
    try {
      const { is } = await findLine(step.file, entryOf(step, key));
      return heldAs(is, step.file, is === "absent" && (await isUnwritten(step.file, elapsedMs)));
    } catch (error) {
      return { outcome: "unknown", detail: whyNotOf(error) };
    }
  },
  canProbe: () => true,
};

function entryOf({ line }: AppendLine, key: string): string {
  return `${line} [${key}]`;
}

async function writeOnce(step: AppendLine, key: string): Promise<StepEnd> {
  const { file, create } = step;
  const line = entryOf(step, key);
  try {
    const before = await findLine(file, line).catch((error: unknown) => {
      if (create && error instanceof BackendError && error.fault === "missing") return { is: "absent", endsLine: true };
      throw error;
    });
    if (before.is === "held") return { outcome: "done", detail: `${file} held the line already` };
    await appendLine(file, { line, endsLine: before.endsLine, create });
  } catch (error) {
    return { outcome: error instanceof BackendError ? "refused" : "unknown", detail: whyNotOf(error) };
  }
  try {
    const { is } = await findLine(file, line);
    if (is === "held") return { outcome: "done", detail: `${file} holds the line, read back` };
    return { outcome: "unknown", detail: `${file} was written, and does not hold the line now` };
  } catch (error) {
    return { outcome: "unknown", detail: whyNotOf(error) };
  }
}

function heldAs(is: "held" | "absent" | "beyond", file: string, isAsBefore: boolean): StepEnd {
  switch (is) {
    case "held":
      return { outcome: "done", detail: `${file} holds the line` };
    case "absent":
      return isAsBefore
        ? { outcome: "refused", detail: `${file} does not hold the line, and nobody has written it since` }
        : { outcome: "unknown", detail: `${file} does not hold the line; it may have held it, and been rotated since` };
    case "beyond":
      return { outcome: "unknown", detail: `the last 4 MiB of ${file} do not hold the line` };
  }
}

function whyNotOf(error: unknown): string {
  return error instanceof BackendError ? error.message : "it is not known whether the line was written whole";
}
