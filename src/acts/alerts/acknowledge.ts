import { z } from "zod";
import type { ActiveAlert } from "../../domain/alerts/alert.ts";
import type { DoneBy } from "../../domain/commands/command.ts";
import type { JournalEntry, Who } from "../../domain/journal.ts";
import { type Put, type Store, sortable } from "../../domain/store.ts";
import { canonical, sha256 } from "../../records/ids.ts";
import { committedBefore, transact } from "../transact.ts";

/** An alert that tells no time of its own cannot be told from its next episode: it is acknowledged for so long. */
const withoutTimeMs = 12 * 3_600_000;
/** What stops and fires again so soon after it was acknowledged is the same trouble, and sources round their times. */
const sameTroubleMs = 120_000;

const Ack = z.object({
  format: z.literal(1),
  code: z.string(),
  system: z.string(),
  summary: z.string(),
  by: z.object({ person: z.string(), name: z.string(), account: z.string() }),
  at: z.number(),
});
export type Ack = z.output<typeof Ack>;

/** What an alert is called where people type: the same for as long as its source calls it the same. */
export function alertCode({ system, source, id }: Pick<ActiveAlert, "system" | "source" | "id">): string {
  return sha256(canonical([system, source, id])).slice(0, 8);
}

/**
 * Puts on record that somebody looks after an alert, for as long as this episode of it lasts. It silences nothing.
 * `fresh` is false when it was acknowledged before: the first one stands.
 */
export async function acknowledgeAlert(
  store: Store,
  alert: ActiveAlert,
  { invocation, ...by }: DoneBy,
): Promise<{ readonly ack: Ack; readonly fresh: boolean }> {
  const key = ackKey(alertCode(alert));
  const once = `ack:${invocation}:${alertCode(alert)}`;
  const outcome = await transact(store, async (now) => {
    const [document] = await store.read([key]);
    const standing = document && Ack.parse(document.value);
    if (standing && holds(standing, alert, now)) {
      const own = standing.by.person === by.person && (await committedBefore(store, once)) !== undefined;
      return { result: { ack: standing, fresh: own } };
    }
    const ack: Ack = {
      format: 1,
      code: alertCode(alert),
      system: alert.system,
      summary: alert.summary,
      by,
      at: now,
    };
    return {
      result: { ack, fresh: true },
      commit: {
        once: { key: once, answer: ack },
        expect: { [key]: document?.revision ?? null },
        put: [putAck(ack)],
        journal: [journalOf("acknowledged", ack, { at: now, who: by })],
      },
    };
  });
  // Taken back by somebody meanwhile, it is not given once more.
  return outcome.repeated ? { ack: Ack.parse(outcome.answer), fresh: true } : outcome.result;
}

/** Takes an acknowledgement back. Undefined when the alert has none. */
export async function unacknowledgeAlert(
  store: Store,
  code: string,
  { invocation, ...by }: DoneBy,
): Promise<Ack | undefined> {
  const key = ackKey(code);
  const once = `unack:${invocation}`;
  const outcome = await transact(store, async (now) => {
    const [document] = await store.read([key]);
    if (!document) {
      const before = await committedBefore(store, once);
      return { result: before === undefined ? undefined : Ack.parse(before) };
    }
    const ack = Ack.parse(document.value);
    return {
      result: ack,
      commit: {
        once: { key: once, answer: ack },
        expect: { [key]: document.revision },
        remove: [key],
        journal: [journalOf("unacknowledged", ack, { at: now, who: by })],
      },
    };
  });
  return outcome.repeated ? Ack.parse(outcome.answer) : outcome.result;
}

/** Who looks after which of these alerts now, by code. */
export async function acksOf(store: Store, alerts: readonly ActiveAlert[]): Promise<ReadonlyMap<string, Ack>> {
  const documents = await store.read(alerts.map((alert) => ackKey(alertCode(alert))));
  const now = await store.now();
  const standing = documents.flatMap((document, at): [string, Ack][] => {
    const alert = alerts[at];
    const ack = document && Ack.parse(document.value);
    return alert && ack && holds(ack, alert, now) ? [[ack.code, ack]] : [];
  });
  return new Map(standing);
}

/** It was given in this episode: an alert that was over and fires again is nobody's yet. */
function holds(ack: Ack, alert: ActiveAlert, now: number): boolean {
  return alert.since === undefined ? now - ack.at < withoutTimeMs : alert.since <= ack.at + sameTroubleMs;
}

function putAck(ack: Ack): Put {
  return { key: ackKey(ack.code), value: ack, index: { at: sortable(ack.at) } };
}

function journalOf(
  what: "acknowledged" | "unacknowledged",
  { code, system, summary }: Ack,
  { at, who }: { readonly at: number; readonly who: Who },
): JournalEntry {
  return { kind: `alert.${what}`, at, who, alert: code, system, summary };
}

function ackKey(code: string): string {
  return `ack/${code}`;
}
