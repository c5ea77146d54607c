import { typedAsking } from "../domain/approvals/ask-again.ts";
import { positionsOf } from "../domain/approvals/readings.ts";
import { concernedSystem, type Request, type Sealed, standingWords } from "../domain/approvals/request.ts";
import type { ShownRequest, WholeRequest } from "../domain/approvals/run.ts";
import { agreeCommand, isSettleable } from "../domain/approvals/settle-rules.ts";
import { isUndoable } from "../domain/approvals/undoing.ts";
import type { Block } from "../domain/messages/card.ts";
import { needWords } from "../domain/people/need-words.ts";
import { shortInverse } from "./plan.ts";

/** What a run holds: its targets, or the whole system where it names none. */
export function heldWords({ system, plan: { targets = [] } }: Pick<Sealed, "system" | "plan">): string {
  return targets.length === 0 ? system : `${targets.join(", ")} of ${system}`;
}

/** What it keeps from running, and what passes that: what concerns its targets or the whole system, or all where it names none. */
export function lockWords({ passedBy }: Request, sealed: Sealed): string {
  const whole = (sealed.plan.targets ?? []).length === 0;
  const what = whole ? heldWords(sealed) : `${heldWords(sealed)}, nor anything that concerns all of ${sealed.system}`;
  const passing = passedBy === undefined ? "what is urgent" : passedBy.join(" and ");
  if (passing === "") return whole ? what : `${what},`;
  return `${what}, except ${passing},`;
}

/** How people say what nobody could prove, and from when on; or what one of them has said, for another to agree to. */
export function settlingBlocks({ request: { state, code }, sealed, run, settlements = [] }: ShownRequest): Block[] {
  if (!run || !isSettleable(state)) return [];
  if (settlements.length > 0) return [{ kind: "list", items: settlements.map((each) => ({ text: saidWords(each) })) }];
  const how = `confirm settle ${code} succeeded or failed, with evidence:"what you saw"`;
  const text = `Two people who looked can settle it: one asks with ${how}, and another who may approve for ${concernedSystem(sealed)} agrees. Who can: confirm who ${code}.`;
  return [
    { kind: "text", text },
    { kind: "moment", label: "Settle after", at: run.hardDeadline },
  ];
}

/** What still runs on what an open outcome holds, in words that can be typed: what undoes it, and how two people say how it ended. */
export function waysOutWords({ request, sealed, run }: WholeRequest): string {
  const { code } = request;
  const undo = isUndoable(request, run) ? shortInverse(request, sealed) : undefined;
  const settled = `two people who looked say how it ended: confirm settle ${code} succeeded or failed, with evidence:"what you saw", and another agrees. Who can: confirm who ${code}.`;
  return undo === undefined
    ? `It is over once ${settled}`
    : `What gets through now is its Undo: ${undo}. Where that is refused, it is over once ${settled}`;
}

/** From when on people may say how it ended; nothing where it is known. */
export function settleFrom({ request: { state, code }, run }: WholeRequest): Block[] {
  return run && isSettleable(state)
    ? [{ kind: "moment", label: `${code} is settled after`, at: run.hardDeadline }]
    : [];
}

/** What is proposed, by whom, on what evidence, and what it takes yet. */
export function saidWords({ request, sealed }: NonNullable<ShownRequest["settlements"]>[number]): string {
  const { code, state, reason } = request;
  const said = `Settlement ${code}, ${standingWords(request)}: ${sealed.requester.name} says it ${sealed.settles?.outcome ?? "ended"}, and saw: ${reason}`;
  if (state !== "PENDING") return said;
  return `${said}. ${needWords(sealed.policy.alternatives)} who looked, too, must agree: ${agreeCommand(code)}. Who can: confirm who ${code}`;
}

/** Of what people settled as failed: what is free again, what may be left as it was, and how it is asked for once more. */
export function settledBlocks(request: Request, sealed: Sealed): Block[] {
  if (request.settledBy === undefined || request.state !== "FAILED") return [];
  const { system, plan, readings } = sealed;
  const steps = plan.steps.map(({ title }) => title).join(", ");
  const positions = readings.some((reading) => positionsOf(reading) !== undefined);
  const open = positions ? ` Positions may still be open: portfolio ${system}.` : "";
  const text = `${heldWords(sealed)} is free again. What this was for may not be done: ${steps}.${open} To try again: ${typedAsking(system, sealed)} reason:"…"`;
  return [{ kind: "text", text }];
}
