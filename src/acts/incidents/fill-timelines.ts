import type { Incident } from "../../domain/incidents/incident.ts";
import type { TimelineEntry } from "../../domain/incidents/timeline.ts";
import { toldByJournal, toldOfCommand } from "../../domain/incidents/told-by-journal.ts";
import type { AuditEntry } from "../../domain/journal.ts";
import type { JournalLink, Owed, Store } from "../../domain/store.ts";
import { incidentsClosedSince, openIncidents } from "../../records/incident.ts";
import { readInvocation } from "../../records/invocation.ts";
import { readEntry } from "../../records/journal.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import { entryId, putEntry } from "../../records/timeline.ts";
import { putReach, reachKey, readReach } from "../../records/timeline-reach.ts";
import type { RoundWrite } from "../schedule/end-round.ts";
import { roomsFollow } from "./rooms-follow.ts";
import { alertNews } from "./watch-alerts.ts";

/** Links read at a time. */
const mostLinks = 300;
/** For so long after its end what happened before it is still looked for, ms. */
const afterEndMs = 60_000;
/** What the timeline tells from the journal by itself, or where the incident is. */
const toldOtherwise = /^(?:incident|confirm|ack|unack|run|help|home)\b/;

export interface Filled {
  /** Left out where nothing is watched, or nothing happened. */
  readonly write?: RoundWrite;
  readonly more: boolean;
}

/**
 * What is to be written so that the timelines of incidents tell what happened since they were last filled: alerts of their
 * system, who has them, requests with their decisions and runs, and commands that were asked openly about it. It is written in
 * one commit with how far that reaches, so that everything is told once. `systemNamed`: the system that people call so.
 */
export async function fillTimelines(
  store: Store,
  systemNamed: (name: string) => { readonly id: string } | undefined,
): Promise<Filled> {
  const now = await store.now();
  const [open, closed] = await Promise.all([openIncidents(store), incidentsClosedSince(store, now - afterEndMs)]);
  const watched = [...open.found, ...closed.found];
  if (watched.length === 0) return { more: false };
  const { seq: head } = await store.head();
  const { reach, revision } = await readReach(store);
  const oldest = Math.min(...watched.map(({ openedAfter }) => openedAfter ?? head));
  const from = Math.max(reach?.seq ?? 0, oldest);
  const links = from < head ? await store.journal({ fromSeq: from + 1, limit: mostLinks }) : [];
  const entries = await entriesFrom(store, links, { watched, systemNamed });
  const since = reach?.at ?? now;
  const news = await Promise.all(open.found.map((each) => alertNews(store, each, { seq: head, since, now })));
  const all = [...entries, ...news.flatMap((each) => each.entries)];
  const put = news.flatMap((each) => each.put);
  const seq = links.at(-1)?.seq ?? from;
  if (all.length === 0 && put.length === 0 && seq === reach?.seq) return { more: false };
  return {
    write: {
      expect: Object.assign({ [reachKey]: revision }, ...news.map((each) => each.expect)),
      put: [...all.map(putEntry), ...put, putReach({ seq, at: now })],
      notices: await cardsOf(store, all, now),
    },
    more: links.length === mostLinks,
  };
}

/** The cards of incidents that have something new, in their rooms. */
async function cardsOf(store: Store, entries: readonly TimelineEntry[], now: number): Promise<readonly Owed[]> {
  const numbers = [...new Set(entries.map(({ incident }) => incident))];
  const owed = await Promise.all(numbers.map((number) => roomsFollow(store, number, now)));
  return owed.flatMap(({ notices = [] }) => notices);
}

interface Watching {
  readonly watched: readonly Incident[];
  readonly systemNamed: (name: string) => { readonly id: string } | undefined;
}

async function entriesFrom(
  store: Store,
  links: readonly JournalLink[],
  { watched, systemNamed }: Watching,
): Promise<readonly TimelineEntry[]> {
  const entries: TimelineEntry[] = [];
  for (const { seq, at, entries: stored } of links) {
    for (const [index, each] of stored.entries()) {
      const entry: AuditEntry = { ...readEntry(each), seq, at };
      const isCommand = entry.kind === "invocation";
      const told = isCommand ? undefined : toldByJournal(entry);
      const command = isCommand ? await commandTold(store, entry, systemNamed) : undefined;
      const [what, system] = told ? [told, entry.fields["system"]] : [command?.told, command?.system];
      if (!what) continue;
      for (const incident of watched)
        if (incident.system !== undefined && incident.system === system && isWithin(incident, what.at))
          entries.push({ ...what, incident: incident.number, id: entryId(seq, `journal-${index}`) });
    }
  }
  return entries;
}

function isWithin({ openedAt, closedAt = Number.POSITIVE_INFINITY }: Incident, at: number): boolean {
  return at >= openedAt && at <= closedAt;
}

/** What was asked openly, and what was said to it: the title of the answer that stands there. */
async function commandTold(
  store: Store,
  entry: AuditEntry,
  systemNamed: Watching["systemNamed"],
): Promise<{ readonly told: ReturnType<typeof toldOfCommand>; readonly system: string | undefined } | undefined> {
  const { command, invocation } = entry.fields;
  if (typeof command !== "string" || typeof invocation !== "string" || toldOtherwise.test(command)) return undefined;
  const read = await readInvocation(store, invocation).catch(nothingUnreadable);
  const { answer, place } = read?.record ?? {};
  if (!answer || answer.private || !place || place.direct || place.passing) return undefined;
  const named = argumentSystem(entry);
  return {
    told: toldOfCommand(entry, answer.card.title),
    system: named === undefined ? undefined : systemNamed(named)?.id,
  };
}

function argumentSystem({ fields: { arguments: given } }: AuditEntry): string | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const named = Object.entries(given).find(([name]) => name === "system")?.[1];
  return typeof named === "string" ? named : undefined;
}
