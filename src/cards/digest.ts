import type { ShownDigest } from "../domain/digests/digest.ts";
import type { DigestFigure, MadeSection } from "../domain/digests/section.ts";
import type { Attachment, Block, Card, ListItem, Tone } from "../domain/messages/card.ts";
import { cutText } from "../domain/text/cut-text.ts";
import { zonedAt } from "../domain/text/moment.ts";
import { amount, counted, oneLine, span } from "../domain/text/quantities.ts";

/** A digest this long after it was due is late, ms. */
const lateMs = 5 * 60_000;
/** On a phone: more lines than this of what needs somebody are counted. */
const mostAttention = 8;
/** Figures of a section that stand in the message itself; all are in its thread. */
const mostFigures = 6;
/** Why something is known in part stands beside it, so long at the most. */
const longestReason = 90;
const longestLine = 280;
/** For whoever does not see it: every figure of it stands in words as well. */
const pictureWords =
  "At a glance: the course of the value, how many alerts fired when, and how much of each limit is used";
/** Lines of a section in the thread. */
const mostLines = 40;

/** The whole digest in one message: what needs somebody first, then a line for each section. */
export function digestCard(digest: ShownDigest, pictures: readonly Pick<Attachment, "name">[] = []): Card {
  const { sections, from, to, zone, title } = digest;
  const unavailable = sections.filter(({ state }) => state === "unavailable");
  return {
    tone: toneOf(digest),
    title: `${title}: ${dayWords(digest)}`,
    summary: summaryOf(digest),
    blocks: [
      ...attentionBlocks(sections),
      { kind: "list", items: sections.map((section) => sectionItem(section, digest)) },
      ...pictures.map(({ name: file }): Block => ({ kind: "image", file, alt: pictureWords })),
    ],
    footer: [
      lateWords(digest),
      `Since ${wallClock(from, zone, to)}, read ${wallClock(digest.madeAt ?? to, zone, to)} ${zone}.`,
      comparisonWords(digest),
      sections.some(({ since }) => since !== undefined)
        ? "Wardroom's own record does not reach back to the beginning of that time: what was before is not known."
        : "",
      unavailable.length === 0
        ? ""
        : `Unavailable is not none: ${counted(unavailable.length, "section")} could not be read.`,
    ]
      .filter((each) => each !== "")
      .join(" "),
  };
}

/** Every section whole: its figures, its lines, where it comes from and when that was true. */
export function digestDetailsCard(digest: ShownDigest): Card {
  const { sections, zone, to } = digest;
  return {
    tone: "neutral",
    title: `${digest.title}, ${dayWords(digest)}: in full`,
    blocks: sections.flatMap((section): Block[] => [
      {
        kind: "text",
        text: `${section.title}${sinceWords(section, digest)}${stateWords(section)}`,
        ...(section.state === "known" ? {} : { tone: "unknown" }),
      },
      { kind: "list", items: detailItems(section) },
      { kind: "text", text: `From ${section.source}, as of ${wallClock(section.asOf, zone, to)}.` },
    ]),
  };
}

const worstFirst: readonly Tone[] = ["bad", "warning", "unknown", "neutral", "good"];

function attentionIn(sections: readonly MadeSection[]): readonly ListItem[] {
  const all = sections.flatMap(({ attention }) => attention);
  const sorted = all.toSorted((a, b) => rank(a) - rank(b));
  return sorted.filter(({ text }, at) => sorted.findIndex((each) => each.text === text) === at);
}

/** What needs somebody, in one list: none where nothing does. */
export function attentionBlocks(sections: readonly MadeSection[], rest = "in the thread"): readonly Block[] {
  const items = attentionIn(sections);
  if (items.length === 0) return [];
  const left = items.length - mostAttention;
  const shown = items
    .slice(0, mostAttention)
    .map(({ text, tone = "warning" }) => ({ text: cutText(oneLine(text), longestLine), tone }));
  return [{ kind: "list", items: [...shown, ...(left > 0 ? [{ text: `and ${left} more, ${rest}` }] : [])] }];
}

function toneOf({ sections }: ShownDigest): Tone {
  const tones = attentionIn(sections).map(({ tone }) => tone);
  if (tones.includes("bad")) return "bad";
  if (sections.some(({ state }) => state === "unavailable")) return "unknown";
  if (tones.length > 0) return "warning";
  return sections.some(({ state }) => state === "partly") ? "unknown" : "good";
}

function summaryOf({ sections }: ShownDigest): string {
  const count = attentionIn(sections).length;
  const unavailable = sections.filter(({ state }) => state === "unavailable");
  const missing = unavailable.map(({ title }) => title).join(", ");
  if (unavailable.length === sections.length)
    return "Nothing could be read: every section is unavailable. That says nothing of the systems; look at them.";
  const needs =
    count === 0
      ? "Nothing that is known needs you."
      : `${counted(count, "thing")} ${count === 1 ? "needs" : "need"} somebody.`;
  return unavailable.length === 0 ? needs : `${needs} Unavailable: ${missing}.`;
}

/** A section in one line. */
export function sectionItem(section: MadeSection, within: Pick<ShownDigest, "zone" | "to">): ListItem {
  const text = oneLine(`${section.title}${sinceWords(section, within)}: ${headline(section)}`);
  return { text: cutText(text, longestLine), tone: sectionTone(section) };
}

/** What there is no record of is not told as none. */
function sinceWords({ since }: MadeSection, { zone, to }: Pick<ShownDigest, "zone" | "to">): string {
  return since === undefined ? "" : ` since ${wallClock(since, zone, to)}`;
}

function sectionTone({ state, attention }: MadeSection): Tone {
  if (state === "unavailable") return "unknown";
  const tones = attention.map(({ tone }) => tone);
  if (tones.includes("bad")) return "bad";
  if (state === "partly") return "unknown";
  return tones.length > 0 ? "warning" : "neutral";
}

function headline(section: MadeSection): string {
  const { state, why = "", words, figures, lines } = section;
  if (state === "unavailable") return `unavailable: ${why}`;
  const told = words ?? figuresInShort(figures);
  const text = told === "" ? (lines[0]?.text ?? "none") : told;
  if (state !== "partly") return text;
  const reason = lines.find(({ tone }) => tone === "unknown");
  return `${text} (in part${reason ? `: ${cutText(oneLine(reason.text), longestReason)}` : ""})`;
}

/** Counts that are all none, and were none before, are one word. */
function figuresInShort(figures: readonly DigestFigure[]): string {
  if (figures.length > 0 && figures.every(isNone)) return "none";
  return figures.slice(0, mostFigures).map(figureWords).join(", ");
}

function detailItems(section: MadeSection): readonly ListItem[] {
  const { state, why = "", words, figures, lines } = section;
  if (state === "unavailable") return [{ text: why, tone: "unknown" }];
  const items = [
    ...(words === undefined ? [] : [{ text: words }]),
    ...figures.map((figure) => ({ text: figureWords(figure) })),
    ...lines.slice(0, mostLines).map(({ text, tone }) => ({ text: oneLine(text), ...(tone && { tone }) })),
    ...(lines.length > mostLines ? [{ text: `and ${lines.length - mostLines} more` }] : []),
  ];
  return items.length === 0 ? [{ text: "none" }] : items;
}

function stateWords({ state }: MadeSection): string {
  if (state === "unavailable") return ": unavailable";
  return state === "partly" ? ": in part" : "";
}

/** `fired 14 (+3, week +2)`: what it is, and by how much it is more than it was. */
function figureWords({ title, value, unit, before, weekAgo }: DigestFigure): string {
  const differences = [
    ...(before === undefined ? [] : [differenceWords(value - before, unit)]),
    ...(weekAgo === undefined ? [] : [`week ${differenceWords(value - weekAgo, unit)}`]),
  ];
  const shown = value === 0 ? (unit === "" ? "none" : amount(0, unit)) : amount(value, unit);
  return `${title} ${shown}${differences.length === 0 ? "" : ` (${differences.join(", ")})`}`;
}

function differenceWords(difference: number, unit: string): string {
  if (Math.abs(difference) < 1e-9) return "same";
  // From 50 % to 40 % is 10 points less, and not 10 %.
  const shown = unit === "%" ? `${amount(difference, "")} points` : amount(difference, unit);
  return `${difference > 0 ? "+" : ""}${shown}`;
}

function comparisonWords({ comparedWith }: ShownDigest): string {
  const [before = "", week = ""] = comparedWith;
  if (before === "" && week === "") return "Nothing of before is on record to compare with yet.";
  return `In brackets: against ${[before, week === "" ? "" : `${week} (week)`].filter((each) => each !== "").join(" and ")}.`;
}

function lateWords({ dueAt, madeAt = dueAt, askedBy, zone, to }: ShownDigest): string {
  if (askedBy !== undefined) return `Asked for by ${askedBy}.`;
  return madeAt - dueAt > lateMs ? `LATE by ${span(madeAt - dueAt)}: it was due ${wallClock(dueAt, zone, to)}.` : "";
}

function dayWords({ to, zone }: ShownDigest): string {
  const local = zonedAt(to, zone);
  const day = weekdayNames[local.dayOfWeek - 1] ?? "";
  return `${day} ${local.toPlainDate().toString()} ${local.toPlainTime().toString({ smallestUnit: "minute" })}`;
}

const weekdayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** `08:00`, with the day where that is another one. */
function wallClock(at: number, zone: string, beside: number): string {
  const [local, day] = [zonedAt(at, zone), zonedAt(beside, zone).toPlainDate()];
  const time = local.toPlainTime().toString({ smallestUnit: "minute" });
  return local.toPlainDate().equals(day) ? time : `${weekdayNames[local.dayOfWeek - 1] ?? ""} ${time}`;
}

function rank({ tone = "neutral" }: ListItem): number {
  return worstFirst.indexOf(tone);
}

function isNone({ value, unit, before = 0, weekAgo = 0 }: DigestFigure): boolean {
  return unit === "" && value === 0 && before === 0 && weekAgo === 0;
}
