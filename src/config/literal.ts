import type { Finding } from "./problem.ts";

/** Does a key or a variable of this name hold something that nobody but its owner may read? */
export function looksSecret(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const last = words.at(-1)?.replace(/(?<!s)s$/, "") ?? "";
  if (words.at(-2) === "public") return false;
  return /^(token|password|passwd|passphrase|pwd|pass|secret|credential|key|apikey)$/.test(last);
}

/** An address that carries a password, for example `redis://:password@host`. */
export function carriesPassword(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*:[^/?#\s]+@/i.test(text);
}

const issuedTokens = [
  /\bxox[abeoprs]-[\w-]{8,}/,
  /\bxapp-[\w-]{8,}/,
  /\bgh[oprsu]_\w{20,}/,
  /\bglpat-[\w-]{16,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/,
  /\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}/,
];

const placeholders = [
  /\[[A-Z][A-Z _-]*(PHONE|EMAIL|NAME|URL|HOST|TOKEN|KEY|ADDRESS|NUMBER|CONTACT|REASON|DESCRIPTION|DATE|TEAM|CHANNEL|ID)\]/,
  /^\[[A-Z][A-Z0-9 _-]*\]$/,
  /\byour[-_][\w-]*[a-z]/i,
  /\b(change|replace|fill)[-_]?me\b/i,
  /<[A-Z][A-Z0-9_ -]+>/,
  /<your\b[^>]*>/i,
  /^(todo|tbd|fixme|xxx+|placeholder)$/i,
];

/**
 * What may not stand in a config as written: a secret that is not a reference, and a value somebody meant to fill in.
 * The finding never quotes a secret.
 */
export function judgeLiteral(key: string, written: string): Finding | undefined {
  const reference = /(^|[^$])\$\{/.test(written);
  if (looksSecret(key) && !reference && written !== "")
    return {
      message: "a secret stands here in the open",
      remedy: `Put it in the environment and refer to it: \${${variableFor(key)}}.`,
    };
  if (issuedTokens.some((shape) => shape.test(written)))
    return {
      message: "this has the form of a token or private key",
      remedy: `Revoke it, put the new one in the environment and refer to it: \${${variableFor(key)}}.`,
    };
  if (carriesPassword(written.replaceAll(/\$\{[^}]*\}/g, "")))
    return {
      message: "this address carries a password in the open",
      remedy: "Put the whole address in the environment and refer to it: ${NAME}.",
    };
  const placeholder = placeholders.map((shape) => shape.exec(written)?.[0]).find((found) => found !== undefined);
  if (placeholder !== undefined)
    return {
      message: `\`${placeholder}\` is a placeholder nobody has filled in`,
      remedy: "Write the real value, or remove the key.",
    };
  return undefined;
}

function variableFor(key: string): string {
  const name = key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return /^[A-Z]/.test(name) ? name : "SECRET";
}
