import { z } from "zod";
import type { Document, Put, Store } from "../domain/store.ts";
import { ifLegible, legible } from "./legible.ts";

const StoredReach = z.object({ format: z.literal(1), seq: z.int(), at: z.number() });

/** Up to which link of the journal, and up to what time (ms), timelines have been filled. */
export type TimelineReach = Readonly<Omit<z.output<typeof StoredReach>, "format">>;

export const reachKey = "timeline-reach/journal";

/** Undefined where none is on record, or what is there cannot be read: it is found anew. */
export async function readReach(
  store: Pick<Store, "read">,
): Promise<{ readonly reach?: TimelineReach; readonly revision: string | null }> {
  const [document] = await store.read([reachKey]);
  const read = document && ifLegible(() => legible(document, (value) => StoredReach.parse(value)));
  return { revision: document?.revision ?? null, ...(read && { reach: { seq: read.seq, at: read.at } }) };
}

export function putReach(reach: TimelineReach): Put {
  return { key: reachKey, value: { format: 1, ...reach } };
}

const StoredAlerts = z.object({ format: z.literal(1), firing: z.array(z.string()), over: z.array(z.string()) });

/** Alerts of an incident's system, by key, as its timeline knows them: those that fire, and those that were over of late. */
export type TimelineAlerts = Readonly<Omit<z.output<typeof StoredAlerts>, "format">>;

export function timelineAlertsKey(incident: number): string {
  return `timeline-alerts/${incident}`;
}

export function parseTimelineAlerts(document: Document): TimelineAlerts {
  const { firing, over } = legible(document, (value) => StoredAlerts.parse(value));
  return { firing, over };
}

export function putTimelineAlerts(incident: number, { firing, over }: TimelineAlerts): Put {
  return { key: timelineAlertsKey(incident), value: { format: 1, firing: [...firing], over: [...over] } };
}
