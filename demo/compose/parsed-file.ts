import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * What a file of Compose says, as YAML or JSON. An engine keeps what it has parsed by the text itself, because it is started for
 * each question and loading a parser takes longer than all the rest. Throws for what is neither.
 */
export function parsedFile(text: string, engine: string): unknown {
  const kept = join(engine, "parsed", `${createHash("sha256").update(text).digest("hex")}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8"));
  const yaml: typeof import("yaml") = createRequire(import.meta.url)("yaml");
  const parsed: unknown = yaml.parse(text);
  // An engine whose folder is not there does not run, and keeps nothing.
  if (!existsSync(engine)) return parsed;
  mkdirSync(join(engine, "parsed"), { recursive: true });
  const whole = `${kept}.${process.pid}`;
  writeFileSync(whole, JSON.stringify(parsed));
  renameSync(whole, kept);
  return parsed;
}
