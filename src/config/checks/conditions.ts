import { conditionFault, expressionFault, isNameable, type NamedTypes } from "../../domain/conditions/condition.ts";
import { namedIn, type Operation } from "../../domain/systems/operation.ts";
import { isExpression } from "../../domain/systems/placeholders.ts";
import { placeholdersIn } from "../../domain/systems/plan-operation.ts";
import { type ReadKinds, readKindOf } from "../../domain/systems/reads.ts";
import type { StepKinds } from "../../domain/systems/steps.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt, type SourceText } from "../source.ts";

interface Place {
  readonly source: SourceText;
  readonly path: Path;
}

/** What is read and judged by the name `value` in a watch. */
const takenNames = new Set(["value"]);

/** What an operation reads under a name that will not do, and conditions that cannot be judged with what they name. */
export function wrongConditions(
  kinds: { readonly steps: StepKinds; readonly reads: ReadKinds },
  operation: Operation,
  place: Place,
): ConfigProblem[] {
  const named = namedIn(operation);
  return [
    ...wrongReads(kinds.reads, operation, place),
    ...ofOperation(operation, named, place),
    ...inSteps(kinds.steps, { operation, named }, place),
    ...wrongExpressions(kinds.steps, { operation, named }, place),
  ];
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
          `Add \`${placeholder.name}\` under \`arguments\`: what is read knows nothing of what else is read.`,
        ),
      ),
    ];
  });
}

function ofOperation(operation: Operation, named: NamedTypes, { source, path }: Place): ConfigProblem[] {
  const { destructiveWhen, precondition } = operation;
  const wrong = (condition: string, at: Path): ConfigProblem[] => {
    const fault = conditionFault(condition, named);
    return fault === undefined ? [] : [problemAt(source, at, { message: fault, remedy: mayName(named) })];
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
    ...(precondition?.holds ?? []).flatMap(({ when }, index) =>
      wrong(when, [...path, "precondition", "holds", index, "when"]),
    ),
    ...unchanged,
  ];
}

interface Named {
  readonly operation: Operation;
  readonly named: NamedTypes;
}

function inSteps(kinds: StepKinds, { operation, named }: Named, { source, path }: Place): ConfigProblem[] {
  return (["steps", "verify"] as const).flatMap((list) =>
    operation[list].flatMap((step, index) => {
      const kind = kinds.get(step.kind);
      return (kind?.faults?.(step.spec, named) ?? []).map(({ key, fault }) =>
        problemAt(source, [...path, list, index, kind?.key ?? "", key], {
          message: fault,
          remedy: mayName({ ...named, value: "data" }),
        }),
      );
    }),
  );
}

/** `{now[service]}` and the like. */
function wrongExpressions(kinds: StepKinds, { operation, named }: Named, { source, path }: Place): ConfigProblem[] {
  const written = new Set(placeholdersIn(kinds, operation).map(({ name }) => name));
  return [...written].filter(isExpression).flatMap((expression) => {
    const fault = expressionFault(expression, named);
    return fault === undefined
      ? []
      : [problemAt(source, path, { message: `{${expression}}: ${fault}`, remedy: mayName(named) })];
  });
}

function mayName(named: NamedTypes): string {
  const names = Object.keys(named);
  return names.length === 0 ? "There is nothing that it may name." : `It may name ${names.join(", ")}.`;
}
