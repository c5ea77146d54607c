import { typedAsking } from "../domain/approvals/ask-again.ts";
import type { PlannedStep } from "../domain/approvals/plan.ts";
import { readingSums, type SealedPositions } from "../domain/approvals/readings.ts";
import { concernedSystem, isSettlement, type Request, type Sealed } from "../domain/approvals/request.ts";
import type { Block, Column } from "../domain/messages/card.ts";
import { isNested } from "../domain/systems/data-words.ts";
import { type ArgumentValue, textOfDatum } from "../domain/systems/exact.ts";
import { askedName } from "../domain/systems/steps.ts";
import { shortDigests } from "../domain/text/digests.ts";
import { clock } from "../domain/text/moment.ts";
import { inFull, money, span } from "../domain/text/quantities.ts";

/** What is shown of a plan, whether or not anybody was asked about it. */
export type PlanShown = Pick<
  Sealed,
  | "system"
  | "systemTitle"
  | "operation"
  | "risk"
  | "direction"
  | "arguments"
  | "plan"
  | "readings"
  | "concerns"
  | "spans"
  | "settles"
  | "permission"
  | "halted"
>;

/** How much of a plan a card shows: all of it, or what is read on a phone before a yes, which says where the rest is. */
export type Extent = "whole" | "brief";

/** What would be done, at what risk, to what: what matters most stands first. */
export function planFields(sealed: PlanShown, extent: Extent = "whole"): { name: string; value: string }[] {
  const isBrief = extent === "brief" && sealed.plan.effect !== undefined;
  // What the effect puts in words is not shown once more as it was read.
  const read = isBrief
    ? sealed.readings.filter(({ value, kind }) => kind !== "value" || !isNested(value))
    : sealed.readings;
  const shown = (value: string): string => (extent === "brief" ? cutValue(value) : value);
  return [
    ...(sealed.plan.effect === undefined ? [] : [{ name: "Changes", value: sealed.plan.effect }]),
    { name: "Risk", value: riskWords(sealed) },
    { name: "Operation", value: sealed.plan.summary },
    { name: "System", value: `${sealed.systemTitle} (${concernedSystem(sealed)})` },
    ...(sealed.spans ? [{ name: "Touches", value: sealed.spans.join(", ") }] : []),
    ...(sealed.plan.typedName === undefined ? [] : [{ name: "A yes takes the name", value: sealed.plan.typedName }]),
    ...(sealed.plan.targets && !isSettlement(sealed)
      ? [{ name: "Concerns only", value: sealed.plan.targets.join(", ") }]
      : []),
    ...readingSums(read),
    ...shownArguments(sealed).map(([name, value]) => ({ name, value: shown(argumentWords(value)) })),
  ];
}

/** A phone shows no more of one value, in characters. */
const longestValue = 160;
/** What names one image by its whole digest is typed or copied yet, in characters. */
const longestTyped = 240;

function cutValue(value: string): string {
  const short = shortDigests(value);
  return short.length <= longestValue ? value : `${short.slice(0, longestValue)}… (whole: confirm show)`;
}

/** What a settlement was asked with stands in its own words above; a request is named by its code, never by its id. */
function shownArguments(sealed: PlanShown): [string, ArgumentValue][] {
  if (sealed.settles) return [];
  const all = Object.entries(sealed.arguments);
  return isSettlement(sealed) ? all.filter(([name]) => name !== "request") : all;
}

/** A hash or an id is told apart by its start; the whole of it is in the file. */
function argumentWords(value: ArgumentValue): string {
  if (typeof value === "string" && /^[0-9a-f]{32,}$/.test(value)) return `${value.slice(0, 12)}…`;
  return textOfDatum(value) ?? "";
}

function riskWords({ risk, direction }: PlanShown): string {
  // Neutral is also what nothing is said of in the system's file: whoever agrees is told what it may lose by its effect.
  const moves = {
    reduces: "; reduces what can be lost",
    neutral: "",
    increases: "; increases what can be lost",
  } as const;
  return `${risk}${moves[direction]}`;
}

/** Who halted the system before, when and why; `askedAt`: when this was asked, store time in ms. */
export function haltedBlocks({ halted = [], permission }: PlanShown, askedAt: number): Block[] {
  if (halted.length === 0) return [];
  const again = permission === "stop";
  const items = halted.map(({ operation, code, by, at, reason, stands }, index) => {
    const verb = index > 0 ? "Again" : again ? "Already stopped" : "Stopped";
    return { text: `${verb} by ${by} at ${clock(at, askedAt)}: ${operation}, request ${code} (${stands}): ${reason}` };
  });
  return [
    { kind: "list", items },
    ...(again ? [{ kind: "text" as const, text: "This one is sent all the same." }] : []),
  ];
}

/** The largest of the positions that a plan was made on; `when` they were open. */
export function positionsBlocks(snapshot: SealedPositions | undefined, when = whenAsked): Block[] {
  if (!snapshot) return [];
  if (snapshot.positions.length === 0) return [{ kind: "text", text: `No open positions ${when}.` }];
  const heading: Block = { kind: "text", text: `Open positions ${when}:` };
  const columns: Column[] = [
    { title: "Symbol" },
    { title: "Side" },
    // A phone cuts what comes last: what is at stake stands before what it is made of.
    { title: "Notional", align: "right" },
    { title: "Quantity", align: "right" },
    { title: "Price", align: "right" },
  ];
  const largest = snapshot.positions.toSorted((a, b) => notionalOf(b) - notionalOf(a)).slice(0, mostPositions);
  const rows = (snapshot.positions.length > mostPositions ? largest : snapshot.positions).map((position) => [
    position.symbol,
    position.side,
    money(notionalOf(position), snapshot.currency),
    inFull(position.quantity),
    inFull(position.price),
  ]);
  const table: Block = { kind: "table", columns, rows };
  const left = snapshot.positions.length - mostPositions;
  if (left <= 0) return [heading, table];
  const more = `The ${mostPositions} largest of ${inFull(snapshot.positions.length)} positions. The other ${inFull(left)} are in the file of confirm show.`;
  return [heading, table, { kind: "text", text: more }];
}

/** It stands there for as long as the card does, while they are being closed as well. */
const whenAsked = "when this was asked";

/** More rows than this are not read on a phone; the largest matter most. */
const mostPositions = 25;

function notionalOf({ quantity, price }: SealedPositions["positions"][number]): number {
  return quantity * price;
}

/** A check of which the title says what has to be so: its condition is no reading on a phone. */
export function briefStepWords(step: PlannedStep, all: readonly PlannedStep[]): string {
  if (step.kind !== "watch") return stepWords(step, all);
  return stepWords({ ...step, description: `waited for, at most ${span(step.budgetMs)}` }, all);
}

/** What a step does; what it takes from an earlier step is not known when people agree, and is said to be. */
export function stepWords({ title, description, awaits = [] }: PlannedStep, all: readonly PlannedStep[]): string {
  const taken = awaits.map((name) =>
    name === askedName
      ? `{${name}} is who asked for this, when and why`
      : `{${name}} is what "${all.find(({ as }) => as === name)?.title ?? name}" brings`,
  );
  const what = description === "" ? title : `${title} (${description})`;
  return taken.length === 0 ? what : `${what}, where ${taken.join(" and ")}`;
}

/** How it is undone, as it is typed. */
export function inverseBlock({ system, plan: { inverse } }: Pick<Sealed, "system" | "plan">): Block[] {
  return inverse ? [{ kind: "text", text: inverseWords(system, inverse) }] : [];
}

/** The same for a phone: what is too long to be typed there is pressed. */
export function briefInverseBlock({ code }: Pick<Request, "code">, sealed: Sealed): Block[] {
  const { inverse } = sealed.plan;
  if (!inverse || !isTooLong(sealed.system, inverse)) return inverseBlock(sealed);
  const text = `Undo: ${inverse.operation}, asked for by a button here once this is done. As it is typed: confirm show ${code}`;
  return [{ kind: "text", text }];
}

/** The command that undoes it, or where that is read or pressed when it is too long to be typed; undefined where nothing undoes it. */
export function shortInverse(
  { code }: Pick<Request, "code">,
  { system, plan: { inverse } }: Sealed,
): string | undefined {
  if (!inverse) return undefined;
  return isTooLong(system, inverse)
    ? `${inverse.operation}, by the button on its card or as it is typed there: confirm show ${code}`
    : inverseTyped(system, inverse);
}

type Inverse = NonNullable<Sealed["plan"]["inverse"]>;

function isTooLong(system: string, inverse: Inverse): boolean {
  return inverseWords(system, inverse).length > longestTyped;
}

function inverseTyped(system: string, inverse: Inverse): string {
  return `${typedAsking(system, inverse)} reason:"…"`;
}

function inverseWords(system: string, inverse: Inverse): string {
  return `Undo: ${inverseTyped(system, inverse)}`;
}
