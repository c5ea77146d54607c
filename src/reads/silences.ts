import type { FiringAlert } from "../domain/alerts/firing.ts";
import { labelled } from "../domain/alerts/labelled-alert.ts";
import { unmetBy } from "../domain/alerts/matcher.ts";
import type { MirroredSilence, SilenceMirror } from "../domain/alerts/mirrored-silence.ts";
import { type NeverMuted, whyNeverMuted } from "../domain/alerts/never-muted.ts";
import { readMatchers } from "../domain/alerts/read-matchers.ts";
import { postedBy } from "../domain/alerts/sender.ts";
import { type Silence, silenceFor } from "../domain/alerts/silence.ts";
import type { Store } from "../domain/store.ts";
import { readSilence, silencesAt } from "../records/silence.ts";
import { silenceMirrors } from "../records/silence-mirror.ts";

/** Silences that hold at a time in ms, those that end first first. */
export async function silencesNow(store: Pick<Store, "list">, now: number): Promise<readonly Silence[]> {
  const { found } = await silencesAt(store, now);
  return found.map(({ silence }) => silence);
}

/** A silence by its id, whether it still holds or not; undefined where there is none. */
export async function silenceNamed(store: Pick<Store, "read">, id: string): Promise<Silence | undefined> {
  const name = id.toLowerCase();
  if (!/^[0-9a-f]{8}$/.test(name)) return undefined;
  const read = await readSilence(store, name);
  return read?.silence;
}

/** One that somebody made in a sender's Alertmanager. */
export type SilenceElsewhere = MirroredSilence & Pick<SilenceMirror, "sender" | "system">;

/** Silences that hold by themselves in Alertmanagers, those that end first first. */
export async function silencesElsewhere(store: Pick<Store, "list">, now: number): Promise<readonly SilenceElsewhere[]> {
  const { found } = await silenceMirrors(store);
  return found
    .flatMap(({ mirror: { sender, system, silences } }) => silences.map((each) => ({ ...each, sender, system })))
    .filter(({ until }) => until > now)
    .toSorted((a, b) => a.until - b.until);
}

/** Alerts, each with until when it is silenced, here or in the Alertmanager that it came from. */
export async function withSilences(
  store: Pick<Store, "list">,
  alerts: readonly FiringAlert[],
  { now, neverMuted }: { readonly now: number; readonly neverMuted: readonly NeverMuted[] },
): Promise<readonly FiringAlert[]> {
  const [own, mirrored] = await Promise.all([silencesNow(store, now), silencesElsewhere(store, now)]);
  const elsewhere = mirrored
    .filter(({ from }) => from <= now)
    .map((each) => ({ ...each, matchers: readMatchers(each.match).matchers }));
  return alerts.map((alert) => {
    const judged = labelled(alert);
    const here = silenceFor(own, { ...judged, isNeverMuted: whyNeverMuted(judged, neverMuted) !== undefined }, now);
    const there = elsewhere.filter(
      ({ sender, matchers }) =>
        alert.source === postedBy(sender) && unmetBy(alert.labels ?? {}, matchers) === undefined,
    );
    const ends = [...(here ? [here] : []), ...there].map(({ until }) => until);
    return ends.length === 0 ? alert : { ...alert, silencedUntil: Math.max(...ends) };
  });
}
