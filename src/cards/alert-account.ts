import { type Episode, episodeSummary } from "../domain/alerts/episode.ts";
import { type FateCounts, fateCountWords } from "../domain/alerts/fate.ts";
import { severityTone } from "../domain/alerts/firing.ts";
import { eventOutcomeWords, sumOf } from "../domain/alerts/ledger.ts";
import { showLabels } from "../domain/alerts/matcher.ts";
import type { Block, Card, CardField } from "../domain/messages/card.ts";
import { stamp } from "../domain/text/moment.ts";
import { ago, counted, span } from "../domain/text/quantities.ts";

/** Longer labels are no help on a phone, in characters. */
const longestLabels = 1_500;
const mostBefore = 5;

/** What became of one alert that was posted, and where its route leads now. */
export function alertAccountCard(
  account: {
    readonly newest: Episode;
    readonly before: readonly Episode[];
    readonly code: string;
    readonly whereabouts: {
      readonly shown: readonly string[];
      readonly owed: readonly string[];
      readonly held?: string;
      readonly untold?: true;
    };
  },
  route: Card,
  now: number,
): Card {
  const { newest, before, code, whereabouts } = account;
  const earlier = before.slice(0, mostBefore).map((each) => ({ text: `Before: ${stateWords(each, now)}` }));
  return {
    tone: newest.state === "firing" ? severityTone(newest.severity) : "good",
    title: `${newest.system}: ${episodeSummary(newest)}: ${stateWords(newest, now)}`,
    summary: `${becameWords(newest)} ${whereWords(whereabouts)}`,
    blocks: [
      { kind: "fields", fields: [{ name: "Code", value: code }, ...episodeFields(newest, now)] },
      ...(earlier.length > 0 ? [{ kind: "list" as const, items: earlier }] : []),
      { kind: "text", text: `By its route now: ${route.title}.` },
      ...route.blocks,
    ],
  };
}

/** `fires since 3 min ago`, `was over 2 min ago, after 5 min`. */
function stateWords({ state, since, endedAt, lastAt, unsent }: Episode, now: number): string {
  if (state === "firing") return `fires, since ${ago(since, now)}`;
  const end = endedAt ?? lastAt;
  const found = unsent ? ", as was found by looking: its end was never sent" : "";
  return `was over ${ago(end, now)}, after ${span(end - since)}${found}`;
}

function becameWords({ told }: Episode): string {
  const late = told.outOfOrder > 0 ? " What came out of order said that it fires, and came after its end." : "";
  return `It was told ${counted(sumOf(told), "time")}: ${eventOutcomeWords(told)}.${late}`;
}

function whereWords({
  shown,
  owed,
  held,
  untold,
}: {
  readonly shown: readonly string[];
  readonly owed: readonly string[];
  readonly held?: string;
  readonly untold?: true;
}): string {
  if (untold) return "Where it is told is not on record yet.";
  const said = [
    ...(shown.length > 0 ? [`It is shown in ${shown.join(", ")}.`] : []),
    ...(owed.length > 0 ? [`It is yet to be shown in ${owed.join(", ")}.`] : []),
    ...(held === undefined ? [] : [`It is ${held}.`]),
  ];
  return said.length > 0 ? said.join(" ") : "It is told nowhere.";
}

function episodeFields(episode: Episode, now: number): CardField[] {
  const { sender, labels, ownSeverity, severity, startsAt, firstAt, firstIn, lastAt, lastIn, fingerprint } = episode;
  return [
    { name: "Came from", value: sender },
    { name: "Severity", value: severityWords(ownSeverity, severity) },
    { name: "Began", value: startsAt },
    { name: "Came in", value: `${stamp(firstAt)} with ${firstIn}` },
    ...(lastIn === firstIn ? [] : [{ name: "Last told", value: `${ago(lastAt, now)} with ${lastIn}` }]),
    { name: "Fingerprint", value: fingerprint },
    { name: "Labels", value: showLabels(labels).slice(0, longestLabels) },
    ...(episode.link === undefined ? [] : [{ name: "Source", value: episode.link }]),
  ];
}

/** The sender's own word, and ours where that is another. */
function severityWords(own: string, ours: Episode["severity"]): string {
  if (own === "") return `${ours}, it has none of its own`;
  return own === ours ? own : `${own} (${ours})`;
}

/** What became of all that was posted at once. */
export function batchAccountCard(
  account: {
    readonly batch: { readonly id: string; readonly sender: string; readonly at: number; readonly bytes: number } & {
      readonly events: number;
      readonly leftOut: number;
      readonly next: number;
      readonly outcomes: Episode["told"];
    };
    readonly fates: FateCounts;
    readonly owed: number;
    readonly quarantined: readonly { readonly place?: number; readonly why: string; readonly text: string }[];
  },
  now: number,
): Card {
  const { batch, quarantined, fates, owed } = account;
  const told = [fateCountWords(fates), ...(owed > 0 ? [`${owed} yet to be shown`] : [])].filter((each) => each !== "");
  const waiting = batch.events - batch.next;
  const blocks: Block[] = [
    {
      kind: "fields",
      fields: [
        { name: "Came from", value: batch.sender },
        { name: "Came in", value: `${stamp(batch.at)}, ${ago(batch.at, now)}` },
        { name: "Size", value: `${batch.bytes.toLocaleString("en-GB")} bytes` },
        { name: "Became", value: eventOutcomeWords(batch.outcomes) },
        ...(told.length > 0 ? [{ name: "Of what was new", value: told.join(", ") }] : []),
        ...(waiting > 0 ? [{ name: "Not on record yet", value: `${waiting}` }] : []),
        ...(batch.leftOut > 0 ? [{ name: "Left out by the sender", value: `${batch.leftOut}` }] : []),
      ],
    },
    ...quarantined.flatMap(({ place, why, text }): Block[] => [
      {
        kind: "text",
        text: `${place === undefined ? "The body" : `Alert ${place + 1}`}: ${why}. It begins:`,
        tone: "warning",
      },
      { kind: "code", text: text.slice(0, 500) },
    ]),
  ];
  const isLost = batch.outcomes.quarantined + batch.leftOut + fates.dead > 0;
  const tone = isLost ? "warning" : waiting + owed > 0 ? "unknown" : "good";
  return { tone, title: `${counted(batch.events, "alert")} in the batch ${batch.id}`, blocks };
}
