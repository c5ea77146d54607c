import { z } from "zod";
import { System } from "./system.ts";

/** `{ backend: trader, path: /health }`: what stands for a backend of the system's file wherever an address may stand. */
const Named = z.strictObject({ backend: z.string(), path: z.string() });

/** Where a value refers to a backend by its name, with the keys and positions that lead there. */
export function namedBackends(value: unknown, path: readonly (string | number)[] = []): NamedBackend[] {
  const named = Named.safeParse(value);
  if (named.success) return [{ name: named.data.backend, path: [...path, "backend"] }];
  if (Array.isArray(value)) return value.flatMap((each, at) => namedBackends(each, [...path, at]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => namedBackends(each, [...path, key]));
}

/** Rules reach nothing, and their durations are written otherwise than they are kept. */
const Reaching = System.omit({ rules: true });

interface NamedBackend {
  readonly name: string;
  readonly path: readonly (string | number)[];
}

/**
 * The system with its backends in place of their names. What is planned and sealed holds the address and where the credential
 * is, so that a backend that is changed later changes no plan.
 */
export function withConnections(system: System): System {
  const connections = new Map(
    Object.entries(system.backends ?? {}).map(([name, kinds]) => [name, Object.values(kinds)[0] ?? {}]),
  );
  if (connections.size === 0) return system;
  const { rules, ...reaching } = system;
  return { ...Reaching.parse(filled(reaching, connections)), rules };
}

function filled(value: unknown, connections: ReadonlyMap<string, object>): unknown {
  const named = Named.safeParse(value);
  const connection = named.success ? connections.get(named.data.backend) : undefined;
  if (named.success && connection) return { ...connection, path: named.data.path };
  if (Array.isArray(value)) return value.map((each) => filled(each, connections));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, connections)]));
}
