import { type Backend, stepKindsOf } from "../../domain/systems/backend.ts";
import { namedBackends } from "../../domain/systems/connections.ts";
import { proofsOf } from "../../domain/systems/identities.ts";
import type { System } from "../../domain/systems/system.ts";
import type { ConfigProblem } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files, Loaded } from "./files.ts";

/** A step that changes something, and the backends that it names. */
interface Change {
  readonly operation: string;
  readonly index: number;
  /** Those that carry it out. */
  readonly through: readonly string[];
  /** Those that it says it reaches besides. */
  readonly reaches: readonly string[];
}

/**
 * What changes something goes only to what proves which system it is: a deploy to the wrong cluster and a stop of another's trader
 * look the same as the right ones until it is too late. Files on this machine have no address to prove.
 */
export function checkIdentities({ systems }: Files, backends: readonly Backend[]): ConfigProblem[] {
  return systems.flatMap((system) => {
    // What was taken out may be the proof.
    if (system.taken?.some(([section]) => section === "identity" || section === "backends")) return [];
    const changes = changesOf(system.value, backends);
    return [...unprovenBackends(system, changes, backends), ...unprovenAddresses(system, changes)];
  });
}

function changesOf({ operations }: System, backends: readonly Backend[]): Change[] {
  const kinds = stepKindsOf(backends);
  const reached = backends.filter(({ connection }) => connection !== undefined).map(({ name }) => name);
  return Object.entries(operations).flatMap(([operation, { steps }]) =>
    steps.flatMap((step, index): Change[] => {
      if (kinds.get(step.kind)?.does !== "changes" || !reached.includes(step.backend)) return [];
      const named = namedBackends(step, reached).map(({ name }) => name);
      return [{ operation, index, through: named, reaches: step.reaches ?? [] }];
    }),
  );
}

function unprovenBackends(
  { source, value }: Loaded<System>,
  changes: readonly Change[],
  backends: readonly Backend[],
): ConfigProblem[] {
  const all = backends.map(({ name }) => name);
  const bySystem = new Set(
    namedBackends(value.identity ? { [value.identity.backend]: value.identity.spec } : {}, all).map(({ name }) => name),
  );
  return Object.entries(value.backends ?? {}).flatMap(([name, { kind, identity }]) => {
    const proof = backends.find((each) => each.name === kind)?.proof;
    if (identity || proof === "itself" || bySystem.has(name)) return [];
    const changing = new Set(
      changes
        .filter(({ through, reaches }) => through.includes(name) || reaches.includes(name))
        .map(({ operation }) => operation),
    );
    if (changing.size === 0) return [];
    const message = `${[...changing].join(", ")} ${changing.size === 1 ? "changes" : "change"} something through this backend, and nothing proves which system answers there`;
    const none = '`identity: { none: "<why nothing can>" }`';
    const remedy = proof
      ? `Write beside \`${kind}\` what proves it, as \`identity: ${proof.example}\`, or ${none}.`
      : `Write ${none} beside \`${kind}\`.`;
    return [problemAt(source, ["backends", name], { message, remedy, at: "key" })];
  });
}

/** Where a step says itself how its target is reached, the system as a whole has to prove who it is. */
function unprovenAddresses({ source, value }: Loaded<System>, changes: readonly Change[]): ConfigProblem[] {
  if (proofsOf(value, []).length > 0) return [];
  return changes
    .filter(({ through }) => through.length === 0)
    .map(({ operation, index }) => {
      const message = "this step changes something, and nothing proves which system answers at its address";
      const remedy =
        "Declare how it is reached below `backends`, with its `identity`, and name it here; or give the system an `identity`.";
      return problemAt(source, ["operations", operation, "steps", index], { message, remedy });
    });
}
