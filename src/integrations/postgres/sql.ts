import { z } from "zod";
import type { Placeholder } from "../../domain/systems/placeholders.ts";

const longestSql = 8_000;

/** What is quoted or a remark, as it stands; or an argument. */
const parts = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\{([a-z][a-z0-9_-]*)\}/g;

/** Functions that do something although they are asked like a value: a transaction that only reads does not keep them back. */
const acting =
  /\b(?:pg_(?:terminate_backend|cancel_backend|reload_conf|rotate_logfile|switch_wal|promote|notify|create_restore_point|wal_replay_\w+|(?:try_)?advisory_\w+|log_backend_memory_contexts|(?:create|drop)_\w*replication_slot\w*|replication_\w+_(?:advance|reset|drop|create|setup)|export_snapshot)|\w+_reset\w*|dblink\w*|set_config|lo_\w+|pg_read_\w*file)\s*\(/i;

/** One statement that only reads. `{name}` is an argument, which goes beside it and never into it. */
export const Sql = z
  .string()
  .min(1)
  .max(longestSql)
  .refine((sql) => quotedArgument(sql) === undefined, {
    error: ({ input }) =>
      `{${quotedArgument(String(input)) ?? ""}} stands in quotes: an argument stands alone, as in state = {state}`,
  })
  .refine(
    (sql) => !acting.test(sql),
    "it calls a function that does something: what acts is a step of an operation, which people agree on",
  );

/** SQL without arguments. */
export const FixedSql = Sql.refine(
  (sql) => sqlArguments(sql).length === 0,
  "an argument does not go into it: read all, and pick in a condition",
);

/** The statement with `$1` for its first argument, and which is which. */
export function withParameters(sql: string): { readonly text: string; readonly names: readonly string[] } {
  const names: string[] = [];
  const text = sql.replaceAll(parts, (whole, name: string | undefined) => {
    if (name === undefined) return whole;
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  return { text, names };
}

/** The arguments that it refers to. One that is left out is NULL there. */
export function sqlArguments(sql: string): Placeholder[] {
  return withParameters(sql).names.map((name) => ({ name, inAddress: false }));
}

function quotedArgument(sql: string): string | undefined {
  for (const [whole, name] of sql.matchAll(parts)) {
    if (name !== undefined || whole.startsWith("--") || whole.startsWith("/*")) continue;
    const quoted = /\{([a-z][a-z0-9_-]*)\}/.exec(whole)?.[1];
    if (quoted !== undefined) return quoted;
  }
  return undefined;
}
