import { hidesSecret, isSecretName } from "../domain/text/redact.ts";
import type { Mistake } from "./problem.ts";

/** Does a key or a variable of this name hold something that nobody but its owner may read? */
export function looksSecret(name: string): boolean {
  return isSecretName(name) || (/(?:^|[-_.])keys?$/i.test(name) && !/public[-_.]?keys?$/i.test(name));
}

/** Is this a token, a private key, or an address with a password in it? */
export function holdsSecret(text: string): boolean {
  // The whole of it: a secret may have blanks, quotes and signs in it. Only what goes on as a sentence is none.
  return /-----BEGIN [A-Z ]*PRIVATE KEY/.test(text) || hidesSecret(text.replaceAll(sentenceAfterColon, " "));
}

/** "the token: see the wiki" speaks of a token. Only words that begin a sentence count: any other could be a password. */
const sentenceAfterColon =
  /:\s+(?=(?:see|ask|in|from|the|a|an|is|are|it|kept|stored|of|for|by|at|on|use|not|no|read|get|taken) [a-z])/gi;

interface Place {
  /** The system that it is of, after which a variable for it is named. */
  readonly owner?: string;
  /** Below `auth`, where a reference is written otherwise. */
  readonly isAuth?: boolean;
}

const placeholders = [
  /\[(?:[A-Z][A-Z _-]*)?(PHONE|EMAIL|NAME|URL|HOST|TOKEN|KEY|ADDRESS|NUMBER|CONTACT|REASON|DESCRIPTION|DATE|TEAM|CHANNEL|ID)\]/,
  /^\[[A-Z][A-Z0-9 _-]*\]$/,
  /\byour[-_][\w-]*[a-z]/i,
  /\b(change|replace|fill)[-_]?me\b/i,
  /<[A-Z][A-Z0-9_ -]+>/,
  /<your\b[^>]*>/i,
  /^(todo|tbd|fixme|xxx+|placeholder)$/i,
];

/**
 * What may not stand in a config as written: a secret that is not a reference, and a value somebody meant to fill in.
 * The mistake never quotes a secret.
 */
export function judgeLiteral(key: string, written: string, place: Place = {}): Mistake | undefined {
  const refers = /(^|[^$])\$\{/.test(written) || /^(?:env:[A-Za-z_]\w*|file:\/.+)$/.test(written);
  const counts = /tokens$/i.test(key) && /^\d{1,9}$/.test(written);
  if (looksSecret(key) && !refers && !counts && written !== "") {
    const name = variableFor(key, place.owner ?? "");
    const remedy = `Put it in the environment and refer to it: ${place.isAuth ? `env:${name}` : `\${${name}}`}.`;
    return { message: "a secret stands here in the open", remedy };
  }
  if (holdsSecret(withoutReferences(written))) {
    const remedy =
      "Revoke it, put the new one in the environment and refer to it: ${NAME}. What only speaks of one is written without a sign after its name.";
    return { message: "this holds a token, a password or a private key in the open", remedy };
  }
  const placeholder = placeholders.map((shape) => shape.exec(written)?.[0]).find((found) => found !== undefined);
  if (placeholder === undefined) return undefined;
  const message = `\`${placeholder}\` is a placeholder nobody has filled in`;
  return { message, remedy: "Write the real value, or remove the key." };
}

/** Nothing stands where a reference was; what follows it after a blank does not become the value in its place. */
function withoutReferences(written: string): string {
  return written.replaceAll(/\$\{[^}]*\}(?=\s)/g, ",").replaceAll(/\$\{[^}]*\}/g, "");
}

/** What sends the value says little of it: what is sent as a bearer is a token. */
const namesOfKeys: Readonly<Record<string, string>> = { bearer: "token", value: "key" };

function variableFor(key: string, owner: string): string {
  const name = [owner, namesOfKeys[key] ?? key]
    .join("_")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return /^[A-Z]/.test(name) ? name : "SECRET";
}
