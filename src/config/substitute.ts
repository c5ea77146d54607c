import { ownValue } from "../domain/own-value.ts";
import type { Variables } from "./environment.ts";

/** A text after `${NAME}` in it was replaced. */
export interface Substituted {
  readonly text: string;
  /** Names whose values went in. */
  readonly used: readonly string[];
  /** Names that are not set or empty; a stand-in went in. */
  readonly unset: readonly string[];
  /** Names that stay references, as `${env:NAME}`, and are resolved when something is sent. */
  readonly kept: readonly string[];
  /** What began like a reference and is none: `${}`, `${a b}`, `${NAME` without an end. */
  readonly malformed: readonly string[];
}

/**
 * Replaces `${NAME}` by the variable's value and `$${` by `${`. A value is never looked at again, so it can bring in
 * neither further references nor structure. Where references are kept, `$${env:` stays as written: whoever resolves them when
 * sending takes the escape away, and would take what is left of it now for a reference.
 */
export function substitute(
  text: string,
  variables: Variables,
  keeps?: (name: string, at: number) => boolean,
): Substituted {
  const kept: string[] = [];
  const used: string[] = [];
  const unset: string[] = [];
  const malformed: string[] = [];
  const replaced = text.replace(
    /\$\$\{|\$\{([^}]*)(\}|$)/g,
    (whole, written: string | undefined, end: string, at: number) => {
      const explicit = written?.startsWith("env:") ?? false;
      const name = explicit ? written?.slice(4) : written;
      if (whole === "$${" || name === undefined) return keeps && text.startsWith("$${env:", at) ? "$${" : "${";
      if (end !== "}" || !isVariableName(name)) {
        malformed.push(whole);
        return whole;
      }
      const value = ownValue(variables, name);
      if (value !== undefined && value !== "") {
        if (explicit || keeps?.(name, at) === true) {
          kept.push(name);
          return `\${env:${name}}`;
        }
        used.push(name);
        return value;
      }
      unset.push(name);
      return text.startsWith(whole) ? "http://unset.invalid" : "0";
    },
  );
  return { text: replaced, used, unset, kept, malformed };
}

export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
