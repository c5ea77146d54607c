import { argumentsIn } from "../../domain/systems/placeholders.ts";
import type { StepKinds } from "../../domain/systems/steps.ts";
import type { System } from "../../domain/systems/system.ts";
import { distance, nearest } from "../../domain/text/distance.ts";
import type { ConfigProblem } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Loaded } from "./files.ts";

/** More letters than these apart, a name is another one and no slip. */
const mostApart = 2;

/**
 * What `scaled` of a part names has to be what steps of its system scale, stop or start: otherwise `status` would never say who did
 * it. Where a step is of any service that is named to it, a name that is all but one that the file has elsewhere is a slip.
 */
export function wrongScaled({ source, value }: Loaded<System>, kinds: StepKinds): ConfigProblem[] {
  const { known, open } = changedBy(value, kinds);
  const claimed = value.health.map(({ scaled }) => scaled);
  return value.health.flatMap(({ scaled }, index) => {
    if (scaled === undefined || known.has(scaled)) return [];
    const isOpen = open.some((name) => fits(scaled, name));
    const meant = isOpen
      ? slipOf(
          scaled,
          [...known].filter((name) => !claimed.includes(name)),
        )
      : nearest(scaled, known);
    if (isOpen && meant === undefined) return [];
    const message = `no step of ${value.id} scales, stops or starts anything called \`${scaled}\``;
    const all = [...known].join(", ");
    const remedy = meant === undefined ? `Known: ${all === "" ? "none" : all}.` : `Did you mean \`${meant}\`?`;
    return [problemAt(source, ["health", index, "scaled"], { message, remedy })];
  });
}

/** What its steps name, and what they may name once their arguments are given, with those in braces. */
function changedBy({ operations }: System, kinds: StepKinds) {
  const known = new Set<string>();
  const open: string[] = [];
  for (const { steps, arguments: given } of Object.values(operations)) {
    const names = steps.flatMap(({ kind, spec }) => Object.keys(kinds.get(kind)?.leaves?.(spec) ?? {}));
    for (const name of names.flatMap((each) => withChoices(each, given))) {
      if (argumentsIn(name).length === 0) known.add(name);
      else open.push(name);
    }
  }
  return { known, open };
}

/** The name once for each value of an argument in it that is one of a few. */
function withChoices(name: string, given: System["operations"][string]["arguments"]): readonly string[] {
  for (const argument of argumentsIn(name)) {
    const of = given[argument];
    if (of?.choices)
      return of.choices.flatMap((choice) => withChoices(name.replaceAll(`{${argument}}`, choice), given));
  }
  return [name];
}

/** Could it be that name once its arguments are given? They stand at its end. */
function fits(scaled: string, name: string): boolean {
  const begins = name.slice(0, name.indexOf("{"));
  return scaled.startsWith(begins) && scaled.length > begins.length;
}

/** What was probably meant; numbers tell names apart that are alike otherwise. */
function slipOf(name: string, others: readonly string[]): string | undefined {
  return others.find((other) => distance(name, other) <= mostApart && unnumbered(name) !== unnumbered(other));
}

function unnumbered(text: string): string {
  return text.replaceAll(/\d+/g, "#");
}
