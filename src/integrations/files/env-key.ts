import { z } from "zod";
import { BackendError, UserError } from "../../domain/failure.ts";
import { textOfDatum } from "../../domain/systems/exact.ts";
import { argumentsIn, fillText, type PlanValues } from "../../domain/systems/placeholders.ts";
import { closeReadKind, type ReadKind } from "../../domain/systems/reads.ts";
import type { StepEnd, StepKindOf } from "../../domain/systems/steps.ts";
import { hidesSecret, isSecretName } from "../../domain/text/redact.ts";
import { stepFailureWords } from "../wire/step-failure.ts";
import { readKey, writeKey } from "./env-file.ts";
import { isUnwritten } from "./unwritten.ts";

const WholePath = z.string().regex(/^\//, "a whole path, which begins with /");
const form = /^[A-Za-z_][A-Za-z0-9_]*$/;
const formWords = "the name of a variable, as TRADING_MODE";
const secretWords = "its value is a secret, which is neither shown nor set from here";
const KeyName = z
  .string()
  .regex(form, formWords)
  .refine((name) => !isSecretName(name), secretWords);

const ReadEnvKey = z.strictObject({ file: WholePath, name: KeyName });
export const EnvKeyFact = z.strictObject({ envFile: ReadEnvKey });

/** The value of one key. Throws BackendError, also for one that looks like a secret. */
export async function valueOfKey({ file, name: key }: z.output<typeof ReadEnvKey>): Promise<string> {
  const value = await readKey(file, key);
  if (hidesSecret(`${key}=${value}`))
    throw new BackendError(file, {
      fault: "refused",
      detail: `holds what looks like a secret as ${key}, which is not shown`,
    });
  return value;
}

export const envKeyRead: ReadKind = closeReadKind<z.output<typeof ReadEnvKey>>({
  kind: "envFile",
  schema: ReadEnvKey,
  placeholders: () => [],
  resolve: (spec) => spec,
  describe: ({ file, name: key }) => `${key} in ${file}`,
  read: async (spec) => ({ value: await valueOfKey(spec) }),
});

const SetEnvKey = z.strictObject({
  file: WholePath,
  /** One that arguments bring is judged when it is known. */
  name: z
    .string()
    .refine((name) => argumentsIn(name).length > 0 || form.test(name), formWords)
    .refine((name) => !isSecretName(name), secretWords),
  value: z.string().max(1_000),
  /** It may be added where it does not stand there yet. */
  create: z.boolean().default(false),
});
type SetEnvKey = z.output<typeof SetEnvKey>;

/** Sets one key of a file of variables, reads it back, and touches nothing else in it. */
export const envKeyStep: StepKindOf<SetEnvKey> = {
  kind: "envFile",
  key: "envFile",
  schema: SetEnvKey,
  does: "changes",
  placeholders: ({ name, value }) =>
    [name, value].flatMap(argumentsIn).map((each) => ({ name: each, inAddress: true })),
  resolve(written, values) {
    const step = { ...written, name: keyIn(written.name, values) };
    const value = textOfDatum(fillText(step.value, values)) ?? step.value;
    if (/['\\\p{Cc}]/u.test(value))
      throw new UserError(`${step.name} takes no value with quotes, backslashes or line ends, so nothing was planned.`);
    if (hidesSecret(`${step.name}=${value}`))
      throw new UserError(`The value of ${step.name} looks like a secret, so nothing was planned.`);
    return { ...step, value };
  },
  describe: ({ file, name: key, value }) => `${key}=${value} in ${file}`,
  budgetMs: () => 10_000,
  run: setKey,
  probe: async ({ file, name: key, value }, _key, elapsedMs): Promise<StepEnd> => {
    try {
      const now = await valueOfKey({ file, name: key });
      const holds = `${file} holds ${key}=${now}`;
      if (now === value) return { outcome: "done", detail: holds };
      return (await isUnwritten(file, elapsedMs))
        ? { outcome: "refused", detail: `${holds}, and nobody has written it since` }
        : { outcome: "unknown", detail: `${holds}; it may have been written since, and changed again` };
    } catch (error) {
      return { outcome: "unknown", detail: stepFailureWords(error) };
    }
  },
  canProbe: () => true,
};

function keyIn(written: string, values: PlanValues): string {
  const name = KeyName.safeParse(textOfDatum(fillText(written, values)));
  if (name.success) return name.data;
  throw new UserError(
    `${written}, with what was put into it, is no name of a variable that may be set, so nothing was planned.`,
  );
}

async function setKey({ file, name: key, value, create }: SetEnvKey): Promise<StepEnd> {
  try {
    const changed = await writeKey(file, { key, value, create });
    if (!changed) return { outcome: "done", detail: `${file} held ${key}=${value} already` };
  } catch (error) {
    if (error instanceof BackendError) return { outcome: "refused", detail: error.message };
    return { outcome: "unknown", detail: `it is not known whether ${file} was written and is on disk` };
  }
  try {
    const now = await readKey(file, key);
    if (now === value) return { outcome: "done", detail: `${file} holds ${key}=${value}, read back` };
    return { outcome: "unknown", detail: `${file} was written, and holds another ${key} now` };
  } catch (error) {
    return { outcome: "unknown", detail: stepFailureWords(error) };
  }
}
