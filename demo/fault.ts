import { z } from "zod";

/**
 * What a lying answer looks like; the status is always 200. `html`: a login page. `missing`, `null`, `text`: the part
 * that matters is absent, null or a string. `imposter`: another system answers on this address.
 */
export const Lie = z.enum(["html", "missing", "null", "text", "imposter"]);
export type Lie = z.output<typeof Lie>;

/** How many calls it lasts (until healed when left out), and which: `reads` are GET, `changes` the rest. */
const times = z.int().min(1).optional();
const only = z.enum(["reads", "changes"]).optional();

/** One way in which a service misbehaves. A service has at most one at a time. */
export const Fault = z.discriminatedUnion("kind", [
  /** The call is handled at once, effect included; the answer comes so many ms later. */
  z.strictObject({ kind: z.literal("slow"), ms: z.int().min(1).max(600_000), only, times }),
  /** The listener is closed: connections are refused. */
  z.strictObject({ kind: z.literal("down") }),
  /** Answers 5xx and does nothing. */
  z.strictObject({ kind: z.literal("error"), status: z.int().min(500).max(599).optional(), only, times }),
  z.strictObject({ kind: z.literal("lying"), lie: Lie, times }),
  /** Refuses every change before any effect. */
  z.strictObject({ kind: z.literal("refuse"), status: z.union([z.literal(403), z.literal(409)]).optional(), times }),
  /** A change takes effect, then the connection breaks before the answer. */
  z.strictObject({ kind: z.literal("lost-answer"), times }),
  /** A change is received, the connection breaks, and nothing was done. */
  z.strictObject({ kind: z.literal("lost-request"), times }),
  /** Accepts the call and never answers; nothing is done. */
  z.strictObject({ kind: z.literal("hang"), only, times }),
]);
export type Fault = z.output<typeof Fault>;

/** Does the fault touch a call of this kind? */
export function touches(fault: Fault, call: "reads" | "changes"): boolean {
  switch (fault.kind) {
    case "refuse":
    case "lost-answer":
    case "lost-request":
      return call === "changes";
    case "lying":
      return call === "reads";
    case "down":
      return true;
    case "slow":
    case "error":
    case "hang":
      return fault.only === undefined || fault.only === call;
  }
}
