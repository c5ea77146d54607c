import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";

/** Lua files beside this one, one after the other. */
export interface Script {
  readonly source: string;
  readonly sha: string;
}

export function loadScript(...files: readonly string[]): Script {
  const source = files.map((file) => readFileSync(new URL(file, import.meta.url), "utf8")).join("");
  return { source, sha: hash("sha1", source, "hex") };
}

/** Runs a script on the root key. A server that has forgotten it (restart, failover) gets the source. */
export async function runScript(redis: Redis, script: Script, args: readonly (string | number)[]): Promise<unknown> {
  const [root, ...rest] = args;
  try {
    return await redis.evalsha(script.sha, 1, root ?? "", ...rest);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return redis.eval(script.source, 1, root ?? "", ...rest);
  }
}
