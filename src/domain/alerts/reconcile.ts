import { Temporal } from "temporal-polyfill";
import type { z } from "zod";
import type { BackendFault } from "../failure.ts";
import type { Look, Reading } from "../systems/reading.ts";
import { rfc3339 } from "../text/moment.ts";
import type { Episode } from "./episode.ts";
import type { AlertLabels } from "./matcher.ts";
import type { PeerSilence } from "./mirrored-silence.ts";
import { noEnd, type ReportedAlert } from "./reported-alert.ts";
import type { AlertSender } from "./sender.ts";

/** How one Alertmanager of a sender is reached. */
export type AlertPeer = NonNullable<z.output<typeof AlertSender>["api"]>["peers"][number];

/** An alert as an Alertmanager has it now. */
export interface PeerAlert {
  readonly fingerprint: string;
  /** As episodes have it. */
  readonly startsAt: string;
  /** It notifies of what is active; what is suppressed fires too, and is silenced or inhibited there. */
  readonly isActive: boolean;
  /** Names of the receivers that it goes to. */
  readonly receivers: readonly string[];
  readonly labels: AlertLabels;
  readonly annotations: AlertLabels;
  readonly generatorURL: string;
}

/** What one Alertmanager says of itself and of its alerts. */
export interface PeerState {
  /** When it was started, by its own clock and in its own words. */
  readonly startedAt: string;
  /** It still waits for the other peers of its cluster. */
  readonly isSettling: boolean;
  readonly alerts: readonly PeerAlert[];
  /** Those that hold or are to hold. */
  readonly silences: readonly PeerSilence[];
  /** Those that are over, and when they ended, ms. */
  readonly ended: readonly Pick<PeerSilence, "id" | "until">[];
}

/** Asks Alertmanagers what they have. */
export interface AlertPeers {
  /** Never rejects. */
  look(peer: AlertPeer, look: Pick<Look, "system" | "deadlineMs">): Promise<Reading<PeerState>>;
}

/** What earlier looks at a sender came to. Times are store time in ms. */
export interface Reconciled {
  readonly sender: string;
  readonly system: string;
  /** Each peer as it was last read, and since when it is up as far as was seen; nothing of one that never was. */
  readonly peers: readonly ({ readonly startedAt: string; readonly since: number } | null)[];
  /** What fires here and was not there: for how many looks in a row, and since when. */
  readonly missing: Readonly<Record<string, { readonly looks: number; readonly since: number }>>;
  /** Which addresses were asked, as one word: what was known of others is not known of these. */
  readonly addresses: string;
  /** An alert that the sender itself had told of was listed there: they are the sender's own. */
  readonly proven?: true;
  /** Since when they list none of what the sender has told to fire, where that is not proven. */
  readonly foreign?: { readonly since: number };
  /** What could not be read at the last look. */
  readonly unread?: { readonly since: number; readonly fault: BackendFault; readonly detail: string };
}

/** One look at a sender. */
export interface SenderLook {
  readonly sender: Pick<AlertSender, "id" | "system">;
  readonly receiver?: string | undefined;
  /** The addresses that are asked, as one word. */
  readonly addresses: string;
  /** For how long an Alertmanager that was started may not have all alerts again, ms. */
  readonly settleMs: number;
  /** When it began, store time in ms. */
  readonly at: number;
  readonly peers: readonly Reading<PeerState>[];
}

/** What is on record of what is there, by `beginningKey`. */
export interface OnRecord {
  /** What fires here by what the sender told. */
  readonly firing: readonly Episode[];
  /** The episodes of what is there; nothing of one that is not known. */
  readonly known: ReadonlyMap<string, Episode | "unreadable">;
}

/** What a look found that is not in step, in the form of Alertmanager's webhook. */
export interface FoundReport {
  readonly status: "firing" | "resolved";
  readonly labels: AlertLabels;
  readonly annotations: AlertLabels;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly fingerprint: string;
  readonly generatorURL?: string;
}

/** So many looks in a row have to miss an alert before it is over: one may fall between a start and the first alerts. */
export const looksBeforeOver = 3;
/** What began no longer ago, in ms, may still be on its way: Alertmanager waits for others of a group. */
const onItsWayMs = 60_000;
/** So much goes into one batch; the rest waits for the next look. */
const mostReports = 5_000;

/** What one beginning of an alert of a sender is told from another by. */
export function beginningKey({ fingerprint, startsAt }: Pick<ReportedAlert, "fingerprint" | "startsAt">): string {
  return `${fingerprint} ${startsAt}`;
}

/**
 * What a look found that is not in step with what is on record, and what is known then. Only what every peer was read for, and had
 * the time to hear of, is over; what a sender has told of an alert since it was first missed begins the count anew. Nothing is over
 * by what addresses say that never listed an alert of which the sender has told: they may be another's.
 */
export function reconcileStep(
  last: Reconciled | undefined,
  look: SenderLook,
  { firing, known }: OnRecord,
): { readonly reports: readonly FoundReport[]; readonly after: Reconciled } {
  const { sender, at, settleMs, addresses } = look;
  const before = last?.addresses === addresses ? last : undefined;
  const there = alertsThere(look.peers);
  const isProven = before?.proven === true || listsOwn(there, { firing, known });
  const peers = look.peers.map((reading, place) => peerAfter(before?.peers[place] ?? null, reading, at));
  const failure = look.peers.find((reading) => !reading.ok);
  const isSettled = peers.every((peer) => peer !== null && at - peer.since >= settleMs);
  const missing = isSettled && isProven ? { ...before?.missing } : {};
  const isForeign = !isProven && isSettled && !failure && firing.some(({ posted, lastAt }) => posted && lastAt < at);
  const over = isSettled && isProven && !failure ? absent(firing, there, { missing, at }) : [];
  const reports = [...lost(look, there, { firing, known }), ...over].slice(0, mostReports);
  for (const each of reports) if (each.status === "resolved") delete missing[beginningKey(each)];
  const unread = failure && {
    since: before?.unread?.since ?? at,
    fault: failure.fault,
    detail: failure.detail,
  };
  const after: Reconciled = {
    sender: sender.id,
    system: sender.system,
    addresses,
    peers,
    missing,
    ...(isProven && { proven: true }),
    ...(isForeign && { foreign: before?.foreign ?? { since: at } }),
    ...(unread && { unread }),
  };
  return { reports, after };
}

/** Is there anything of which the sender has told, whether or not it fires here? */
function listsOwn(there: ReadonlyMap<string, unknown>, { firing, known }: OnRecord): boolean {
  if (firing.some((episode) => episode.posted && there.has(beginningKey(episode)))) return true;
  return [...known].some(([key, episode]) => episode !== "unreadable" && episode.posted && there.has(key));
}

/** By its beginning, each alert as every peer that has it says; two peers that say the same are one. */
export function alertsThere(peers: SenderLook["peers"]): ReadonlyMap<string, readonly PeerAlert[]> {
  return Map.groupBy(
    peers.flatMap((reading) => (reading.ok ? reading.value.alerts : [])),
    beginningKey,
  );
}

/** One that was started since the look before is up since this look: no clock but the store's counts. */
function peerAfter(
  before: Reconciled["peers"][number],
  reading: Reading<PeerState>,
  at: number,
): Reconciled["peers"][number] {
  if (!reading.ok) return before;
  const { startedAt, isSettling } = reading.value;
  return before && before.startedAt === startedAt && !isSettling ? before : { startedAt, since: at };
}

/** Counts what fires here and is not there, and answers what was missed for long enough. */
function absent(
  firing: readonly Episode[],
  there: ReadonlyMap<string, unknown>,
  { missing, at }: { readonly missing: Record<string, { looks: number; since: number }>; readonly at: number },
): readonly FoundReport[] {
  const counted = { ...missing };
  for (const key of Object.keys(missing)) delete missing[key];
  return firing.flatMap((episode): FoundReport[] => {
    const key = beginningKey(episode);
    if (there.has(key) || episode.lastAt >= at) return [];
    const standing = counted[key];
    const goesOn = standing !== undefined && episode.lastAt < standing.since;
    const { looks, since } = goesOn ? { ...standing, looks: standing.looks + 1 } : { looks: 1, since: at };
    missing[key] = { looks, since };
    if (looks < looksBeforeOver) return [];
    const { labels, annotations, startsAt, fingerprint } = episode;
    return [{ status: "resolved", labels, annotations, startsAt, endsAt: rfc3339(since), fingerprint }];
  });
}

/** What fires there and, as far as is known here, does not: what was posted of it was lost. */
function lost(
  { peers, at, receiver }: SenderLook,
  there: ReadonlyMap<string, readonly PeerAlert[]>,
  { firing, known }: OnRecord,
): readonly FoundReport[] {
  const here = new Set(firing.map(beginningKey));
  const alerts = Map.groupBy(there.values(), ([first]) => first?.fingerprint ?? "");
  return [...alerts.values()].flatMap((beginnings): FoundReport[] => {
    if (beginnings.some(([first]) => first && here.has(beginningKey(first)))) return [];
    // Peers that name different beginnings speak of one alert.
    const newest = beginnings.toSorted(([a], [b]) => ((a?.startsAt ?? "") < (b?.startsAt ?? "") ? 1 : -1))[0] ?? [];
    const active = newest.find(
      (each) => each.isActive && (receiver === undefined || each.receivers.includes(receiver)),
    );
    if (!active || at - Temporal.Instant.from(active.startsAt).epochMilliseconds < onItsWayMs) return [];
    const episode = known.get(beginningKey(active));
    if (episode === "unreadable") return [];
    // A peer that has not heard of its end yet takes back nothing that another knows to be over.
    if (episode && (newest.length < peers.length || episode.lastAt >= at)) return [];
    const { labels, annotations, startsAt, fingerprint, generatorURL } = active;
    return [{ status: "firing", labels, annotations, startsAt, endsAt: noEnd, fingerprint, generatorURL }];
  });
}
