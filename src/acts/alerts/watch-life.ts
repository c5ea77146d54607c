import { labelledEpisode } from "../../domain/alerts/labelled-alert.ts";
import { unmetBy } from "../../domain/alerts/matcher.ts";
import type { AlertsInFile, Routing } from "../../domain/alerts/routing.ts";
import { awaitedIn, expectedId, type Life, lifeStep, listeningStep } from "../../domain/alerts/sign-of-life.ts";
import type { Document, Store } from "../../domain/store.ts";
import { firingFrom } from "../../records/episode.ts";
import { ifLegible } from "../../records/legible.ts";
import { lifeKey, listeningKey, parseLife, parseListening, putLife, putListening } from "../../records/life.ts";
import type { RoundWrite } from "../schedule/end-round.ts";

export type AwaitedInFile = Pick<AlertsInFile, "heartbeats" | "expected" | "senders">;

/**
 * What a round writes over what has to be heard of again and again: what is overdue, and that somebody listens. What the files no
 * longer await goes.
 */
export async function lifeWrite(
  store: Store,
  file: AwaitedInFile,
  routing: Pick<Routing, "expected">,
): Promise<RoundWrite> {
  const now = await store.now();
  const awaited = awaitedIn(file);
  const keys = [listeningKey, ...awaited.map(({ id }) => lifeKey(id))];
  const [listening, ...lives] = await store.read(keys);
  const before = listening && ifLegible(() => parseListening(listening));
  const after = listeningStep(before, now);
  const heard = await heardOf(store, routing);
  const steps = awaited.map((each, place) => {
    const document = lives[place];
    const standing = document && ifLegible(() => parseLife(document));
    const heardAt = heard.get(each.id);
    const facts = { now, listeningSince: after.since, ...(heardAt !== undefined && { heardAt }) };
    const life = lifeStep(standing, each, facts);
    return { life, document, isNew: !isSame(standing, life) };
  });
  const known = new Set(keys);
  const stray = (await store.list("alert-life", "id", {})).filter(({ key }) => !known.has(key));
  const changed = steps.filter(({ isNew }) => isNew);
  return {
    expect: Object.fromEntries([
      [listeningKey, listening?.revision ?? null],
      ...changed.map(({ life, document }) => [lifeKey(life.id), revisionOf(document)] as const),
      ...stray.map(({ key, revision }) => [key, revision] as const),
    ]),
    put: [putListening(after), ...changed.map(({ life }) => putLife(life))],
    remove: stray.map(({ key }) => key),
  };
}

/** When what is expected to fire was last told to, by its id. */
async function heardOf(store: Store, { expected }: Pick<Routing, "expected">): Promise<ReadonlyMap<string, number>> {
  const heard = new Map<string, number>();
  for (const { id, sender, match } of expected) {
    const { found } = await firingFrom(store, sender);
    const times = found
      .filter((episode) => unmetBy(labelledEpisode(episode).labels, match) === undefined)
      .map(({ lastAt }) => lastAt);
    if (times.length > 0) heard.set(expectedId(id), Math.max(...times));
  }
  return heard;
}

function isSame(a: Life | undefined, b: Life): boolean {
  return a !== undefined && a.since === b.since && a.lastAt === b.lastAt && a.overdueSince === b.overdueSince;
}

function revisionOf(document: Document | undefined): string | null {
  return document?.revision ?? null;
}
