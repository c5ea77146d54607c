import type { Operation, Scalar, Step, WaitStep } from "./operation.ts";

const placeholder = /\{([a-z][a-z0-9_-]*)\}/g;

type Values = Readonly<Record<string, string | number>>;

/** The names of the arguments that the operation's steps refer to, and whether an address does. */
export function placeholdersIn(
  operation: Operation,
): readonly { readonly name: string; readonly inAddress: boolean }[] {
  return [...operation.steps, ...operation.verify].flatMap((step) => {
    if ("note" in step) return [];
    const addresses = "http" in step ? [step.http.url, step.http.probe ?? ""] : [step.waitUntil.url];
    const texts = "http" in step ? Object.values(step.http.json ?? {}) : [expected(step)];
    return [
      ...addresses.flatMap(named).map((name) => ({ name, inAddress: true })),
      ...texts.flatMap(named).map((name) => ({ name, inAddress: false })),
    ];
  });
}

function named(text: unknown): string[] {
  return typeof text === "string" ? [...text.matchAll(placeholder)].map((match) => match[1] ?? "") : [];
}

/** The arguments that have to be entries of a list of the system, with what they name. */
export function listedArguments(
  operation: Operation,
  values: Values,
): readonly { readonly title: string; readonly list: string; readonly value: string }[] {
  return Object.entries(operation.arguments).flatMap(([name, { title, from }]) => {
    const value = values[name];
    return from === undefined || value === undefined ? [] : [{ title, list: from, value: String(value) }];
  });
}

/** The operation with its arguments in place: exactly what will be sent, which is what people approve. */
export function resolveOperation(operation: Operation, values: Values): Operation {
  return {
    ...operation,
    steps: operation.steps.map((step) => resolveStep(step, values)),
    verify: operation.verify.map((step) => resolveWait(step, values)),
  };
}

function resolveStep(step: Step, values: Values): Step {
  if ("note" in step) return step;
  if ("waitUntil" in step) return resolveWait(step, values);
  const { url, probe, json, ...rest } = step.http;
  return {
    ...step,
    http: {
      ...rest,
      url: inAddress(url, values),
      ...(probe !== undefined && { probe: inAddress(probe, values) }),
      ...(json && { json: inJson(json, values) }),
    },
  };
}

function resolveWait(step: WaitStep, values: Values): WaitStep {
  const { url, is } = step.waitUntil;
  const wanted = is === "empty-array" ? is : { equals: inText(is.equals, values) ?? is.equals };
  return { ...step, waitUntil: { ...step.waitUntil, url: inAddress(url, values), is: wanted } };
}

function expected({ waitUntil: { is } }: WaitStep): unknown {
  return is === "empty-array" ? undefined : is.equals;
}

function inAddress(address: string, values: Values): string {
  return address.replaceAll(placeholder, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : encodeURIComponent(value);
  });
}

/** A text that is nothing but an argument becomes its value, number or text; one that was left out is left out. */
function inJson(json: Readonly<Record<string, Scalar | null>>, values: Values) {
  return Object.fromEntries(
    Object.entries(json).flatMap(([key, value]) => {
      const resolved = value === null ? null : inText(value, values);
      return resolved === undefined ? [] : [[key, resolved]];
    }),
  );
}

function inText(value: Scalar, values: Values): Scalar | undefined {
  if (typeof value !== "string") return value;
  const whole = /^\{([a-z][a-z0-9_-]*)\}$/.exec(value)?.[1];
  if (whole !== undefined) return values[whole];
  return value.replaceAll(placeholder, (text, name: string) => String(values[name] ?? text));
}
