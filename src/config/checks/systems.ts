import { noTarget } from "../../domain/approvals/lock.ts";
import { ownValue } from "../../domain/own-value.ts";
import type { Metric } from "../../domain/systems/metrics.ts";
import type { Argument, Operation } from "../../domain/systems/operation.ts";
import { ownSystemId } from "../../domain/systems/own-system.ts";
import { argumentsIn, isExpression } from "../../domain/systems/placeholders.ts";
import { placeholdersIn, resultsOf } from "../../domain/systems/plan-operation.ts";
import type { ReadKinds } from "../../domain/systems/reads.ts";
import type { StepKinds } from "../../domain/systems/steps.ts";
import type { System } from "../../domain/systems/system.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt, type SourceText } from "../source.ts";
import { wrongConditions } from "./conditions.ts";
import type { Files, Loaded } from "./files.ts";
import { withoutHint } from "./hints.ts";
import { wrongAboutLostAnswers } from "./lost-answers.ts";
import { argumentRemedy, unknownName } from "./names.ts";
import { wrongNext, wrongOthers } from "./other-operations.ts";
import { placeOfText } from "./place-in-file.ts";
import { wrongScaled } from "./scaled-parts.ts";
import { wrongTelling } from "./telling-steps.ts";

/** What a system's file is checked against. */
interface Known {
  /** Names of the built-in commands, which a short operation may not take. */
  readonly reserved: readonly string[];
  readonly kinds: StepKinds;
  readonly reads: ReadKinds;
}

/**
 * What a system's file says against itself, and short operations that would take a command's name; of
 * two words the first counts.
 */
export function checkSystems({ systems }: Files, known: Known): ConfigProblem[] {
  const taken = new Set(known.reserved.map((name) => name.split(" ")[0]));
  return systems.flatMap((system) => [
    ...ownName(system),
    ...system.value.health.flatMap((_, index) => through(system, index)),
    ...(["health", "facts"] as const).flatMap((list) =>
      system.value[list].flatMap(({ next }, index) => wrongNext(system, next, [list, index])),
    ),
    ...wrongScaled(system, known.kinds),
    ...system.value.facts.flatMap((_, index) => alone(system, index)),
    ...Object.keys(system.value.lists).flatMap((id) => wrongList(system, id)),
    ...system.value.metrics.flatMap((metric, index) => thresholds(system.source, metric, ["metrics", index])),
    ...system.value.rules.flatMap((_, index) => rule(system, index)),
    ...withoutHint(system),
    ...Object.keys(system.value.operations).flatMap((id) => operation(system, id, { ...known, taken })),
  ]);
}

/** Rights on `wardroom` are rights to change who may do what. */
function ownName({ source, value: { id, aliases } }: Loaded<System>): ConfigProblem[] {
  const message = `\`${ownSystemId}\` is the name of Wardroom itself, so no system can have it`;
  const places: Path[] = [["id"], ...aliases.map((_, index) => ["aliases", index])];
  return [id, ...aliases].flatMap((name, index) =>
    name === ownSystemId ? [problemAt(source, places[index] ?? ["id"], { message, remedy: "Give it another." })] : [],
  );
}

function through({ source, value }: Loaded<System>, index: number): ConfigProblem[] {
  const check = value.health[index];
  if (check?.through === undefined) return [];
  const others = value.health.flatMap(({ id }) => (id === check.id ? [] : [id]));
  return unknownName({ name: check.through, source, path: ["health", index, "through"] }, others, "check");
}

function wrongList({ source, value }: Loaded<System>, id: string): ConfigProblem[] {
  const name = ownValue(value.lists, id)?.after;
  const facts = value.facts.map((fact) => fact.id);
  return name === undefined ? [] : unknownName({ name, source, path: ["lists", id, "after"] }, facts, "fact");
}

/** What is to be like others needs another, and is held to nothing else. */
function alone({ source, value }: Loaded<System>, index: number): ConfigProblem[] {
  const fact = value.facts[index];
  if (fact?.alike === undefined) return [];
  const path: Path = ["facts", index, "alike"];
  if (fact.expect !== undefined) {
    const message = "a fact is held either to `expect` or to those that it is `alike`, not to both";
    return [problemAt(source, path, { message, remedy: "Remove one of the two." })];
  }
  if (value.facts.filter(({ alike }) => alike === fact.alike).length > 1) return [];
  const message = `no other fact is \`alike: ${fact.alike}\`, so there is nothing that it could differ from`;
  return [problemAt(source, path, { message, remedy: "Write the same at the others, or remove it." })];
}

function thresholds(source: SourceText, { warn, critical, bad }: Metric, path: Path): ConfigProblem[] {
  if (warn === undefined || critical === undefined) return [];
  if (bad === "above" ? warn <= critical : warn >= critical) return [];
  const message = `critical (${critical}) is reached before warn (${warn}), as ${bad} is bad`;
  return [problemAt(source, [...path, "critical"], { message, remedy: "Swap the two, or change `bad`." })];
}

function rule({ source, value }: Loaded<System>, index: number): ConfigProblem[] {
  const found = value.rules[index];
  if (!found) return [];
  const path: Path = ["rules", index];
  const metrics = value.metrics.map((metric) => metric.id);
  const problems = unknownName({ name: found.metric, source, path: [...path, "metric"] }, metrics, "metric");
  if (found.above === undefined && found.below === undefined) {
    const message = "the rule says neither above nor below what";
    problems.push(problemAt(source, path, { message, remedy: "Add `above:` or `below:` with a number." }));
  }
  return problems;
}

interface Against {
  readonly taken: ReadonlySet<string | undefined>;
  readonly kinds: StepKinds;
  readonly reads: ReadKinds;
}

function operation({ source, value }: Loaded<System>, id: string, { taken, kinds, reads }: Against): ConfigProblem[] {
  const found = ownValue(value.operations, id);
  if (!found) return [];
  const path: Path = ["operations", id];
  const problems = Object.entries(found.arguments).flatMap(([name, argument]) => [
    ...takenName(source, name, [...path, "arguments", name]),
    ...wrongArgument({ source, value }, argument, [...path, "arguments", name]),
  ]);
  problems.push(...wrongPlaceholders({ source, kinds }, found, path));
  problems.push(...wrongAboutLostAnswers(kinds, found, { source, path }));
  problems.push(...wrongConditions({ steps: kinds, reads }, found, { source, path }));
  problems.push(
    ...wrongUrgency(source, found, path),
    ...wrongTyped(source, found, path),
    ...wrongTelling(source, found, path),
    ...wrongKeeping(source, found, path),
    ...wrongExplained({ source, value }, found, path),
  );
  problems.push(...wrongOthers({ source, value }, found, path), ...wrongNothing({ source, kinds }, found, path));
  problems.push(...wrongNext({ source, value }, found.next, path));
  if (found.short && taken.has(id)) {
    const message = `\`${id}\` is the name of a command, so this operation cannot be short`;
    const remedy = `Rename it, or remove \`short\`: it can still be asked for as \`run ${value.id} ${id}\`.`;
    problems.push(problemAt(source, [...path, "short"], { message, remedy }));
  }
  if (found.precondition?.positions && !value.portfolio) {
    const message = "positions are a precondition, but the system has no portfolio to read them from";
    const remedy = "Add `portfolio:` to the system, or remove the precondition.";
    problems.push(problemAt(source, [...path, "precondition", "positions"], { message, remedy }));
  }
  return problems;
}

/** Every operation is asked with these. */
const ownFields = ["system", "operation", "reason", "dry-run"];

function takenName(source: SourceText, name: string, path: Path): ConfigProblem[] {
  const own = ownFields.find((each) => each === name.toLowerCase().replaceAll("_", "-"));
  if (own === undefined) return [];
  const message = `every operation is asked with \`${own}\`, so no argument can have this name`;
  return [problemAt(source, path, { message, remedy: "Give it another.", at: "key" })];
}

/** What nothing holds up may only make less of what can be lost, and waits for no reading. */
function wrongUrgency(
  source: SourceText,
  { urgent, direction, risk, precondition, read }: Operation,
  path: Path,
): ConfigProblem[] {
  if (!urgent) return [];
  if (direction !== "reduces" || risk !== "change") {
    const message = `only what reduces and destroys nothing may be urgent, and this is ${risk} and ${direction}`;
    const remedy = "Remove `urgent`; or, where it is true, write `risk: change` and `direction: reduces`.";
    return [problemAt(source, [...path, "urgent"], { message, remedy })];
  }
  const message = "what is urgent waits for nothing to be read, so it rests on no precondition";
  const [name] = Object.keys(read);
  if (name !== undefined)
    return [problemAt(source, [...path, "read", name], { message, remedy: "Remove what is read, or `urgent`." })];
  if (!precondition) return [];
  return [problemAt(source, [...path, "precondition"], { message, remedy: "Remove the precondition, or `urgent`." })];
}

/** What sets nothing going lifts no stop anyway. */
function wrongKeeping(source: SourceText, { keepsStop, direction }: Operation, path: Path): ConfigProblem[] {
  if (!keepsStop || direction === "increases") return [];
  const message = `only what may set its system going can leave a stop as it is, and this is ${direction}`;
  const remedy = "Remove `keepsStop`; or, where it may, write `direction: increases`.";
  return [problemAt(source, [...path, "keepsStop"], { message, remedy })];
}

/** What is explained is a part or a fact of the same system. */
function wrongExplained({ source, value }: Loaded<System>, { explains }: Operation, path: Path): ConfigProblem[] {
  const known = [...value.health, ...value.facts].map(({ id }) => id);
  return Object.keys(explains).flatMap((name) =>
    unknownName({ name, source, path: [...path, "explains", name] }, known, "part or fact"),
  );
}

/** Only what reads alone may say that it concerns nothing, and then nothing else beside. */
function wrongNothing(
  { source, kinds }: { readonly source: SourceText; readonly kinds: StepKinds },
  { steps, targets }: Operation,
  path: Path,
): ConfigProblem[] {
  if (!targets.includes(noTarget)) return [];
  const changing = steps.findIndex(({ kind }) => kinds.get(kind)?.does !== "reads");
  if (targets.length === 1 && changing === -1) return [];
  const message = `the target \`${noTarget}\` says that this waits for nobody and holds up nobody, and it ${
    changing === -1 ? "names others beside" : `changes something: step ${changing + 1}`
  }`;
  return [problemAt(source, [...path, "targets"], { message, remedy: "Name what it concerns." })];
}

/** Nobody approves what destroys nothing, and a name that may be left out is none. */
function wrongTyped(source: SourceText, { typed, risk, arguments: given }: Operation, path: Path): ConfigProblem[] {
  if (!typed) return [];
  const at: Path = [...path, "typed"];
  if (risk !== "destructive") {
    const message = "a name is typed by whoever approves what destroys something, and this is a change";
    return [problemAt(source, at, { message, remedy: "Remove `typed`, or write `risk: destructive`." })];
  }
  return argumentsIn(typed.name).flatMap((name) => {
    if (ownValue(given, name)?.required !== false) return [];
    const message = `the name to type is {${name}}, which may be left out`;
    return [problemAt(source, [...at, "name"], { message, remedy: `Remove \`required: false\` of \`${name}\`.` })];
  });
}

/** What steps refer to has to be asked for; in an address it cannot be left out. */
function wrongPlaceholders(
  { source, kinds }: { readonly source: SourceText; readonly kinds: StepKinds },
  found: Operation,
  path: Path,
): ConfigProblem[] {
  return placeholdersIn(kinds, found).flatMap(({ name, inAddress, results }) => {
    const argument = ownValue(found.arguments, name);
    // What was read has been read whenever a plan is made, and what points into it is checked as the expression it is.
    if (isExpression(name) || ownValue(found.read, name) || results.includes(name)) return [];
    if (!argument && resultsOf([...found.steps, ...found.verify]).includes(name)) {
      const message = `{${name}} is referred to where no step before brings it`;
      return [
        problemAt(source, placeOfText(source, path, `{${name}}`), {
          message,
          remedy: "A result is named by the steps after it and by `verify`.",
        }),
      ];
    }
    if (!argument) {
      const message = `{${name}} is referred to, which is no argument of this operation`;
      return [
        problemAt(source, placeOfText(source, path, `{${name}}`), {
          message,
          remedy: argumentRemedy(name, [...Object.keys({ ...found.arguments, ...found.read }), ...results]),
        }),
      ];
    }
    if (argument.required || !inAddress) return [];
    const message = `the address of a step holds {${name}}, which may be left out`;
    const remedy = "Remove `required: false`, or send it in the body.";
    return [problemAt(source, [...path, "arguments", name], { message, remedy })];
  });
}

/** What an argument of an operation or a query says against itself. */
export function wrongArgument({ source, value }: Loaded<System>, argument: Argument, path: Path): ConfigProblem[] {
  if (argument.from !== undefined && argument.type !== "text") {
    const message = `an argument of type ${argument.type} cannot be one of a list`;
    return [problemAt(source, [...path, "from"], { message, remedy: "Use `type: text`, or remove `from`." })];
  }
  if (argument.offers !== undefined && argument.from === undefined) {
    const message = "what is offered stands here, and not which list it has to be from";
    return [
      problemAt(source, [...path, "offers"], { message, remedy: "Add `from:` with the list of all that is taken." }),
    ];
  }
  if (argument.from !== undefined)
    return (["from", "offers"] as const).flatMap((key) => {
      const name = argument[key];
      return name === undefined
        ? []
        : unknownName({ name, source, path: [...path, key] }, Object.keys(value.lists), "list");
    });

  if (argument.type === "choice" && (argument.choices ?? []).length === 0) {
    const message = "an argument of type choice has nothing to choose from";
    return [problemAt(source, path, { message, remedy: "Add `choices: [ … ]`." })];
  }
  if (argument.min !== undefined && argument.max !== undefined && argument.min > argument.max) {
    const message = `min (${argument.min}) is more than max (${argument.max})`;
    return [problemAt(source, [...path, "min"], { message, remedy: "Swap the two." })];
  }
  return [];
}
