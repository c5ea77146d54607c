import { noteEnding, noteThere } from "../acts/alerts/silence-there.ts";
import type { PeerLook, SilencePeers } from "../domain/alerts/mirrored-silence.ts";
import type { AlertPeer } from "../domain/alerts/reconcile.ts";
import type { AlertsInFile } from "../domain/alerts/routing.ts";
import type { AlertSender } from "../domain/alerts/sender.ts";
import { isOwedThere, type Silence, type SilenceThere, silenceMark } from "../domain/alerts/silence.ts";
import type { Policy } from "../domain/people/policy.ts";
import type { Store } from "../domain/store.ts";
import type { Reading } from "../domain/systems/reading.ts";
import { silencesOwed } from "../records/silence.ts";
import { silenceMirrors } from "../records/silence-mirror.ts";
import type { ScheduleSlot } from "./schedule.ts";

/** How soon what was asked is done there, ms. */
const everyMs = 2_000;
/** One call; a round has ten seconds, and what it does not come to is done by the next. */
const deadlineMs = 3_000;
const roundLeftMs = 6_000;
const perRound = 20;

interface SilencePorts {
  readonly store: Store;
  readonly silencePeers: SilencePeers;
  readonly policyInForce: () => Promise<Policy>;
  readonly alerts: () => Pick<AlertsInFile, "senders">;
}

/**
 * Makes silences in Alertmanagers and ends them there, once over all replicas, until that is done. Doing it twice comes to the same:
 * one that was made is found by its mark.
 */
export function silenceSlot(ports: SilencePorts): ScheduleSlot {
  const { store } = ports;
  return {
    id: "alert-silences",
    everyMs: () => everyMs,
    async run() {
      const until = performance.now() + roundLeftMs;
      const { senders } = ports.alerts();
      const owed = await silencesOwed(store, perRound);
      for (const { silence } of owed.found) {
        if (performance.now() > until) return { more: true };
        const there = await Promise.all((silence.there ?? []).map((each) => stepOf(ports, silence, each)));
        await noteThere(ports, silence.id, there);
      }
      const mirrors = (await silenceMirrors(store)).found;
      for (const { mirror } of mirrors)
        for (const { id, ending } of mirror.silences) {
          if (!ending) continue;
          if (performance.now() > until) return { more: true };
          const sender = senders.find((each) => each.id === mirror.sender);
          const done = await atOne(sender, (peer, look) => ports.silencePeers.end(peer, { id }, look));
          await noteEnding(store, { sender: mirror.sender, id }, done.ok ? undefined : done.detail);
        }
      return {};
    },
  };
}

/** What stands of it there after one more attempt. */
async function stepOf(
  { store, silencePeers, alerts }: SilencePorts,
  silence: Silence,
  there: SilenceThere,
): Promise<SilenceThere> {
  const now = await store.now();
  if (!isOwedThere({ ...silence, there: [there] }, now)) return there;
  const { fault: _, ...plain } = there;
  const sender = alerts().senders.find(({ id }) => id === there.sender);
  const mark = silenceMark(silence.id);
  const { from, until, by, comment } = silence;
  if (until <= now) {
    const ended = await atOne(sender, (peer, look) => silencePeers.end(peer, { id: there.id, mark }, look));
    // Who is not configured any more is not reached any more, and what is there ends by itself.
    return ended.ok || !sender ? { ...plain, over: true } : { ...plain, fault: ended.detail };
  }
  const asked = { match: there.match, from, until, by: by.name, comment, mark };
  const made = await atOne(sender, (peer, look) => silencePeers.put(peer, asked, look));
  if (!made.ok) return { ...plain, fault: made.detail };
  return { ...plain, id: made.value.id, starts: [made.value.startedAt] };
}

/** The first peer that answers: those of a cluster tell each other. */
async function atOne<Value>(
  sender: Pick<AlertSender, "system" | "api"> | undefined,
  ask: (peer: AlertPeer, look: PeerLook) => Promise<Reading<Value>>,
): Promise<Reading<Value>> {
  let last: Reading<Value> = {
    ok: false,
    fault: "missing",
    detail: "its Alertmanager is not configured any more",
    at: 0,
    latencyMs: 0,
  };
  for (const peer of sender?.api?.peers ?? []) {
    last = await ask(peer, { system: sender?.system ?? "", deadlineMs });
    if (last.ok) return last;
  }
  return last;
}
