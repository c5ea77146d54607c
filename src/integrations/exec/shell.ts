import { z } from "zod";

const VariableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of a variable, as DB_HOST");

export const AbsolutePath = z.string().regex(/^\//, "a whole path, which begins with /");

/** Programs of one folder of this machine: where they run, with which variables, as whom. */
export const ExecConnection = z.strictObject({
  /** The folder that they run in, and that programs are named from. */
  cwd: AbsolutePath,
  /** Variables of the bot's own environment that they get. They get no other. */
  env: z.array(VariableName).default([]),
  /** Variables that are set for them: a text, or where it is: `env:NAME`, `file:/path`. */
  set: z.record(VariableName, z.string()).default({}),
  /** The user that they run as; the bot's own when left out. Only root may name another. */
  user: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, "the name of a user")
    .optional(),
});
export type ExecConnection = z.output<typeof ExecConnection>;

const Named = z.strictObject({ backend: z.string() });
export type Shell = ExecConnection | z.output<typeof Named>;

/** What is run: in one of the system's backends by its name, or as described where it is run. */
export function ofShell<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.union([Named.extend(shape), ExecConnection.extend(shape)]);
}
