import type { Next } from "../../domain/systems/next.ts";
import type { Operation } from "../../domain/systems/operation.ts";
import type { System } from "../../domain/systems/system.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Loaded } from "./files.ts";
import { unknownName } from "./names.ts";

const keys = ["fallback", "followUp", "inverse", "amountsTo"] as const;
type Key = (typeof keys)[number];

/** The operations that something names as what people do next have to be there, and are named with what they take. */
export function wrongNext({ source, value }: Loaded<System>, next: Next | undefined, path: Path): ConfigProblem[] {
  const known = Object.keys(value.operations);
  return (next ?? []).flatMap(({ operation, arguments: given = {} }, index) => {
    const at: Path = [...path, "next", index, "operation"];
    const other = value.operations[operation];
    if (!other) return unknownName({ name: operation, source, path: at }, known, "operation");
    return wrongArguments({ operation, given }, other).map((each) => problemAt(source, at, each));
  });
}

/** What another operation is named with that it does not take, and what it lacks. */
function wrongArguments(
  { operation, given }: { readonly operation: string; readonly given: object },
  other: Operation,
): { readonly message: string; readonly remedy: string }[] {
  const extra = Object.keys(given).filter((name) => !other.arguments[name]);
  const missing = Object.keys(other.arguments).filter((name) => other.arguments[name]?.required && !(name in given));
  return [
    ...extra.map((name) => ({
      message: `${operation} takes no argument ${name}`,
      remedy: "Remove it under `arguments`.",
    })),
    ...missing.map((name) => ({
      message: `${operation} cannot be asked for without its argument ${name}`,
      remedy: `Add \`${name}\` under \`arguments\`.`,
    })),
  ];
}

/** The operations of the same system that one names have to be there and take what they are given; a fallback is urgent too. */
export function wrongOthers(system: Loaded<System>, found: Operation, path: Path): ConfigProblem[] {
  const known = Object.keys(system.value.operations);
  const instead = found.followUp?.instead;
  const at: Path = [...path, "followUp", "instead"];
  return [
    ...keys.flatMap((key) => wrongOther(system, { found, key }, [...path, key])),
    ...(instead === undefined
      ? []
      : unknownName({ name: instead, source: system.source, path: at }, known, "operation")),
  ];
}

function wrongOther(
  { source, value }: Loaded<System>,
  { found, key }: { readonly found: Operation; readonly key: Key },
  path: Path,
): ConfigProblem[] {
  const named = found[key];
  if (!named) return [];
  const { operation, arguments: given } = named;
  const at: Path = [...path, "operation"];
  const problem = (message: string, remedy: string) => problemAt(source, at, { message, remedy });
  if (operation === undefined) {
    if (found.fallback?.text !== undefined) return [];
    const message = "a fallback says neither which operation to ask for nor what to do by hand";
    return [problemAt(source, path, { message, remedy: "Add `operation:` or `text:`.", at: "key" })];
  }
  const other = value.operations[operation];
  if (!other) return unknownName({ name: operation, source, path: at }, Object.keys(value.operations), "operation");
  return [
    ...wrongArguments({ operation, given }, other).map((each) => problem(each.message, each.remedy)),
    ...(key === "followUp" && comesBack(value, found)
      ? [problem(`what follows ${operation} leads back to this operation`, "End the chain: remove one `followUp`.")]
      : []),
    ...(key === "fallback" && !other.urgent
      ? [
          problem(
            `the fallback ${operation} is not urgent, so it would wait where this does not`,
            "Mark it `urgent: true`, or write under `text` what to do by hand.",
          ),
        ]
      : []),
    ...(key === "fallback" && !found.urgent
      ? [problem("only what is urgent offers a fallback", "Remove `fallback`, or mark the operation `urgent: true`.")]
      : []),
  ];
}

/** Does what follows an operation lead to it again, which would ask for it for ever? */
function comesBack({ operations }: System, from: Operation): boolean {
  const seen = new Set<Operation>();
  for (let next: Operation | undefined = from; next && !seen.has(next); ) {
    seen.add(next);
    next = next.followUp && operations[next.followUp.operation];
    if (next === from) return true;
  }
  return false;
}
