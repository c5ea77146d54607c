import { z } from "zod";
import { acceptBatch } from "../../../src/acts/alerts/accept-batch.ts";
import { explodeNext } from "../../../src/acts/alerts/explode-batch.ts";
import { tellHeld, tellRuns } from "../../../src/acts/alerts/tell-episodes.ts";
import { warnOfEnds } from "../../../src/acts/alerts/warn-of-ends.ts";
import { type PagePorts, pageDue } from "../../../src/acts/escalation/page-due.ts";
import { recordSent, recordUndeliverable } from "../../../src/acts/messages/record-sent.ts";
import { showSubject } from "../../../src/cards/subjects.ts";
import { batchIn } from "../../../src/domain/alerts/reported-alert.ts";
import { AlertsInFile, routingOf } from "../../../src/domain/alerts/routing.ts";
import type { Card } from "../../../src/domain/messages/card.ts";
import type { Called } from "../../../src/domain/messages/message.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import type { Store } from "../../../src/domain/store.ts";
import type { System } from "../../../src/domain/systems/system.ts";
import { readSubject } from "../../../src/reads/subject.ts";
import { toldHeld } from "../../../src/records/alert-told.ts";
import { tellQueue } from "../../../src/records/batch.ts";
import { noticeQueues, readNotice } from "../../../src/records/notice.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { postedBatch } from "../../fakes/posted-alerts.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";

/** A message as it stands in a channel. */
export interface Stood {
  readonly channel: string;
  readonly kind: string;
  readonly card: Card;
  readonly calls: readonly Called[];
  /** How often it was sent or edited. */
  readonly times: number;
}

/** Alerts as they are told, without a platform: what is owed is sent when the test says so. */
export interface Desk {
  readonly store: Store;
  readonly clock: { now: number };
  /** By what each message is known. */
  readonly messages: Map<string, Stood>;
  /** Posts these alerts, and tells what is new of them. Answers the id of the batch. */
  post(...alerts: readonly object[]): Promise<string>;
  /** Sends what is due so much later, ms. `lost`: nobody takes it, and it is given up. */
  send(afterMs: number, how?: { readonly lost: boolean }): Promise<void>;
  /** Sends what is due now, and does this between the moment in which each message was made and the one in which it stands. */
  sendWhile(meanwhile: () => Promise<unknown>): Promise<void>;
  /** Looks at what is held so much later, ms. */
  lookAtHeld(afterMs: number): Promise<void>;
  /** Looks at silences that end soon. */
  warn(): Promise<void>;
  /** Calls whoever is due so much later, ms, and sends what that owes. */
  page(afterMs: number): Promise<void>;
  /** What escalations reach the world through. */
  readonly paging: PagePorts;
  route(written: z.input<typeof AlertsInFile>): void;
}

interface Sending {
  readonly lost?: boolean;
  readonly meanwhile?: () => Promise<unknown>;
}

const sender = { id: "am", kind: "alertmanager", system: "logos" } as const;

export function openDesk(written: z.input<typeof AlertsInFile>, rules: Policy = policy(), system?: System): Desk {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const store = scratchStore(clock);
  const messages = new Map<string, Stood>();
  const systems = system ? [system] : [];
  let routing = routingOf(AlertsInFile.parse(written), systems);
  const ports = { store, routing: () => routing, policyInForce: async () => rules, system: () => system };
  const sendDue = async ({ lost = false, meanwhile }: Sending): Promise<void> => {
    for (const queue of noticeQueues("console"))
      for (const item of await store.claim(queue, { leaseMs: 1_000, limit: 1_000 })) {
        const { subject, place } = readNotice(item);
        const data = subject && (await readSubject(store, subject));
        if (!subject || !data) continue;
        const { card, calls = [], rev = 0 } = showSubject(data);
        await meanwhile?.();
        if (lost) {
          const why = "the channel is gone";
          await recordUndeliverable(store, item, {
            surface: "console",
            title: card.title,
            why,
            unshown: { subject, place, rev },
          });
          continue;
        }
        const times = (messages.get(item.id)?.times ?? 0) + 1;
        messages.set(item.id, { channel: place.channel, kind: subject.kind, card, calls, times });
        await recordSent(store, item, { ref: { ...place, id: item.id }, subject, rev });
      }
  };
  return {
    store,
    clock,
    messages,
    route(next) {
      routing = routingOf(AlertsInFile.parse(next), systems);
    },
    async post(...alerts) {
      const text = postedBatch(alerts);
      const batch = batchIn(text);
      if ("unusable" in batch) throw new Error(batch.unusable);
      const id = await acceptBatch(store, { sender, text, bytes: text.length, digest: "d" }, batch);
      const exploding = { store, system: () => system };
      while (await explodeNext(exploding, id, batch.alerts));
      await tellAll(ports);
      return id;
    },
    async send(afterMs, how = { lost: false }) {
      clock.now += afterMs;
      await sendDue(how);
    },
    paging: ports,
    async page(afterMs) {
      clock.now += afterMs;
      while (await pageDue(ports));
      await sendDue({});
    },
    warn: () => warnOfEnds(ports),
    sendWhile: (meanwhile) => sendDue({ meanwhile }),
    async lookAtHeld(afterMs) {
      clock.now += afterMs;
      const held = await toldHeld(store, clock.now + 1, 100);
      await tellHeld(
        ports,
        held.map(({ episode }) => episode),
      );
    },
  };
}

async function tellAll(ports: Parameters<typeof tellRuns>[0]): Promise<void> {
  const Run = z.object({ batch: z.string(), from: z.number() });
  const { store } = ports;
  for (const item of await store.claim(tellQueue, { leaseMs: 1_000, limit: 1_000 })) {
    await tellRuns(ports, [Run.parse(item.body)]);
    // The same run again, as after a crash before it was settled, tells nothing twice.
    await tellRuns(ports, [Run.parse(item.body)]);
    const { queue, id, fence, version } = item;
    await store.commit({ id: crypto.randomUUID(), settle: [{ queue, id, fence, version }] });
  }
}

/** The messages about alerts in a channel, or what was said under them. */
export function standing(desk: Desk, channel: string, kind = "alerts"): readonly Stood[] {
  return [...desk.messages.values()].filter((each) => each.channel === channel && each.kind === kind);
}
