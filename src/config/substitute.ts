import { ownValue } from "../domain/own-value.ts";
import type { Variables } from "./environment.ts";

/** A text after `${NAME}` in it was replaced. */
export interface Substituted {
  readonly text: string;
  /** Names whose values went in. */
  readonly used: readonly string[];
  /** Names that are not set or empty; a stand-in went in. */
  readonly unset: readonly string[];
  /** What began like a reference and is none: `${}`, `${a b}`, `${NAME` without an end. */
  readonly malformed: readonly string[];
}

/**
 * Replaces `${NAME}` by the variable's value and `$${` by `${`. A value is never looked at again, so it can bring in
 * neither further references nor structure.
 */
export function substitute(text: string, variables: Variables): Substituted {
  const used: string[] = [];
  const unset: string[] = [];
  const malformed: string[] = [];
  const replaced = text.replace(/\$\$\{|\$\{([^}]*)(\}|$)/g, (whole, name: string | undefined, end: string) => {
    if (whole === "$${" || name === undefined) return "${";
    if (end !== "}" || !isVariableName(name)) {
      malformed.push(whole);
      return whole;
    }
    const value = ownValue(variables, name);
    if (value !== undefined && value !== "") {
      used.push(name);
      return value;
    }
    unset.push(name);
    return text.startsWith(whole) ? "http://unset.invalid" : "0";
  });
  return { text: replaced, used, unset, malformed };
}

export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
