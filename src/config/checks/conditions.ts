import { conditionFault, expressionFault, isNameable, type NamedTypes } from "../../domain/conditions/condition.ts";
import { namedIn, type Operation, openPositions } from "../../domain/systems/operation.ts";
import { isExpression } from "../../domain/systems/placeholders.ts";
import { placeholdersIn, resultsOf } from "../../domain/systems/plan-operation.ts";
import { type ReadKinds, readKindOf } from "../../domain/systems/reads.ts";
import { askedName, type StepKinds } from "../../domain/systems/steps.ts";
import { nearest } from "../../domain/text/distance.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt, type SourceText } from "../source.ts";
import { argumentRemedy } from "./names.ts";
import { placeOfText } from "./place-in-file.ts";

interface Place {
  readonly source: SourceText;
  readonly path: Path;
}

/** What is read and judged by the name `value` in a watch, and what is counted of a portfolio. */
const takenNames = new Set(["value", openPositions, askedName]);

/** What an operation reads under a name that will not do, and conditions that cannot be judged with what they name. */
export function wrongConditions(
  kinds: { readonly steps: StepKinds; readonly reads: ReadKinds },
  operation: Operation,
  place: Place,
): ConfigProblem[] {
  const named = { ...namedIn(operation), ...shapesOf(kinds.reads, operation) };
  return [
    ...wrongReads(kinds.reads, operation, place),
    ...ofOperation(operation, named, place),
    ...wrongResults(kinds.steps, operation, place),
    ...inSteps(kinds.steps, { operation, named }, place),
    ...wrongExpressions(kinds.steps, { operation, named }, place),
  ];
}

/** What is known of what it reads, where a kind of reading says so. */
function shapesOf(kinds: ReadKinds, { read }: Operation): NamedTypes {
  return Object.fromEntries(
    Object.entries(read).flatMap(([name, each]) => {
      const shape = readKindOf(kinds, each).shape?.(each.spec);
      return shape === undefined ? [] : [[name, shape]];
    }),
  );
}

function wrongReads(kinds: ReadKinds, { read, arguments: given }: Operation, { source, path }: Place): ConfigProblem[] {
  return Object.entries(read).flatMap(([name, each]) => {
    const at: Path = [...path, "read", name];
    const problem = (message: string, remedy: string) => problemAt(source, at, { message, remedy, at: "key" });
    const unknown = readKindOf(kinds, each)
      .placeholders(each.spec)
      .filter((placeholder) => !given[placeholder.name]);
    return [
      ...(!isNameable(name) || takenNames.has(name)
        ? [problem(`\`${name}\` has a meaning of its own in conditions`, "Give what is read another name.")]
        : []),
      ...(given[name] ? [problem(`\`${name}\` is an argument too`, "Give what is read another name.")] : []),
      ...unknown.map((placeholder) =>
        problem(
          `{${placeholder.name}} is referred to, which is no argument of this operation`,
          argumentRemedy(placeholder.name, Object.keys(given), ": what is read knows nothing of what else is read"),
        ),
      ),
    ];
  });
}

function ofOperation(operation: Operation, named: NamedTypes, { source, path }: Place): ConfigProblem[] {
  const { destructiveWhen, explains, increasesWhen, precondition, typed } = operation;
  const wrong = (condition: string, at: Path): ConfigProblem[] => {
    const fault = conditionFault(condition, named);
    return fault === undefined ? [] : [problemAt(source, at, { message: fault, remedy: mayName(named, fault) })];
  };
  const unchanged = (precondition?.unchanged ?? []).flatMap((name, index) =>
    operation.read[name]
      ? []
      : [
          problemAt(source, [...path, "precondition", "unchanged", index], {
            message: `nothing is read as \`${name}\``,
            remedy: "Add it under `read`, or remove it here.",
          }),
        ],
  );
  return [
    ...(destructiveWhen === undefined ? [] : wrong(destructiveWhen, [...path, "risk", "destructive"])),
    ...(increasesWhen === undefined ? [] : wrong(increasesWhen, [...path, "direction", "increases"])),
    ...(typed?.when === undefined ? [] : wrong(typed.when, [...path, "typed", "when"])),
    ...Object.entries(explains).flatMap(([id, when]) =>
      typeof when === "boolean" ? [] : wrong(when, [...path, "explains", id]),
    ),
    ...(precondition?.holds ?? []).flatMap(({ when }, index) =>
      wrong(when, [...path, "precondition", "holds", index, "when"]),
    ),
    ...unchanged,
  ];
}

/** Results under names that will not do, or of steps that bring nothing. */
function wrongResults(kinds: StepKinds, operation: Operation, { source, path }: Place): ConfigProblem[] {
  const taken = new Set([...takenNames, ...Object.keys({ ...operation.arguments, ...operation.read })]);
  return (["steps", "verify"] as const).flatMap((list) =>
    operation[list].flatMap(({ as, kind }, index) => {
      if (as === undefined) return [];
      const isTaken = taken.has(as);
      taken.add(as);
      const wrong = (message: string, remedy: string) => [
        problemAt(source, [...path, list, index, "as"], { message, remedy }),
      ];
      if (!isNameable(as)) return wrong(`\`${as}\` has a meaning of its own in conditions`, "Give it another name.");
      if (isTaken) return wrong(`\`${as}\` names something else of this operation`, "Give it another name.");
      if (kinds.get(kind)?.brings) return [];
      return wrong(`a step of the kind ${kind} brings nothing that could be named`, "Remove `as`.");
    }),
  );
}

/** With what the steps before a place bring. */
function withResults(named: NamedTypes, results: readonly string[]): NamedTypes {
  return { ...named, ...Object.fromEntries(results.map((name) => [name, "data"] as const)) };
}

interface Named {
  readonly operation: Operation;
  readonly named: NamedTypes;
}

function inSteps(kinds: StepKinds, { operation, named }: Named, { source, path }: Place): ConfigProblem[] {
  const all = [...operation.steps, ...operation.verify];
  return (["steps", "verify"] as const).flatMap((list) =>
    operation[list].flatMap((step, index) => {
      const kind = kinds.get(step.kind);
      const known = withResults(named, resultsOf(all.slice(0, all.indexOf(step))));
      return (kind?.faults?.(step.spec, known) ?? []).map(({ key, fault }) =>
        problemAt(source, [...path, list, index, kind?.key ?? "", key], {
          message: fault,
          remedy: mayName({ ...known, value: "data" }, fault),
        }),
      );
    }),
  );
}

/** `{now[service]}` and the like. */
function wrongExpressions(kinds: StepKinds, { operation, named }: Named, { source, path }: Place): ConfigProblem[] {
  const expressions = placeholdersIn(kinds, operation).filter(({ name }) => isExpression(name));
  const faults = expressions.flatMap(({ name, results }) => {
    const known = withResults(named, results);
    const fault = expressionFault(name, known);
    const written = `{${name}}`;
    return fault === undefined ? [] : [{ written, message: `${written}: ${fault}`, remedy: mayName(known, fault) }];
  });
  return [...new Map(faults.map((fault) => [fault.message, fault])).values()].map(({ written, ...fault }) =>
    problemAt(source, placeOfText(source, path, written), fault),
  );
}

function mayName(named: NamedTypes, fault: string): string {
  const names = Object.keys(named);
  const unknown = /^Unknown variable: (\w+)$/.exec(fault)?.[1];
  const meant = unknown === undefined || unknown.length < 2 ? undefined : nearest(unknown, names);
  if (meant !== undefined) return `Did you mean \`${meant}\`? It may name ${names.join(", ")}.`;
  return names.length === 0
    ? "Nothing is there that it may name: what it names stands under `arguments` or `read`."
    : `It may name ${names.join(", ")}.`;
}
