import { z } from "zod";
import type { DrawnPart } from "../messages/digest-picture.ts";

/** What a digest can hold, in no order. Each is a file of `src/reads/digests/`. */
export const sectionIds = [
  "status",
  "alerts",
  "incidents",
  "portfolio",
  "trades",
  "limits",
  "figures",
  "facts",
  "freshness",
  "log",
  "query",
  "backups",
  "changes",
  "security",
  "on-call",
  "delivery",
  "capacity",
  "maintenance",
  "certificates",
] as const;
export type SectionId = (typeof sectionIds)[number];

/** What a kind of section has to be told, and what it may be. */
export const sectionKeys: Readonly<
  Record<SectionId, { readonly needs: readonly string[]; readonly takes: readonly string[] }>
> = {
  status: { needs: [], takes: [] },
  alerts: { needs: [], takes: [] },
  incidents: { needs: [], takes: [] },
  portfolio: { needs: [], takes: ["metrics"] },
  trades: { needs: ["system", "log"], takes: ["pnl", "currency"] },
  limits: { needs: [], takes: ["metrics"] },
  figures: { needs: ["system", "metrics"], takes: [] },
  facts: { needs: ["system", "facts"], takes: [] },
  freshness: { needs: ["system", "log", "within"], takes: [] },
  log: { needs: ["system", "log"], takes: ["match", "level"] },
  query: { needs: ["system", "query"], takes: [] },
  backups: { needs: [], takes: [] },
  changes: { needs: [], takes: [] },
  security: { needs: [], takes: [] },
  "on-call": { needs: [], takes: [] },
  delivery: { needs: [], takes: [] },
  capacity: { needs: [], takes: ["metrics"] },
  maintenance: { needs: [], takes: [] },
  certificates: { needs: [], takes: ["within"] },
};

const Tone = z.enum(["neutral", "good", "warning", "bad", "unknown"]);

/** One line of a section. */
const DigestLine = z.object({ text: z.string(), tone: Tone.exactOptional() });
export type DigestLine = Readonly<z.output<typeof DigestLine>>;

/** A number that is compared with what it was. */
const DigestFigure = z.object({
  /** Unique in its section: the same figure of another day is found by it. */
  id: z.string(),
  title: z.string(),
  value: z.number(),
  unit: z.string(),
  /** What it was at the digest before, and a week ago; left out where that is not known. */
  before: z.number().exactOptional(),
  weekAgo: z.number().exactOptional(),
});
export type DigestFigure = Readonly<z.output<typeof DigestFigure>>;

/** A word of a system about itself, which is compared with what it was. */
const DigestWord = z.object({ id: z.string(), title: z.string(), value: z.string() });
export type DigestWord = Readonly<z.output<typeof DigestWord>>;

/** A section as it was made: it says the same for ever. */
export const MadeSection = z.object({
  /** Unique in its digest. */
  id: z.string(),
  title: z.string(),
  /** `unavailable`: nothing of it could be read, and `why` says what kept it. `partly`: some of its lines say what is missing. */
  state: z.enum(["known", "partly", "unavailable"]),
  why: z.string().exactOptional(),
  /** When Wardroom's own record begins, where that is later than the time it tells of, ms: it is silent of what was before. */
  since: z.number().exactOptional(),
  /** Where it comes from, and when that was true, ms. */
  source: z.string(),
  asOf: z.number(),
  /** In a sentence; left out where its figures say it. */
  words: z.string().exactOptional(),
  figures: z.array(DigestFigure),
  said: z.array(DigestWord).exactOptional(),
  /** What stands first in the whole digest: a limit that was passed, what has to be decided. */
  attention: z.array(DigestLine),
  lines: z.array(DigestLine),
});
export type MadeSection = Readonly<z.output<typeof MadeSection>>;

/** What a section found out; it is `partly` known where some of it could not be read, and says which in its lines. */
export interface FoundSection {
  readonly source: string;
  readonly asOf: number;
  readonly isPartial?: boolean;
  readonly words?: string;
  readonly figures?: readonly DigestFigure[];
  readonly said?: readonly DigestWord[];
  readonly attention?: readonly DigestLine[];
  readonly lines?: readonly DigestLine[];
  /** What of it is seen sooner than read. */
  readonly drawn?: DrawnPart;
}

/** What could not be read at all. */
export interface UnreadSection {
  readonly source: string;
  readonly asOf: number;
  readonly unavailable: string;
}
