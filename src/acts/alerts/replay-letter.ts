import type { PostRead, PostReader } from "../../domain/alerts/post-reader.ts";
import { type ReportedAlert, reportedAlert } from "../../domain/alerts/reported-alert.ts";
import type { ToldAlert, ToldEntry } from "../../domain/alerts/told-alert.ts";
import type { DoneBy } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import type { Store } from "../../domain/store.ts";
import { rfc3339 } from "../../domain/text/moment.ts";
import { readBatch } from "../../records/batch.ts";
import { episodeCode, episodeKey, episodesOf, parseEpisode } from "../../records/episode.ts";
import { sha256 } from "../../records/ids.ts";
import type { Quarantined } from "../../records/ledger.ts";
import { ifLegible } from "../../records/legible.ts";
import { occurrenceKey, parseOccurrence } from "../../records/occurrence.ts";
import { transactAnew } from "../transact.ts";
import { acceptedBatch, type PostedBody } from "./accept-batch.ts";
import { acceptTold } from "./accept-told.ts";
import { letterEnding } from "./end-letter.ts";

/** Longer after it was posted an alert may be over without anybody here having heard so, ms. */
const surelyFiresMs = 15 * 60_000;

/** How an alert is taken in of which nobody said for long whether it still fires. */
export type ReplayedAs = "firing" | "over";

interface Replay {
  readonly reader: PostReader;
  readonly by: DoneBy;
  /** What whoever replays it knows. */
  readonly as?: ReplayedAs | undefined;
}

/** The batch that it came in anew, and how many of its alerts were taken in as over; or how many may be over, where nobody said. */
export type ReplayedLetter = { readonly batch: string; readonly over: number } | { readonly unknown: number };

/**
 * Takes in what was put in quarantine, read as its sender's posts are read now and as of when it was posted, in the commit that ends
 * its time there: what was told since counts and not what it said. Where that was long ago and nothing was told since, nothing is done
 * until `as` says what it is. Throws UserError where it can still not be used.
 */
export async function replayLetter(
  store: Store,
  letter: Quarantined,
  { reader, by, as }: Replay,
): Promise<ReplayedLetter> {
  const read = reader.again(letter);
  if ("unusable" in read || ("told" in read && read.told.some((each) => "raw" in each))) {
    const why = "unusable" in read ? read.unusable : letter.why;
    throw new UserError(
      `It still cannot be used: ${why}. Nothing was changed.`,
      "Correct how its sender is read in wardroom.yaml, or drop it: alerts drop.",
    );
  }
  const isOld = (await store.now()) - letter.at > surelyFiresMs;
  const asOf = await asOfThen(store, letter, read);
  if (isOld && asOf.unheard > 0 && as === undefined) return { unknown: asOf.unheard };
  const over = as === "over" ? asOf.unheard : 0;
  return { batch: await takenIn(store, letter, { read: asOf.taken(as), by }), over: over + asOf.followed };
}

async function takenIn(
  store: Store,
  letter: Quarantined,
  { read, by }: { readonly read: Usable; readonly by: DoneBy },
): Promise<string> {
  const kind = (await readBatch(store, letter.batch))?.batch.kind ?? "alertmanager";
  const { sender: id, system, text, at: postedAt } = letter;
  const bytes = Buffer.byteLength(text);
  const posted = { sender: { id, kind, system }, text, bytes, digest: sha256(text), postedAt } satisfies PostedBody;
  const end = (now: number) => letterEnding(store, letter, { as: "replayed", by, now });
  if ("told" in read) return (await acceptTold(store, posted, read.told, end)).trace;
  const body = JSON.stringify({ version: "4", alerts: read.batch.alerts });
  return transactAnew(store, async (now) => {
    const { id: trace, ...batch } = acceptedBatch({ ...posted, text: body }, read.batch, now);
    const also = await end(now);
    return {
      result: trace,
      commit: {
        expect: also.expect,
        put: [...batch.put, ...also.put],
        remove: also.remove,
        timers: batch.timers,
        journal: [...batch.journal, ...also.journal],
      },
    };
  });
}

type Usable = Exclude<PostRead, { readonly unusable: string }>;

/** `followed`: the alert fired again since, so that this time of it is over. `unheard`: nothing was told of it since. */
type Since = "followed" | "unheard" | "told";

interface AsOfThen {
  readonly followed: number;
  readonly unheard: number;
  /** What is taken in where what is unheard of is so. */
  taken(as: ReplayedAs | undefined): Usable;
}

/** What is known since of each alert that a letter says to fire. */
async function asOfThen(store: Store, letter: Quarantined, read: Usable): Promise<AsOfThen> {
  if ("told" in read) {
    const marked = await Promise.all(
      read.told.map(async (each) => ({ each, since: await sinceTold(store, letter, each) })),
    );
    return {
      ...counts(marked),
      taken: (as) => ({ told: marked.flatMap(({ each, since }) => (isEnded(since, as) ? withEnd(each) : [each])) }),
    };
  }
  const marked = await Promise.all(
    read.batch.alerts.map(async (each) => ({ each, since: await sincePosted(store, letter, each) })),
  );
  return {
    ...counts(marked),
    taken: (as) => ({
      batch: {
        ...read.batch,
        alerts: marked.map(({ each, since }) => (isEnded(since, as) ? resolvedThen(each, letter) : each)),
      },
    }),
  };
}

function counts(marked: readonly { readonly since: Since }[]): Pick<AsOfThen, "followed" | "unheard"> {
  const countOf = (wanted: Since) => marked.filter(({ since }) => since === wanted).length;
  return { followed: countOf("followed"), unheard: countOf("unheard") };
}

function isEnded(since: Since, as: ReplayedAs | undefined): boolean {
  return since === "followed" || (since === "unheard" && as === "over");
}

/** One that need not know when it began goes on from its last occurrence, which knows when it was told of. */
async function sinceTold(store: Store, { sender, at }: Quarantined, entry: ToldEntry): Promise<Since> {
  if ("raw" in entry || entry.event !== "firing") return "told";
  const [document] = await store.read([occurrenceKey({ sender, fingerprint: entry.fingerprint })]);
  const standing = document && ifLegible(() => parseOccurrence(document));
  return standing && standing.at > at ? "told" : "unheard";
}

async function sincePosted(store: Store, { sender, at }: Quarantined, raw: unknown): Promise<Since> {
  const report = reportedAlert(raw, at);
  if ("unusable" in report || report.state !== "firing") return "told";
  const [document] = await store.read([episodeKey({ sender, ...report })]);
  const standing = document && ifLegible(() => parseEpisode(document));
  if (standing && standing.lastAt > at) return "told";
  const [newest] = (await episodesOf(store, episodeCode({ sender, ...report }), 1)).found;
  return newest && newest.since > report.since ? "followed" : "unheard";
}

function withEnd(entry: ToldEntry): readonly ToldEntry[] {
  return "raw" in entry ? [entry] : [entry, { ...entry, event: "resolved" } satisfies ToldAlert];
}

/** When it was over is not known: no earlier than it was told to fire. */
function resolvedThen(raw: unknown, { at }: Quarantined): unknown {
  if (typeof raw !== "object" || raw === null) return raw;
  return { ...raw, status: "resolved" satisfies ReportedAlert["state"], endsAt: rfc3339(at) };
}
