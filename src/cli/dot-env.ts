import { appendFileSync, chmodSync, existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";

const path = ".env";

/** Writes variables that `.env` gives no value yet, for this user's eyes only. What it says already stays. Answers which it wrote. */
export function noteInDotEnv(variables: Readonly<Record<string, string>>): readonly string[] {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const known = parseEnv(text);
  const fresh = Object.entries(variables).filter(([name]) => !known[name]);
  if (fresh.length === 0) return [];
  const lines = fresh.map(([name, value]) => `${name}=${written(value)}\n`).join("");
  appendFileSync(path, `${text === "" || text.endsWith("\n") ? "" : "\n"}${lines}`, { mode: 0o600 });
  chmodSync(path, 0o600);
  return fresh.map(([name]) => name);
}

/** Bare where that means the same: in a folder's name may be what would begin a comment. */
function written(value: string): string {
  if (parseEnv(`X=${value}`)["X"] === value) return value;
  const quote = value.includes('"') ? "'" : '"';
  return `${quote}${value}${quote}`;
}
