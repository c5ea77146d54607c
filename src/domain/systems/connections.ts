import { z } from "zod";
import { parsedOnce } from "./spec.ts";
import { Step } from "./steps.ts";
import { System } from "./system.ts";

/** `{ backend: trader, path: /health }`: what stands for a backend of the system's file wherever an address may stand. */
const Named = z.strictObject({ backend: z.string(), path: z.string() });

/** `prometheus: { backend: prom, query }`: below the key of its kind a backend is named beside whatever that kind is told. */
const NamedWithMore = z.looseObject({ backend: z.string() });

/** `{ kind: prometheus, spec }`, as what stands below the key of a kind is once it has been read; a step has a title, too. */
const OfKind = z.union([z.strictObject({ kind: z.string(), spec: z.unknown() }), Step]);

interface NamedBackend {
  readonly name: string;
  readonly path: readonly (string | number)[];
  /** The kind that it has to be of; undefined where an address stands. */
  readonly kind: string | undefined;
}

type Within = Omit<NamedBackend, "name"> & { readonly kinds: readonly string[] };

/** Where a value refers to a backend by its name, with the keys and positions that lead there. `kinds` have connections. */
export function namedBackends(value: unknown, kinds: readonly string[]): NamedBackend[] {
  return namedWithin(value, { kinds, kind: undefined, path: [] });
}

function namedWithin(value: unknown, within: Within): NamedBackend[] {
  const { path, kind } = within;
  const found = reference(value, kind);
  if (found) return [{ name: found.backend, kind: found.kind, path: [...path, "backend"] }];
  return parts(value, within).flatMap(([key, each, of]) =>
    namedWithin(each, { ...within, kind: of, path: [...path, key] }),
  );
}

/** Is it an object with this key of its own? A schema takes long to say no, and of most values it would. */
export function hasKey(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key);
}

interface Reference extends Pick<NamedBackend, "kind"> {
  readonly backend: string;
  readonly more: object;
}

/** The backend that a value names, and what it says besides; undefined where it names none. */
function reference(value: unknown, kind: string | undefined): Reference | undefined {
  // Nearly nothing names one, and a schema takes long to say no.
  if (!hasKey(value, "backend")) return undefined;
  const address = Named.safeParse(value, parsedOnce).data;
  if (address) return { backend: address.backend, kind: undefined, more: { path: address.path } };
  const named = kind === undefined ? undefined : NamedWithMore.safeParse(value, parsedOnce).data;
  if (!named) return undefined;
  const { backend, ...more } = named;
  return { backend, kind, more };
}

/** What a list or an object holds, each with the kind that it is said of. */
function parts(value: unknown, { kinds }: Pick<Within, "kinds">): [string | number, unknown, string | undefined][] {
  if (Array.isArray(value)) return value.map((each, at) => [at, each, undefined]);
  if (typeof value !== "object" || value === null) return [];
  // Much has a kind, and a schema takes long to say no: only with a spec beside it does the kind say anything here.
  const of =
    hasKey(value, "kind") && hasKey(value, "spec") ? OfKind.safeParse(value, parsedOnce).data?.kind : undefined;
  return Object.entries(value).map(([key, each]) => [
    key,
    each,
    kinds.find((kind) => kind === (of !== undefined && key === "spec" ? of : key)),
  ]);
}

/** Rules, windows, digests and escalations reach nothing, and their durations are written otherwise than they are kept. */
const Reaching = System.omit({ rules: true, maintenance: true, digests: true, escalation: true });

/**
 * The system with its backends in place of their names, which its operations keep beside. What is planned and sealed holds the address and where the credential
 * is, so that a backend that is changed later changes no plan.
 */
export function withConnections(system: System): System {
  const declared = Object.entries(system.backends ?? {});
  if (declared.length === 0) return system;
  const connections = new Map(declared.map(([name, { connection }]) => [name, connection]));
  const kinds = declared.map(([, { kind }]) => kind);
  const { rules, maintenance, digests, escalation, ...reaching } = system;
  const operations = Object.entries(system.operations).map(([id, operation]) => {
    const { steps, verify } = operation;
    const reached = [...steps, ...verify].flatMap(({ reaches = [] }) => reaches);
    const proven = steps.map((step) => ({ ...step, ...throughOf(step, { kinds, reached: step.reaches }) }));
    return [id, { ...operation, ...throughOf(operation, { kinds, reached }), steps: proven }];
  });
  const named = { ...reaching, operations: Object.fromEntries(operations) };
  return {
    ...Reaching.parse(filled(named, { connections, kinds }), parsedOnce),
    rules,
    digests,
    ...(maintenance && { maintenance }),
    ...(escalation && { escalation }),
  };
}

function throughOf(
  value: unknown,
  { kinds, reached = [] }: Pick<Within, "kinds"> & { readonly reached?: readonly string[] | undefined },
): { readonly through?: string[] } {
  const through = [...new Set([...namedBackends(value, kinds).map(({ name }) => name), ...reached])];
  return through.length > 0 ? { through } : {};
}

interface Filling {
  readonly connections: ReadonlyMap<string, object>;
  readonly kinds: readonly string[];
}

function filled(value: unknown, filling: Filling, kind?: string): unknown {
  const found = reference(value, kind);
  const connection = found && filling.connections.get(found.backend);
  if (found && connection) return { ...connection, ...found.more };
  if (Array.isArray(value)) return value.map((each) => filled(each, filling));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(parts(value, filling).map(([key, each, of]) => [key, filled(each, filling, of)]));
}
