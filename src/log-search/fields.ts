import { writeExactly } from "../domain/systems/exact.ts";
import { isSecretName, mask, redact } from "../domain/text/redact.ts";

/** A parsed record: JSON object, CSV row by column, or the `name=value` pairs of a plain line. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The values a name stands for: the field itself, else the path its dots describe. On the way down every element of an
 * array counts, so `reason_codes` and `legs.symbol` reach into lists.
 */
export function fieldValues(fields: Fields, name: string): unknown[] {
  if (Object.hasOwn(fields, name)) return spread(fields[name]);
  let found: unknown[] = [fields];
  for (const part of name.split(".")) {
    found = found.flatMap((value) => (isFields(value) && Object.hasOwn(value, part) ? spread(value[part]) : []));
  }
  return found;
}

function spread(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flatMap(spread) : [value];
}

/** The text of a value as people would type it in a filter. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : writeExactly(value);
}

/** True when any part of a field's path is a secret's name or hidden by the source. */
export function isHidden(name: string, hide: readonly string[]): boolean {
  return hide.includes(name) || name.split(".").some((part) => hide.includes(part) || isSecretName(part));
}

/** The fields asked for that the record has, as text without secrets. */
export function fieldsToShow(
  fields: Fields,
  names: readonly string[],
  hide: readonly string[],
): Record<string, string> {
  const shown: [string, string][] = [];
  for (const name of names) {
    const values = fieldValues(fields, name);
    if (values.length === 0) continue;
    const text = values.map((value) => redact(textOf(withoutHidden(value, hide)))).join(", ");
    shown.push([name, isHidden(name, hide) ? mask : text]);
  }
  return Object.fromEntries(shown);
}

/** A copy whose hidden and secret-named fields are masked, at any depth. */
export function withoutHidden(value: unknown, hide: readonly string[], path = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutHidden(item, hide, path));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const full = path === "" ? name : `${path}.${name}`;
      return [name, hide.includes(full) || isHidden(name, hide) ? mask : withoutHidden(item, hide, full)];
    }),
  );
}

const pair = /(?:^|[\s,;([{])([A-Za-z_][\w.-]{0,60})=(?:"([^"]{0,2000})"|([^\s,;"')\]}]{1,500}))/g;

/** The `name=value` pairs of a plain line. */
export function pairsOf(line: string): Fields {
  const found: [string, string][] = [];
  for (const match of line.matchAll(pair)) found.push([match[1] ?? "", match[2] ?? match[3] ?? ""]);
  return Object.fromEntries(found);
}
