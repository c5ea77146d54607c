import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * What a file of Compose says, as YAML or JSON. An engine keeps what it has parsed by the text itself, because it is started for
 * each question and loading a parser takes longer than all the rest. Throws for what is neither.
 */
export function parsedFile(text: string, engine: string): unknown {
  const hash = createHash("sha256").update(text).digest("hex");
  const kept = join(engine, "parsed", `${hash}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8"));
  const parsed = asJson.get(hash) ?? parseAsJson(text);
  asJson.set(hash, parsed);
  // An engine whose folder is not there does not run, and keeps nothing.
  if (!existsSync(engine)) return JSON.parse(parsed);
  mkdirSync(join(engine, "parsed"), { recursive: true });
  const whole = `${kept}.${process.pid}`;
  writeFileSync(whole, parsed);
  renameSync(whole, kept);
  return JSON.parse(parsed);
}

/** What this process has parsed for whichever engine, by the hash of the text: one that starts the demo again parses nothing. */
const asJson = new Map<string, string>();

function parseAsJson(text: string): string {
  const yaml: typeof import("yaml") = createRequire(import.meta.url)("yaml");
  // An empty file says nothing, which JSON writes as null.
  return JSON.stringify(yaml.parse(text) ?? null);
}
