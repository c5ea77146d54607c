import { type Looked, type OwnReport, ownSender, ownWatchStep } from "../../domain/alerts/own-watch.ts";
import type { Store } from "../../domain/store.ts";
import { sha256 } from "../../records/ids.ts";
import { ifLegible } from "../../records/legible.ts";
import { liveFingerprint, ownWatchKey, parseOwnWatch, putOwnWatch } from "../../records/own-watch.ts";
import type { RoundWrite } from "../schedule/end-round.ts";
import { acceptedBatch } from "./accept-batch.ts";

/**
 * What a round over systems writes: what was found of each, and what of it is news as a batch of alerts, which goes the way of
 * every other. In one commit: news is told once, also where a process dies.
 */
export async function ownWatchWrite(
  store: Store,
  looks: readonly Omit<Looked, "fingerprint" | "now">[],
): Promise<Required<Pick<RoundWrite, "expect" | "put" | "timers" | "journal">>> {
  const now = await store.now();
  const keys = looks.map(({ system }) => ownWatchKey(system));
  const documents = await store.read(keys);
  const steps = looks.map((look, at) => {
    const document = documents[at];
    const before = document && ifLegible(() => parseOwnWatch(document));
    const step = ownWatchStep(before, { ...look, now, fingerprint: liveFingerprint });
    return { ...step, system: look.system, isNew: JSON.stringify(before) !== JSON.stringify(step.after) };
  });
  const batches = steps
    .filter(({ reports }) => reports.length > 0)
    .map(({ system, reports }) => batchOf(system, reports, now));
  return {
    expect: Object.fromEntries(keys.map((key, at) => [key, documents[at]?.revision ?? null])),
    put: [
      ...steps.filter(({ isNew }) => isNew).map(({ after }) => putOwnWatch(after)),
      ...batches.flatMap(({ put }) => put),
    ],
    timers: batches.flatMap(({ timers }) => timers),
    journal: batches.flatMap(({ journal }) => journal),
  };
}

function batchOf(system: string, alerts: readonly OwnReport[], now: number): ReturnType<typeof acceptedBatch> {
  const text = JSON.stringify({ version: "4", alerts });
  const sender = { id: ownSender, kind: "alertmanager" as const, system };
  const posted = { sender, text, bytes: Buffer.byteLength(text), digest: sha256(text) };
  return acceptedBatch(posted, { alerts, leftOut: 0 }, now);
}
