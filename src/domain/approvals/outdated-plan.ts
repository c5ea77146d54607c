import type { Plan, SealedReading } from "./plan.ts";
import { riskierNow } from "./readings.ts";
import type { Sealed } from "./request.ts";

/** The same as it would be asked for now. */
export interface AskedNow extends Pick<Sealed, "risk" | "direction"> {
  readonly readings: readonly SealedReading[];
  readonly plan: Pick<Plan, "typedName">;
}

/**
 * In what something asked before is riskier as things stand now than whoever agrees to it was told, one line each: it would not be
 * begun any more.
 */
export function riskierSince(sealed: Sealed, now: AskedNow): readonly string[] {
  const graver =
    now.risk === "destructive" && sealed.risk !== "destructive" ? ["as things stand now it is destructive"] : [];
  const reviving =
    now.direction === "increases" && sealed.direction !== "increases"
      ? ["as things stand now it increases what can be lost"]
      : [];
  const name = now.plan.typedName;
  const untyped =
    name === undefined || name === sealed.plan.typedName
      ? []
      : [`as things stand now whoever approves has to type ${name}`];
  return [...riskierNow(sealed.readings, now.readings), ...graver, ...reviving, ...untyped];
}
