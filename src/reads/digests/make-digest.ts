import type { Digest, SectionOptions } from "../../domain/digests/digest.ts";
import type { DigestFigure, MadeSection, SectionId } from "../../domain/digests/section.ts";
import { inTurns } from "../../domain/in-turns.ts";
import type { DigestPicture, DrawnPart } from "../../domain/messages/digest-picture.ts";
import type { System } from "../../domain/systems/system.ts";
import { zonedAt } from "../../domain/text/moment.ts";
import { type DigestRecord, digestsUntil } from "../../records/digest.ts";
import { alertsSection } from "./alerts.ts";
import type { AskedSection, DigestPorts, DigestSection, Stretch } from "./asked-section.ts";
import { backupsSection } from "./backups.ts";
import { capacitySection } from "./capacity.ts";
import { certificatesSection } from "./certificates.ts";
import { changesSection } from "./changes.ts";
import { deliverySection } from "./delivery.ts";
import { factsSection } from "./facts.ts";
import { figuresSection } from "./figures.ts";
import { freshnessSection } from "./freshness.ts";
import { incidentsSection } from "./incidents.ts";
import { limitsSection } from "./limits.ts";
import { logSection } from "./log.ts";
import { maintenanceSection } from "./maintenance.ts";
import { onCallSection } from "./on-call.ts";
import { portfolioSection } from "./portfolio.ts";
import { querySection } from "./query.ts";
import { securitySection } from "./security.ts";
import { statusSection } from "./status.ts";
import { tradesSection } from "./trades.ts";
import { whyNot } from "./why-not.ts";

const sections: Readonly<Record<SectionId, DigestSection>> = {
  status: statusSection,
  alerts: alertsSection,
  incidents: incidentsSection,
  portfolio: portfolioSection,
  trades: tradesSection,
  limits: limitsSection,
  figures: figuresSection,
  facts: factsSection,
  freshness: freshnessSection,
  log: logSection,
  query: querySection,
  backups: backupsSection,
  changes: changesSection,
  security: securitySection,
  "on-call": onCallSection,
  delivery: deliverySection,
  capacity: capacitySection,
  maintenance: maintenanceSection,
  certificates: certificatesSection,
};

/** As many sections are made at a time: each asks its systems live, and a digest must not keep them from answering people. */
const mostAtOnce = 2;
/** What is told from what Wardroom itself wrote down, which has nothing of the time before it first ran. */
const fromOwnRecord: readonly SectionId[] = ["alerts", "incidents", "changes", "security", "delivery"];
const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
/** A digest this far from the time that is compared with still tells of it, ms. */
const nearMs = dayMs / 2;
const mostLookedThrough = 60;

/**
 * Makes every section of a digest. What could not be read is unavailable, with why: a digest of which nothing could be read is
 * made all the same.
 */
export async function makeDigest(
  ports: DigestPorts,
  {
    digest,
    record,
    systems,
  }: { readonly digest: Digest; readonly record: DigestRecord; readonly systems: readonly System[] },
): Promise<Pick<DigestRecord, "sections" | "comparedWith"> & { readonly picture?: DigestPicture }> {
  const lengthMs = record.to - record.from;
  const isLong = lengthMs > weekMs / 2;
  const shifted = (ms: number): Stretch => ({ from: record.from - ms, to: record.to - ms });
  const before = shifted(lengthMs);
  const weekAgo = isLong ? undefined : shifted(weekMs);
  const past = await pastDigests(ports, record, [before.to, weekAgo?.to]);
  const began = (await ports.store.journal({ limit: 1 }))[0]?.at ?? record.to;
  const made = await inTurns([...digest.sections.entries()], mostAtOnce, async ([at, options]) => {
    const of = systems.filter(({ id }) => options.system === undefined || id === options.system);
    const times = { from: record.from, to: record.to, zone: digest.zone, before, weekAgo, recordedSince: began };
    const asked = { options, systems: of, ...times };
    const found = await makeSection(ports, asked, idOf(digest.sections, at, options));
    return fromOwnRecord.includes(options.section) ? { ...found, section: sinceBegun(found.section, asked) } : found;
  });
  const compared = made.map(({ section }) => ({
    ...withChangedWords(section, past),
    figures: section.figures.map((each) => withPast(each, section.id, past)),
  }));
  const figures = compared.flatMap((section) => section.figures);
  const words = [beforeWords(lengthMs, before.to, record.zone), "last week"];
  const known = [figures.some((each) => each.before !== undefined), figures.some((each) => each.weekAgo !== undefined)];
  const picture = pictureOf(
    record,
    made.flatMap(({ drawn }) => drawn ?? []),
  );
  return {
    sections: compared,
    comparedWith: words.map((word, at) => (known[at] ? word : "")),
    ...(picture && { picture }),
  };
}

/** The same section of another day is found by it. */
function idOf(all: readonly SectionOptions[], at: number, { section, system = "" }: SectionOptions): string {
  const alike = all.slice(0, at).filter((each) => each.section === section && (each.system ?? "") === system).length;
  return [section, system, alike === 0 ? "" : `${alike + 1}`].filter((part) => part !== "").join("/");
}

/** Of each part the first that a section has. */
function pictureOf({ title, from, to, zone }: DigestRecord, parts: readonly DrawnPart[]): DigestPicture | undefined {
  const [part = {}, ...others] = parts;
  if (parts.length === 0) return undefined;
  const all = others.reduce<DrawnPart>((before, each) => ({ ...each, ...before }), part);
  return { title, from, to, timezone: zone, ...all };
}

interface WithDrawn {
  readonly section: MadeSection;
  readonly drawn?: DrawnPart;
}

async function makeSection(ports: DigestPorts, asked: AskedSection, id: string): Promise<WithDrawn> {
  const section = sections[asked.options.section];
  const title = asked.options.title ?? section.title;
  const blank = { id, title, figures: [], attention: [], lines: [] };
  try {
    const found = await section.find(asked, ports);
    const { source, asOf } = found;
    if ("unavailable" in found)
      return { section: { ...blank, state: "unavailable", why: found.unavailable, source, asOf } };
    const { isPartial = false, words, figures = [], said, attention = [], lines = [], drawn } = found;
    const made: MadeSection = {
      id,
      title,
      state: isPartial ? "partly" : "known",
      source,
      asOf,
      ...(words !== undefined && { words }),
      figures: [...figures],
      ...(said && { said: [...said] }),
      attention: [...attention],
      lines: [...lines],
    };
    return { section: made, ...(drawn && { drawn }) };
  } catch (error) {
    return { section: { ...blank, state: "unavailable", why: whyNot(error), source: title, asOf: asked.to } };
  }
}

/** A bot that began within that time has seen only the rest of it. */
function sinceBegun(section: MadeSection, { from, recordedSince: since }: AskedSection): MadeSection {
  return section.state === "unavailable" || since <= from ? section : { ...section, since };
}

type Past = readonly [DigestRecord | undefined, DigestRecord | undefined];

/** The digests that told of these times, nearest to each. */
async function pastDigests(
  { store }: DigestPorts,
  { name, to }: DigestRecord,
  [before, weekAgo]: readonly [number, number | undefined],
): Promise<Past> {
  const { found } = await digestsUntil(store, name, { until: to - 1, limit: mostLookedThrough });
  const made = found.filter(({ state, askedBy }) => state === "made" && askedBy === undefined);
  const near = (at: number | undefined): DigestRecord | undefined =>
    at === undefined ? undefined : made.find((each) => Math.abs(each.to - at) <= nearMs);
  return [near(before), near(weekAgo)];
}

function withPast(figure: DigestFigure, section: string, [before, weekAgo]: Past): DigestFigure {
  const then = (record: DigestRecord | undefined): number | undefined =>
    record?.sections.find(({ id }) => id === section)?.figures.find(({ id }) => id === figure.id)?.value;
  const [was, was7] = [figure.before ?? then(before), figure.weekAgo ?? then(weekAgo)];
  return { ...figure, ...(was !== undefined && { before: was }), ...(was7 !== undefined && { weekAgo: was7 }) };
}

/** What a system says of itself otherwise than at the digest before is news, whatever is expected of it. */
function withChangedWords(section: MadeSection, [before]: Past): MadeSection {
  const { said = [], words } = section;
  if (said.length === 0) return section;
  const then = before?.sections.find(({ id }) => id === section.id)?.said ?? [];
  const told = said.map(({ id, title, value }) => {
    const was = then.find((each) => each.id === id)?.value;
    const isNew = was !== undefined && was !== value;
    return { text: `${title}: ${value}${isNew ? ` (was ${was})` : ""}`, isNew };
  });
  const unread = words === undefined ? [] : [words];
  const news = told
    .filter(({ isNew }) => isNew)
    .map(({ text }) => ({ text: `${section.title}: ${text}`, tone: "warning" as const }));
  return {
    ...section,
    words: [...told.map(({ text }) => text), ...unread].join("; "),
    attention: [...section.attention, ...news],
  };
}

function beforeWords(lengthMs: number, at: number, zone: string): string {
  if (lengthMs > dayMs * 0.9 && lengthMs < dayMs * 1.1) return "yesterday";
  if (lengthMs > weekMs * 0.9 && lengthMs < weekMs * 1.1) return "last week";
  return zonedAt(at, zone).toPlainDate().toString();
}
