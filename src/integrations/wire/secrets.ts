import { readFile } from "node:fs/promises";
import { rememberSecret } from "../../domain/text/known-secrets.ts";

/** Looks secrets up where references say they are, at each use, so that one that was rotated is the new one. */
export interface Secrets {
  /** Takes `env:NAME` or `file:/path`. Throws MissingSecret. */
  read(reference: string): Promise<string>;
}

/** Says what is not there and what to do; never holds a value. */
export class MissingSecret extends Error {
  override name = "MissingSecret";
}

/** Characters. The files of every public authority are a third of it. */
const largestFile = 1_048_576;

export function createSecrets(variable: (name: string) => string | undefined): Secrets {
  return {
    async read(reference) {
      const name = /^env:(\w+)$/.exec(reference)?.[1];
      const value = name === undefined ? await readSecretFile(reference.replace(/^file:/, "")) : variable(name);
      const secret = (value ?? "").replace(/\r?\n$/, "");
      if (secret === "")
        throw new MissingSecret(`the variable ${name ?? "?"} is not set: set it in the bot's environment`);
      rememberSecret(secret);
      return secret;
    },
  };
}

/** The text of a file that is small enough for what it is to hold. Throws MissingSecret. */
export async function readSecretFile(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    throw new MissingSecret(`the file ${path} cannot be read: check that it is there and that the bot may read it`);
  }
  if (text.trim() === "") throw new MissingSecret(`the file ${path} is empty: put in what it is to hold`);
  if (text.length > largestFile)
    throw new MissingSecret(`the file ${path} is too large for a credential: name the file that holds it`);
  return text;
}

/** A reference inside a text, as a config leaves it where a secret variable stood. */
const within = /\$(\$\{env:)|\$\{(env:[A-Za-z_]\w*)\}/g;

/** The text with its references resolved, each encoded for where it stands. Throws MissingSecret. */
export async function resolveText(secrets: Secrets, text: string, encode: (value: string) => string): Promise<string> {
  const names = new Set([...text.matchAll(within)].map((found) => found[2] ?? "").filter((name) => name !== ""));
  const values = new Map<string, string>();
  for (const name of names) values.set(name, encode(await secrets.read(name)));
  return text.replace(
    within,
    (whole, literal: string | undefined, name: string | undefined) => literal ?? values.get(name ?? "") ?? whole,
  );
}
