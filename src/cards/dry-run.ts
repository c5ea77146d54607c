import type { AskingAhead, AskingOutlook } from "../domain/approvals/outlook.ts";
import { allSteps } from "../domain/approvals/plan.ts";
import { positionsOf } from "../domain/approvals/readings.ts";
import { askedWords } from "../domain/approvals/request.ts";
import type { Block, Card, CardAction } from "../domain/messages/card.ts";
import { textOfDatum } from "../domain/systems/exact.ts";
import { haltedBlocks, inverseBlock, type PlanShown, planFields, positionsBlocks, stepWords } from "./plan.ts";
import { withShortDigests } from "./short-digests.ts";
import { askingItems } from "./why.ts";

/** What asking for it would come to at this moment. */
export interface DryRun extends AskingAhead {
  readonly now: number;
  /** What was read and looked up for the plan, in words. */
  readonly read: readonly string[];
}

/** What would be done, who would have to agree and what is in the way; nobody was asked. */
export function dryRunCard(shown: PlanShown, ahead: DryRun): Card {
  const { plan, system } = shown;
  const isRefused = ahead.outlook.asks === "refused" || ahead.held !== undefined;
  const isHindered = isRefused || ahead.lockUnread || ahead.met.length > 0 || isTooFew(ahead.outlook);
  return {
    tone: isRefused ? "bad" : isHindered ? "warning" : "neutral",
    title: `${askedWords(shown, shown.systemTitle)}: dry run`,
    summary: `Nobody was asked and nothing was changed. ${isRefused ? "Asked for now, it would be refused." : "Asked for now, this would be the plan."}`,
    blocks: [...readBlocks(shown, ahead).map(withShortDigests), ...inverseBlock({ system, plan })],
    ...(isRefused ? {} : { actions: [askAction(shown)] }),
  };
}

function readBlocks(shown: PlanShown, ahead: DryRun): Block[] {
  return [
    ...haltedBlocks(shown, ahead.now),
    { kind: "fields", fields: [...planFields(shown), ...scope(shown), ...readFor(ahead)] },
    ...shown.readings.flatMap((reading) => positionsBlocks(positionsOf(reading))),
    stepsOf(shown),
    { kind: "list", items: askingItems({ ...ahead, of: shown.systemTitle }) },
    ...afterwards(shown),
  ];
}

function isTooFew(outlook: AskingOutlook): boolean {
  return outlook.asks === "people" && !outlook.enough;
}

/** What names no target concerns all of it. */
function scope({ plan: { targets }, systemTitle }: PlanShown): { name: string; value: string }[] {
  return targets ? [] : [{ name: "Concerns", value: `all of ${systemTitle}` }];
}

function readFor({ read }: DryRun): { name: string; value: string }[] {
  return read.length === 0 ? [] : [{ name: "Read for it", value: read.join("; ") }];
}

function stepsOf({ plan }: PlanShown): Block {
  const all = allSteps(plan);
  return { kind: "list", ordered: true, items: all.map((step) => ({ text: stepWords(step, all) })) };
}

/** What would be asked for after it, and what there is where its target does not answer. */
function afterwards({ system, plan: { followUp, fallback } }: PlanShown): Block[] {
  const press = fallback?.operation === undefined ? "" : `run ${system} ${fallback.operation}. `;
  const text = [
    ...(followUp
      ? [
          `Once it ${followUp.once === "done" ? "is done" : "has started"}, run ${system} ${followUp.operation} is asked for by itself.`,
        ]
      : []),
    ...(fallback ? [`Where it does not answer: ${press}${fallback.text ?? ""}`.trim()] : []),
  ].join(" ");
  return text === "" ? [] : [{ kind: "text", text }];
}

/** It asks for it in earnest, as anybody would type it, once it is said why. */
function askAction({ system, operation, arguments: values }: PlanShown): CardAction {
  const given = Object.entries(values).map(([name, value]) => [name, textOfDatum(value) ?? ""]);
  return { label: "Ask for it…", command: "run", args: { ...Object.fromEntries(given), system, operation } };
}
