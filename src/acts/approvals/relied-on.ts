import { proofsOf } from "../../domain/systems/identities.ts";
import { type Operation } from "../../domain/systems/operation.ts";
import type { ArgumentValues } from "../../domain/systems/placeholders.ts";
import { listedArguments } from "../../domain/systems/plan-operation.ts";
import type { Source } from "../../domain/systems/sources.ts";
import type { System } from "../../domain/systems/system.ts";
import { canonical, sha256 } from "../../records/ids.ts";

/** What a plan is proven, read and checked by, in words, and the hash of where each stands. */
export type ReliedOn = Readonly<Record<string, string>>;

const identityOf = "the identity of ";

/** Is it by which the target proves that it is itself? */
export function isIdentity(what: string): boolean {
  return what.startsWith(identityOf);
}

/**
 * Where the checks before a run are read from: who answers for the system, its positions and the lists that arguments have to be
 * in. What verifies a run is among its steps. Only hashes are kept, because an address may hold what nobody may read.
 */
export function reliedOn(system: System, operation: Operation, values: ArgumentValues): ReliedOn {
  const { portfolio, lists } = system;
  const sources: [string, Source | undefined][] = [
    ...proofsOf(system, operation.through ?? []).map(({ of, source }): [string, Source] => [
      `${identityOf}${of}`,
      source,
    ]),
    ["the portfolio", operation.precondition?.positions && portfolio],
    ...listedArguments(operation, values).map(({ list }): [string, Source | undefined] => [
      `the list ${list}`,
      lists[list]?.source,
    ]),
  ];
  return Object.fromEntries(
    sources.flatMap(([what, source]) => (source ? [[what, sha256(canonical(source))] as const] : [])),
  );
}

/** What is read from elsewhere now than when it was approved, one line each. */
export function readElsewhere(approved: ReliedOn = {}, now: ReliedOn): string[] {
  return [...new Set([...Object.keys(approved), ...Object.keys(now)])].flatMap((what) => {
    const [then, later] = [approved[what], now[what]];
    if (then === later) return [];
    if (later === undefined) return [`${what} can no longer be read`];
    return [
      then === undefined ? `where ${what} is read was not approved with it` : `${what} is read from elsewhere now`,
    ];
  });
}
