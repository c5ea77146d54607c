import { appendFileSync, chmodSync, existsSync, readFileSync } from "node:fs";

const path = ".env";

/** Writes variables that `.env` does not name yet, for this user's eyes only. What it says already stays. Answers the names that were written. */
export function noteInDotEnv(variables: Readonly<Record<string, string>>): string[] {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const fresh = Object.entries(variables).filter(
    ([name]) => !new RegExp(`^\\s*(?:export\\s+)?${name}=[^\\S\\n]*\\S`, "m").test(text),
  );
  if (fresh.length === 0) return [];
  const lines = fresh.map(([name, value]) => `${name}=${value}\n`).join("");
  appendFileSync(path, `${text === "" || text.endsWith("\n") ? "" : "\n"}${lines}`, { mode: 0o600 });
  chmodSync(path, 0o600);
  return fresh.map(([name]) => name);
}
