import type { Thing } from "./kinds.ts";
import { badRequest } from "./status.ts";

export type Matcher = (object: Thing) => boolean;

type Labels = Readonly<Record<string, string>>;

/** A label selector as the API takes it: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. Empty takes everything. */
export function labelMatcher(selector: string): Matcher {
  const tests = parts(selector).map(labelTest);
  return (object) => {
    const labels = object.metadata.labels ?? {};
    return tests.every((test) => test(labels));
  };
}

function labelTest(part: string): (labels: Labels) => boolean {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part);
  if (set) {
    const [, key = "", operator, list = ""] = set;
    const values = new Set(list.split(",").map((each) => each.trim()));
    return (labels) => values.has(labels[key] ?? "\0") === (operator === "in");
  }
  const compared = /^([^\s!=]+)\s*(!=|==?)\s*(\S*)$/.exec(part);
  if (compared) {
    const [, key = "", operator, value = ""] = compared;
    return (labels) => (labels[key] === value) === (operator !== "!=");
  }
  const exists = /^(!?)\s*([^\s!=(),]+)$/.exec(part);
  if (!exists) throw badRequest(`unable to parse requirement: found '${part}'`);
  const [, not, key = ""] = exists;
  return (labels) => Object.hasOwn(labels, key) === (not === "");
}

/** At the commas outside of brackets. */
function parts(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** A field selector: `metadata.name=x,status.phase!=Running`. A field that the object lacks is empty. */
export function fieldMatcher(selector: string): Matcher {
  const tests = parts(selector).map((part) => {
    const [, path = "", operator, value = ""] = /^([^\s!=]+)\s*(!=|==?)\s*(.*)$/.exec(part) ?? [];
    if (path === "") throw badRequest(`invalid selector: '${selector}'; can't understand '${part}'`);
    return (object: Thing) => (fieldOf(object, path) === value) === (operator !== "!=");
  });
  return (object) => tests.every((test) => test(object));
}

function fieldOf(object: Thing, path: string): string {
  let value: unknown = object;
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null) return "";
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
