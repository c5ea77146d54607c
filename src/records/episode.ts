import { z } from "zod";
import type { Episode } from "../domain/alerts/episode.ts";
import { severityRank } from "../domain/alerts/firing.ts";
import { ownSender } from "../domain/alerts/own-watch.ts";
import { type Document, type Put, rangeBelow, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { canonical, sha256 } from "./ids.ts";
import { eachLegible, legible } from "./legible.ts";
import { StoredOutcomes } from "./outcomes.ts";

const Texts = z.record(z.string(), z.string());
const StoredEpisode = z.object({
  format: z.literal(1),
  sender: z.string(),
  fingerprint: z.string(),
  startsAt: z.string(),
  since: z.number(),
  state: z.enum(["firing", "resolved"]),
  endedAt: z.number().exactOptional(),
  labels: Texts,
  annotations: Texts,
  link: z.string().exactOptional(),
  system: z.string(),
  severity: z.enum(["critical", "warning", "info"]),
  ownSeverity: z.string(),
  unsent: z.literal(true).exactOptional(),
  posted: z.literal(true).exactOptional(),
  firstAt: z.number(),
  lastAt: z.number(),
  firstIn: z.string(),
  lastIn: z.string(),
  told: StoredOutcomes,
});

/** What one episode of an alert is told from every other by. */
export type EpisodeIdentity = Pick<Episode, "sender" | "fingerprint" | "startsAt">;

/** The kind of these documents. */
const kind = "alert";

export function episodeKey({ sender, fingerprint, startsAt }: EpisodeIdentity): string {
  return `${kind}/${sha256(canonical([sender, fingerprint, startsAt])).slice(0, 32)}`;
}

/** What all episodes of an alert have in common, in 64 hex digits: what people type begins it. */
export function episodeCode({ sender, fingerprint }: Pick<Episode, "sender" | "fingerprint">): string {
  // What the bot finds itself is called as where it is read live.
  return sender === ownSender ? fingerprint : sha256(canonical([sender, fingerprint]));
}

/** So many digits of a code tell ten thousand alerts apart, but for once in a million times. */
const codeDigits = 12;
/** What is read live is less, and was called so before anything was posted. */
const liveDigits = 8;

/** What people type to name an alert that was posted. */
export function shortCode(episode: Pick<Episode, "sender" | "fingerprint">): string {
  return episodeCode(episode).slice(0, episode.sender === ownSender ? liveDigits : codeDigits);
}

export function parseEpisode(document: Document): Episode {
  const { format: _, ...episode } = legible(document, (value) => StoredEpisode.parse(value));
  return episode;
}

/** Found by what people type of its code, among what fires on its system and by its sender, and by its age once it is over. */
export function putEpisode(episode: Episode): Put {
  const { sender, system, severity, since, state, endedAt, lastAt } = episode;
  const index = { code: `${episodeCode(episode)}/${sortable(since)}` };
  return {
    key: episodeKey(episode),
    value: { format: 1, ...episode },
    index:
      state === "firing"
        ? {
            ...index,
            firing: `${system}/${severityRank[severity]}/${sortable(since)}`,
            sender: `${sender}/${sortable(since)}`,
          }
        : { ...index, over: sortable(Math.max(endedAt ?? 0, lastAt)) },
  };
}

/** What fires on a system by what was posted, the worst first. */
export async function firingEpisodes(
  store: Pick<Store, "list">,
  system: string,
  limit: number,
): Promise<Listed<Episode>> {
  const documents = await store.list(kind, "firing", { ...rangeBelow(system), limit });
  return eachLegible(documents, parseEpisode);
}

/** What fires on any system, the worst of each first. */
export async function everythingFiring(store: Pick<Store, "list">, limit: number): Promise<Listed<Episode>> {
  return eachLegible(await store.list(kind, "firing", { limit }), parseEpisode);
}

/** Everything that fires by what a sender told. */
export async function firingFrom(store: Pick<Store, "list">, sender: string): Promise<Listed<Episode>> {
  return eachLegible(await store.list(kind, "sender", rangeBelow(sender)), parseEpisode);
}

/** What fires, and what was over after a time (ms): at most so many of each. */
export async function episodesSince(
  store: Pick<Store, "list">,
  since: number,
  limit: number,
): Promise<Listed<Episode>> {
  const [firing, over] = await Promise.all([
    store.list(kind, "firing", { limit }),
    store.list(kind, "over", { from: sortable(since), limit, reverse: true }),
  ]);
  return eachLegible([...firing, ...over], parseEpisode);
}

/** What was over, or last told of once it was, after a time (ms): at most so many, the newest first. */
export async function episodesOver(store: Pick<Store, "list">, since: number, limit: number): Promise<Listed<Episode>> {
  return eachLegible(await store.list(kind, "over", { from: sortable(since), limit, reverse: true }), parseEpisode);
}

/** Episodes of alerts whose code begins so, by alert and newest first. */
export async function episodesOf(store: Pick<Store, "list">, code: string, limit: number): Promise<Listed<Episode>> {
  const documents = await store.list(kind, "code", { from: code, to: `${code}g`, limit, reverse: true });
  return eachLegible(documents, parseEpisode);
}
