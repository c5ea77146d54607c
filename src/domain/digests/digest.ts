import { z } from "zod";
import { Id } from "../people/person.ts";
import type { System } from "../systems/system.ts";
import { Duration } from "../text/duration.ts";
import { DigestSchedule } from "./schedule.ts";
import { type MadeSection, type SectionId, sectionIds, sectionKeys } from "./section.ts";

const shortestCatchUpMs = 60_000;
const longestCatchUpMs = 7 * 86_400_000;

/** A section with what it is about. */
const FullSection = z
  .strictObject({
    /** Which one: docs/digests.md has them all. */
    section: z.enum(sectionIds),
    /** As its heading, for example the line of a manual's checklist; its own when left out. */
    title: z.string().min(1).max(60).optional(),
    /** The system that it is about; all of the digest's when left out. */
    system: Id.optional(),
    /** Ids of metrics. */
    metrics: z.array(z.string()).min(1).max(30).optional(),
    /** Ids of facts. */
    facts: z.array(Id).min(1).max(30).optional(),
    /** Id of a log. */
    log: Id.optional(),
    /** What its lines hold: plain text, or a pattern between slashes. */
    match: z.string().min(1).max(200).optional(),
    level: z.string().min(1).max(20).optional(),
    /** The column with the result of a trade. */
    pnl: z.string().min(1).max(80).optional(),
    /** What the results of trades are in, as `EUR`; USD when left out. */
    currency: z.string().min(1).max(10).optional(),
    /** Id of a query. */
    query: Id.optional(),
    /** How old the newest line of the log may be; how long before its end a certificate is told. */
    within: Duration.optional(),
  })
  .superRefine((given, context) => {
    const { needs, takes } = sectionKeys[given.section];
    const known = new Set(["section", "title", "system", ...needs, ...takes]);
    for (const [key, value] of Object.entries(given)) {
      if (value !== undefined && !known.has(key))
        context.addIssue({ code: "custom", path: [key], message: `a section ${given.section} takes no ${key}` });
    }
    for (const need of needsOf(given.section)) {
      if (Object.entries(given).every(([key, value]) => key !== need || value === undefined))
        context.addIssue({ code: "custom", path: [], message: `a section ${given.section} has to say ${need}` });
    }
  });

/** What a section has to be told besides its system, which a system's own digest knows. */
function needsOf(id: SectionId): readonly string[] {
  return sectionKeys[id].needs.filter((need) => need !== "system");
}

/** A name alone, where there is nothing more to say. */
const DigestSection = z.union([
  z
    .enum(sectionIds)
    .refine((id) => needsOf(id).length === 0, {
      error: ({ input }) => {
        const found = sectionIds.find((id) => id === input);
        const needs = found === undefined ? [] : needsOf(found);
        return `a section ${found} has to say ${needs.join(" and ")}: { section: ${found}, ${needs.map((need) => `${need}: …`).join(", ")} }`;
      },
    })
    .transform((section) => ({ section })),
  FullSection,
]);
/** What a section of a file says. */
export type SectionOptions = Readonly<z.output<typeof FullSection>>;

const DigestParts = {
  id: Id,
  /** As people read it; the id when left out. */
  title: z.string().min(1).max(60).optional(),
  ...DigestSchedule.shape,
  /** How late it is still made. After that it is on record as missed. */
  catchUp: Duration.prefault("4h").pipe(
    z
      .int("a duration here is from 1m to 7d")
      .min(shortestCatchUpMs, "a duration here is from 1m to 7d")
      .max(longestCatchUpMs, "a duration here is from 1m to 7d"),
  ),
  /** In their order. */
  sections: z.array(DigestSection).min(1).max(50),
};

/** A digest of one system, in that system's file. */
export const SystemDigest = z.strictObject({
  ...DigestParts,
  /** Channels of wardroom.yaml that it is posted to; those of `digests.post` there when left out. */
  channels: z.array(Id).min(1).max(20).optional(),
});

/** A digest of several systems. */
const OwnDigest = z.strictObject({
  ...DigestParts,
  channels: z.array(Id).min(1).max(20),
  /** Which systems it is about; every one when left out. */
  systems: z.array(Id).min(1).optional(),
});

/** What people are told at a time of the day. */
export const DigestsInFile = z.strictObject({
  /** System → channels that its own digests are posted to. Those of a system that is not named are posted nowhere by themselves. */
  post: z.record(Id, z.array(Id).min(1).max(20)).default({}),
  /** Over several systems. */
  own: z.array(OwnDigest).max(50).default([]),
});
export type DigestsInFile = z.output<typeof DigestsInFile>;

/** A digest as it is configured. */
export interface Digest extends DigestSchedule {
  /** What people call it: its id, with the system's before it where a system's file has it. */
  readonly name: string;
  readonly title: string;
  readonly catchUpMs: number;
  /** Ids of channels; none where it is not posted by itself. */
  readonly channels: readonly string[];
  /** Ids of the systems that it is about. */
  readonly systems: readonly string[];
  readonly sections: readonly SectionOptions[];
}

/** A digest as people read it. Times in ms. */
export interface ShownDigest {
  readonly name: string;
  readonly title: string;
  readonly zone: string;
  readonly slot: string;
  readonly dueAt: number;
  readonly from: number;
  readonly to: number;
  readonly madeAt?: number;
  readonly askedBy?: string;
  readonly sections: readonly MadeSection[];
  /** What its figures are compared with, in words. */
  readonly comparedWith: readonly string[];
}

type DigestSource = Pick<System, "id" | "title" | "digests">;

/** Every digest there is: those of wardroom.yaml, then those of the systems. */
export function digestsOf(file: DigestsInFile, systems: readonly DigestSource[]): readonly Digest[] {
  const every = systems.map(({ id }) => id);
  return [
    ...file.own.map(({ id, title = id, catchUp, systems: of = every, ...rest }) => ({
      ...rest,
      name: id,
      title,
      catchUpMs: catchUp,
      systems: of,
    })),
    ...systems.flatMap((system) =>
      system.digests.map(({ id, title = id, catchUp, channels, sections, ...rest }) => ({
        ...rest,
        name: `${system.id}-${id}`,
        title: `${system.title}, ${title}`,
        catchUpMs: catchUp,
        channels: channels ?? file.post[system.id] ?? [],
        systems: [system.id],
        sections: sections.map((section) => ({ system: system.id, ...section })),
      })),
    ),
  ];
}
