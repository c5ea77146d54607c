import { ownValue } from "../domain/own-value.ts";
import { literalText } from "../domain/text/reference.ts";
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
 * neither further references nor structure. Where references are kept, all else that reads like one is escaped, whether the
 * file or a value wrote it: whoever resolves them when sending takes the escape away.
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
  let whole = "";
  let literal = "";
  let done = 0;
  const endLiteral = (): void => {
    whole += keeps ? literalText(literal) : literal;
    literal = "";
  };
  for (const found of text.matchAll(/\$\$\{|\$\{([^}]*)(\}|$)/g)) {
    const [written, inside, end] = found;
    literal += text.slice(done, found.index);
    done = found.index + written.length;
    const explicit = inside?.startsWith("env:") ?? false;
    const name = explicit ? inside?.slice(4) : inside;
    const value = name === undefined ? undefined : ownValue(variables, name);
    if (name === undefined) literal += "${";
    else if (end !== "}" || !isVariableName(name)) {
      malformed.push(written);
      literal += written;
    } else if (value === undefined || value === "") {
      unset.push(name);
      literal += text.startsWith(written) ? "http://unset.invalid" : "0";
    } else if (explicit || keeps?.(name, found.index) === true) {
      kept.push(name);
      endLiteral();
      whole += `\${env:${name}}`;
    } else {
      used.push(name);
      literal += value;
    }
  }
  literal += text.slice(done);
  endLiteral();
  return { text: whole, used, unset, kept, malformed };
}

export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
