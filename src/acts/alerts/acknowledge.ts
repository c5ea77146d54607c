import { type Ack, isStillGiven } from "../../domain/alerts/ack.ts";
import type { FiringAlert } from "../../domain/alerts/firing.ts";
import type { DoneBy } from "../../domain/commands/command.ts";
import type { Store } from "../../domain/store.ts";
import { ackKey, parseAck, putAck, readAck, storedAck } from "../../records/ack.ts";
import { holdEscalations } from "../escalation/hold.ts";
import { committedBefore, transact } from "../transact.ts";
import { alterTold } from "./alter-told.ts";

/**
 * Puts on record that somebody looks after an alert, for as long as this episode of it lasts, or for so many ms. It silences nothing.
 * `fresh` is false when it was acknowledged before: the first one stands.
 */
export async function acknowledgeAlert(
  store: Store,
  alert: FiringAlert,
  { invocation, ...by }: DoneBy,
  lastsMs?: number,
): Promise<{ readonly ack: Ack; readonly fresh: boolean }> {
  const { code, system, summary } = alert;
  const once = `ack:${invocation}:${code}`;
  const outcome = await transact(store, async (now) => {
    const standing = await readAck(store, code);
    if (standing && isStillGiven(standing.ack, alert, now)) {
      const own = standing.ack.by.person === by.person && (await committedBefore(store, once)) !== undefined;
      return { result: { ack: standing.ack, fresh: own } };
    }
    const ack: Ack = { code, system, summary, by, at: now, ...(lastsMs !== undefined && { until: now + lastsMs }) };
    const told = await alterTold(store, [code], {
      now,
      what: "acknowledged",
      with: (member) => ({ ...member, ack: { name: by.name, at: now } }),
    });
    const held = await holdEscalations(store, [code], { now, name: by.name });
    return {
      result: { ack, fresh: true },
      commit: {
        once: { key: once, answer: storedAck(ack) },
        expect: { ...told.expect, ...held.expect, [ackKey(code)]: standing?.revision ?? null },
        put: [...told.put, ...held.put, putAck(ack)],
        notices: [...told.notices, ...held.notices],
        journal: [{ kind: "alert.acknowledged", at: now, who: by, alert: code, system, summary }],
      },
    };
  });
  // Taken back by somebody meanwhile, it is not given once more.
  return outcome.repeated ? { ack: parseAck(outcome.answer), fresh: true } : outcome.result;
}
