import { isSecretName, mask, redact } from "../domain/text/redact.ts";

const depthMax = 8;
const itemsMax = 100;
const textMax = 4_096;
/** Longer texts are named by their size only: redacting megabytes would hold up the loop for a line nobody reads. */
const redactMax = 65_536;

/**
 * A copy of `value` fit for a log line: secrets masked, sizes bounded, cycles cut, errors spelt out with their causes.
 * Never throws, because logging must not be what breaks a command. `stacks`: with where in the code each error was made.
 */
export function scrub(value: unknown, { stacks = true } = {}): unknown {
  return scrubbed(value, { depth: 0, above: new Set(), stacks });
}

/** Text with its secrets masked, cut to what a log line bears. */
export function scrubText(text: string): string {
  if (text.length > redactMax) return `<${text.length} characters>`;
  const safe = redact(text);
  // Cut only after masking: half a secret would no longer look like one.
  return safe.length > textMax ? `${safe.slice(0, textMax)}… <${safe.length} characters>` : safe;
}

interface Walk {
  readonly depth: number;
  /** The objects on the way down to here; meeting one again is a cycle, a mere repeat is not. */
  readonly above: ReadonlySet<object>;
  readonly stacks: boolean;
}

function scrubbed(value: unknown, walk: Walk): unknown {
  switch (typeof value) {
    case "string":
      return scrubText(value);
    case "number":
      // JSON has no NaN or Infinity and would say null.
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return String(value);
    case "symbol":
      return scrubText(String(value));
    case "function":
      return "<function>";
    case "boolean":
    case "undefined":
      return value;
    case "object":
      return value === null ? null : scrubbedObject(value, walk);
  }
}

function scrubbedObject(value: object, walk: Walk): unknown {
  if (walk.above.has(value)) return "<cycle>";
  if (walk.depth >= depthMax) return "<too deep>";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "<no date>" : value.toISOString();
  if (value instanceof URL || value instanceof RegExp) return scrubText(String(value));
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `<${value.byteLength} bytes>`;
  const inner: Walk = { ...walk, depth: walk.depth + 1, above: new Set(walk.above).add(value) };
  if (value instanceof Error) return scrubbedError(value, inner);
  if (value instanceof Map)
    return fromEntries(
      [...value].map(([key, item]) => [nameOf(key), item]),
      inner,
    );
  if (value instanceof Set) return fromItems([...value], inner);
  if (Array.isArray(value)) return fromItems(value, inner);
  return fromEntries(entriesOf(value), inner);
}

/** Message, stack and cause are not enumerable, and they are what a log of an error is for. */
function scrubbedError(error: Error, walk: Walk): unknown {
  const own = entriesOf(error).filter(([name]) => !["name", "message", "stack", "cause", "errors"].includes(name));
  const parts: [string, unknown][] = [
    ["type", error.name],
    ["message", error.message],
  ];
  if (walk.stacks) parts.push(["stack", error.stack]);
  parts.push(...own);
  if (error.cause !== undefined) parts.push(["cause", error.cause]);
  if (error instanceof AggregateError) parts.push(["errors", error.errors]);
  return fromEntries(parts, walk);
}

function fromItems(items: readonly unknown[], walk: Walk): unknown[] {
  const shown = items.slice(0, itemsMax).map((item) => scrubbed(item, walk));
  if (items.length > itemsMax) shown.push(`<${items.length - itemsMax} more>`);
  return shown;
}

function fromEntries(entries: readonly (readonly [string, unknown])[], walk: Walk): Record<string, unknown> {
  const shown = entries
    .slice(0, itemsMax)
    .map(([name, item]): [string, unknown] => [
      scrubText(name),
      isSecretName(name) && item !== undefined && item !== null ? mask : scrubbed(item, walk),
    ]);
  if (entries.length > itemsMax) shown.push(["…", `<${entries.length - itemsMax} more>`]);
  // fromEntries defines each name as its own, so a hostile `__proto__` is data like any other.
  return Object.fromEntries(shown);
}

function entriesOf(value: object): [string, unknown][] {
  return Object.keys(value).map((name) => [name, readOf(value, name)]);
}

/** Reads a property that may be a getter which throws. */
function readOf(value: object, name: string): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return "<unreadable>";
  }
}

function nameOf(key: unknown): string {
  return typeof key === "string" || typeof key === "number" ? String(key) : `<${typeof key}>`;
}
