import { isStillGiven } from "../../domain/alerts/ack.ts";
import { type Episode, episodeSummary } from "../../domain/alerts/episode.ts";
import { guideOf } from "../../domain/alerts/guide.ts";
import { labelledEpisode } from "../../domain/alerts/labelled-alert.ts";
import type { AlertNow } from "../../domain/alerts/member.ts";
import { isInhibitor } from "../../domain/alerts/route-alert.ts";
import type { Routing } from "../../domain/alerts/routing.ts";
import { type Placement, type TellingRules, tellingOf } from "../../domain/alerts/telling.ts";
import { callsOf } from "../../domain/messages/calls.ts";
import type { Place } from "../../domain/messages/place.ts";
import { personName } from "../../domain/people/person.ts";
import type { Policy } from "../../domain/people/policy.ts";
import type { Owed, Put, Store } from "../../domain/store.ts";
import type { System } from "../../domain/systems/system.ts";
import { ackKey, parseAckIn } from "../../records/ack.ts";
import { type AlertFates, fatesKey, putFates } from "../../records/alert-fate.ts";
import { groupId } from "../../records/alert-group.ts";
import { parseTold, putTold, type ToldEpisode, toldKey, toldSources } from "../../records/alert-told.ts";
import { episodeCode, episodeKey, parseEpisode, shortCode } from "../../records/episode.ts";
import { ledgerKey, parseLedgerRows } from "../../records/ledger.ts";
import { ifLegible } from "../../records/legible.ts";
import { bookAt } from "../../records/oncall-override.ts";
import { silencesAt } from "../../records/silence.ts";
import { parseSnoozes, snoozeKey } from "../../records/snooze.ts";
import { followTold, type ToldNow } from "../escalation/follow-told.ts";
import { transactAnew } from "../transact.ts";
import { GroupBook, type GroupOpening } from "./group-book.ts";

export interface TellPorts {
  readonly store: Store;
  readonly routing: () => Routing;
  readonly policyInForce: () => Promise<Policy>;
  readonly system: (id: string) => System | undefined;
}

/** What is held is looked at so often, ms: hours, windows and what hides it may be over. */
export const heldLookMs = 15_000;
/** More sources of inhibition fire at once only where something else is wrong. */
const mostSources = 2_000;

/** Longer summaries are cut where several stand on one message, in characters. */
const longestSummary = 300;

type FateRow = AlertFates["events"][number];

/** Where the rows of some alerts of one batch begin in the ledger. */
export type RunOfAlerts = Parameters<typeof ledgerKey>[0];

/** No commit tells of more alerts than about so many. */
const perCommit = 200;

/**
 * Tells what runs of alerts told that was new: each is put on the messages of the channels that its route names, or is held, and what
 * became of it is on record, in one commit with the messages owed: one for as many runs as are small enough. Nothing for a run of which
 * that was done before.
 */
export async function tellRuns(ports: TellPorts, runs: readonly RunOfAlerts[]): Promise<void> {
  const policy = await ports.policyInForce();
  for (let left = runs; left.length > 0; ) left = left.slice(await tellSome(ports, left, policy));
}

/** Tells the first of these runs, and as many after it as fit into the same commit. Answers how many. */
async function tellSome(ports: TellPorts, runs: readonly RunOfAlerts[], policy: Policy): Promise<number> {
  const { store } = ports;
  return transactAnew(store, async (now) => {
    const read = await recordedIn(store, runs);
    let alerts = 0;
    const tooMany = read.findIndex(({ recorded }, at) => {
      alerts += recorded.length;
      return at > 0 && alerts > perCommit;
    });
    const some = tooMany < 0 ? read : read.slice(0, tooMany);
    const open = some.filter(({ isTold }) => !isTold);
    if (open.length === 0) return { result: some.length };
    const told = await tellEpisodes(
      ports,
      open.flatMap(({ recorded }) => recorded.map(({ key }) => key)),
      { now, policy },
    );
    const all = open.map(({ run, recorded }): AlertFates => {
      const events = recorded.map(({ place, key }): FateRow => {
        const { fate, on } = told.fates.get(key) ?? { fate: "dead" as const, on: [["its record cannot be read", 0]] };
        return [place, fate, on];
      });
      return { ...run, at: now, events };
    });
    const { expect, put, notices } = told;
    return {
      result: some.length,
      commit: {
        expect: { ...expect, ...Object.fromEntries(all.map((fates) => [fatesKey(fates), null])) },
        put: [...put, ...all.map(putFates)],
        notices,
      },
    };
  });
}

/** What each run told that was new, by the ledger; `isTold`: nothing of it is left to tell. */
async function recordedIn(store: Pick<Store, "read">, runs: readonly RunOfAlerts[]) {
  const read = await store.read([...runs.map(ledgerKey), ...runs.map(fatesKey)]);
  return runs.map((run, index) => {
    const [rows, known] = [read[index], read[runs.length + index]];
    if (!rows || known) return { run, recorded: [], isTold: true };
    const { from, events } = parseLedgerRows(rows);
    const recorded = events.flatMap(([outcome, key], at) =>
      outcome === "recorded" ? [{ place: from + at, key }] : [],
    );
    return { run, recorded, isTold: false };
  });
}

/** Looks again at episodes that are held, and tells what nothing keeps from people any more. */
export async function tellHeld(ports: TellPorts, episodes: readonly string[]): Promise<void> {
  const policy = await ports.policyInForce();
  await transactAnew(ports.store, async (now) => {
    const { expect, put, notices } = await tellEpisodes(ports, episodes, { now, policy });
    return { result: undefined, commit: { expect, put, notices } };
  });
}

interface Fated {
  readonly fate: FateRow[1];
  readonly on: FateRow[2];
}

interface ToldParts {
  readonly expect: Readonly<Record<string, string | null>>;
  readonly put: readonly Put[];
  readonly notices: readonly Owed[];
  readonly fates: ReadonlyMap<string, Fated>;
}

interface Under {
  readonly now: number;
  readonly policy: Policy;
  readonly rules: TellingRules;
  readonly book: GroupBook;
}

/** Each as its record says it is now, whatever told of it first. */
async function tellEpisodes(
  ports: TellPorts,
  keys: readonly string[],
  { now, policy }: Pick<Under, "now" | "policy">,
): Promise<ToldParts> {
  const { store } = ports;
  const wanted = [...new Set(keys)];
  const [documents, standing] = await Promise.all([store.read(wanted), store.read(wanted.map(toldKey))]);
  const episodes = wanted.flatMap((key, at) => {
    const document = documents[at];
    const episode = document && ifLegible(() => parseEpisode(document));
    const before = standing[at];
    const told = before && ifLegible(() => parseTold(before));
    return episode ? [{ key, episode, told, revision: before?.revision ?? null }] : [];
  });
  const fromFiles = ports.routing();
  const routing: Routing = { ...fromFiles, book: await bookAt(store, fromFiles.book, now) };
  const silences = await silencesAt(store, now);
  const rules: TellingRules = {
    routing,
    channels: policy.channels,
    silences: silences.found.map(({ silence }) => silence),
    sources: routing.inhibitions.length > 0 ? await toldSources(store, mostSources) : [],
  };
  const { alerts, expect: asAcknowledged } = await alertsNow(
    store,
    episodes.map(({ episode }) => episode),
    now,
  );
  const book = new GroupBook(store, now);
  await book.load(episodes.flatMap(({ told }) => told?.groups ?? []));
  const under: Under = { now, policy, book, rules: withOwnSources(rules, episodes) };
  const fates = new Map<string, Fated>();
  const puts: Put[] = [];
  const told: ToldNow[] = [];
  for (const { key, episode, told: before } of episodes) {
    const alert = alerts.get(key) ?? alertNow(episode);
    const { fate, next } = await tellOne(ports, under, { key, episode, told: before, alert });
    fates.set(key, fate);
    puts.push(putTold(next));
    told.push({ key, episode, told: next, ack: alert.ack });
  }
  const { expect, put, notices } = await book.parts();
  const followed = await followTold(store, routing.escalations, { told, now });
  return {
    expect: {
      ...expect,
      ...followed.expect,
      ...asAcknowledged,
      ...Object.fromEntries(episodes.map(({ key, revision }) => [toldKey(key), revision])),
    },
    put: [...put, ...puts, ...followed.put],
    notices: [...notices, ...followed.notices],
    fates,
  };
}

/** What came with the same run may hide the others of it. */
function withOwnSources(rules: TellingRules, of: readonly { readonly episode: Episode }[]): TellingRules {
  if (rules.routing.inhibitions.length === 0) return rules;
  const own = of.flatMap(({ episode }) => (episode.state === "firing" ? [labelledEpisode(episode)] : []));
  return { ...rules, sources: [...rules.sources, ...own.filter((each) => isInhibitor(rules.routing, each))] };
}

interface One {
  readonly key: string;
  readonly episode: Episode;
  readonly told: ToldEpisode | undefined;
  readonly alert: AlertNow;
}

/** What becomes of one episode, and what stands of it from then on. */
async function tellOne(ports: TellPorts, under: Under, one: One): Promise<{ fate: Fated; next: ToldEpisode }> {
  const { key, episode, told, alert } = one;
  const { now, rules, book } = under;
  const labelled = labelledEpisode(episode);
  const source = episode.state === "firing" && isInhibitor(rules.routing, labelled) ? labelled : undefined;
  const standing: ToldEpisode = { episode: key, at: now, groups: told?.groups ?? [], ...(source && { source }) };
  if (told && told.groups.length > 0) {
    const on: [string, number][] = [];
    for (const id of told.groups) {
      const rev = await book.tell(id, alert);
      if (rev !== undefined) on.push([book.nameOf(id), rev]);
    }
    // Its message gave way to the next of its group: it said that this is over, or what is told now is no news.
    if (on.length > 0 || episode.state === "resolved")
      return { fate: fateOn(book, alert, { groups: told.groups, on }), next: standing };
  }
  if (told?.held && episode.state === "resolved") {
    const { fate, why } = told.held;
    return { fate: { fate, on: [[why, 0]] }, next: standing };
  }
  const telling = tellingOf(labelled, now, rules);
  switch (telling.kind) {
    case "held": {
      const { fate, why } = telling;
      const held = { fate, why, lookAt: now + heldLookMs };
      const isOver = episode.state === "resolved";
      return { fate: { fate, on: [[why, 0]] }, next: { ...standing, ...(!isOver && { held }) } };
    }
    case "dead":
      return { fate: { fate: "dead", on: [[telling.why, 0]] }, next: standing };
    case "told": {
      const on: [string, number][] = [];
      const groups: string[] = [];
      for (const placement of telling.placements) {
        const opening = openingOf(placement, { episode, alert, system: ports.system(episode.system), under });
        const rev = await book.place(opening, alert);
        groups.push(opening.id);
        on.push([book.nameOf(opening.id), rev]);
      }
      return { fate: fateOn(book, alert, { groups, on }), next: { ...standing, groups } };
    }
  }
}

/** It is owed to the messages that it is on, unless a snooze withholds it from everybody there. */
function fateOn(
  book: GroupBook,
  { alert }: AlertNow,
  { groups, on }: { readonly groups: readonly string[]; readonly on: Fated["on"] },
): Fated {
  const isSnoozed = on.length > 0 && groups.every((id) => book.isWithheld(id, alert));
  return isSnoozed ? { fate: "snoozed", on: [["a snooze in its channel", 0]] } : { fate: "owed", on };
}

function openingOf(
  { route, channel, post }: Placement,
  of: Pick<One, "episode" | "alert"> & { readonly system: System | undefined; readonly under: Under },
): GroupOpening {
  const { episode, alert, system, under } = of;
  const place: Place = { surface: channel.surface, channel: channel.channel };
  return {
    id: groupId({ route, channel: channel.id, labels: post.group }),
    route,
    channel: channel.id,
    place,
    labels: post.group,
    system: system?.id ?? episode.system,
    tone: post.tone,
    owners: post.owners.map((id) => personName(id, under.policy.people)),
    calls: callsOf(under.policy, post.mention, place.surface),
    verbosity: post.verbosity,
    waitMs: post.waitMs,
    urgent: alert.severity === "critical",
    worst: alert.severity,
    ...guideOf(episode, system),
  };
}

/**
 * Every one with who looks after it already and who snoozed it, by the keys of their episodes. The commit expects both as they were
 * read: nobody is called for what somebody has, or snoozed.
 */
async function alertsNow(
  store: Store,
  episodes: readonly Episode[],
  now: number,
): Promise<{
  readonly alerts: ReadonlyMap<string, AlertNow>;
  readonly expect: Readonly<Record<string, string | null>>;
}> {
  const codes = [...new Set(episodes.map(shortCode))];
  const [documents, snoozed] = await Promise.all([store.read(codes.map(ackKey)), store.read(codes.map(snoozeKey))]);
  const read = codes.map((code, at) => {
    const document = documents[at];
    const ack = document && ifLegible(() => parseAckIn(document));
    return { code, ack, revision: document?.revision ?? null };
  });
  const acks = new Map(read.map(({ code, ack }) => [code, ack]));
  const snoozes = new Map(
    snoozed.flatMap((document) => {
      const found = document && ifLegible(() => parseSnoozes(document));
      return found ? [[found.code, found.snoozes] as const] : [];
    }),
  );
  return {
    expect: Object.fromEntries([
      ...read.map(({ code, revision }) => [ackKey(code), revision] as const),
      ...codes.map((code, at) => [snoozeKey(code), snoozed[at]?.revision ?? null] as const),
    ]),
    alerts: new Map(
      episodes.map((episode) => {
        const ack = acks.get(shortCode(episode));
        const given = ack && isStillGiven(ack, episode, now) ? { name: ack.by.name, at: ack.at } : undefined;
        const its = snoozes.get(shortCode(episode));
        const alert = { ...alertNow(episode), ...(given && { ack: given }), ...(its && { snoozes: its }) };
        return [episodeKey(episode), alert];
      }),
    ),
  };
}

function alertNow(episode: Episode): AlertNow {
  const { severity, ownSeverity, since, state, endedAt, lastAt, link, unsent } = episode;
  return {
    alert: episodeCode(episode),
    code: shortCode(episode),
    severity,
    ownSeverity: ownSeverity || "no severity",
    summary: episodeSummary(episode).slice(0, longestSummary),
    since,
    ...(link !== undefined && { link }),
    ...(state === "firing"
      ? { state }
      : { state: "over", endedAt: Math.max(since, endedAt ?? lastAt), ...(unsent && { unsent }) }),
  };
}
