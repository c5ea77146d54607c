import type { Field } from "./field.ts";
import type { Word } from "./tokens.ts";

/** What a word says about which field comes. */
export type TypedKey =
  | {
      readonly kind: "field";
      readonly field: Field;
      /** The value in the same word; undefined when the next word holds it. */
      readonly value: string | undefined;
      /** Where the value starts within the word. */
      readonly offset: number;
      /** Typed as `--key` alone. */
      readonly bare: boolean;
      /** Typed as `--no-key`. */
      readonly negated: boolean;
    }
  /** `--name`, which is no field. */
  | { readonly kind: "unknown"; readonly name: string }
  | { readonly kind: "none" };

/** Phones turn `--` into a dash, which counts only before a field that exists. */
const flag = /^(--|—|–)(\p{L}[\p{L}\p{N}_-]*)(?:([:=])(.*))?$/su;
const pair = /^(\p{L}[\p{L}\p{N}_-]*)[:=](.*)$/su;

export function keyAt(word: Word, fields: readonly Field[]): TypedKey {
  if (word.head === "") return { kind: "none" };
  return flagKey(word, fields) ?? pairKey(word, fields) ?? { kind: "none" };
}

/** The field with this name or alias, whatever its case; `_` and `-` are the same. */
function fieldNamed(name: string, fields: readonly Field[]): Field | undefined {
  const wanted = name.toLowerCase().replaceAll("_", "-");
  return (
    fields.find((field) => field.name.toLowerCase().replaceAll("_", "-") === wanted) ??
    fields.find(({ aliases = [] }) => aliases.includes(wanted))
  );
}

function flagKey(word: Word, fields: readonly Field[]): TypedKey | undefined {
  const match = flag.exec(word.head);
  if (!match) return undefined;
  const [, dashes = "", name = "", separator, inline = ""] = match;
  const negative = /^no-(.+)$/i.exec(name)?.[1];
  const field = fieldNamed(name, fields);
  const negated = field ? undefined : negative && fieldNamed(negative, fields);
  const found = field ?? (negated && negated.kind === "boolean" ? negated : undefined);
  if (!found) return dashes === "--" ? { kind: "unknown", name: `--${name}` } : undefined;
  const bare = separator === undefined;
  const value = bare ? undefined : inlineValue(word, inline);
  return { kind: "field", field: found, value, offset: word.head.length - inline.length, bare, negated: !field };
}

function pairKey(word: Word, fields: readonly Field[]): TypedKey | undefined {
  const match = pair.exec(word.head);
  const field = match && fieldNamed(match[1] ?? "", fields);
  if (!field) return undefined;
  const inline = match[2] ?? "";
  return {
    kind: "field",
    field,
    value: inlineValue(word, inline),
    offset: word.head.length - inline.length,
    bare: false,
    negated: false,
  };
}

/** `key:` with nothing after it takes the next word: people type a space there. */
function inlineValue(word: Word, inline: string): string | undefined {
  return inline === "" && word.quoted === undefined ? undefined : inline + (word.quoted ?? "");
}
