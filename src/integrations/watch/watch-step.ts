import { z } from "zod";
import { Condition, conditionFault, judge, type NamedValues } from "../../domain/conditions/condition.ts";
import { dataWords } from "../../domain/systems/data-words.ts";
import { type PlanValues, wordsIn } from "../../domain/systems/placeholders.ts";
import { type Read, type ReadKind, type ReadKinds, readKindOf } from "../../domain/systems/reads.ts";
import { oneOf } from "../../domain/systems/sources.ts";
import type { StepCall, StepEnd, StepKindOf, StepOutcome, StepValue } from "../../domain/systems/steps.ts";
import { DurationText, parseDuration, showWait } from "../../domain/text/duration.ts";
import { lookThrough, readWords } from "../wire/look-through.ts";
import { take } from "../wire/reading.ts";

/** Longest that something may be watched: two days. */
const longestMs = 48 * 3_600_000;

const Within = DurationText.refine((text) => parseDuration(text) <= longestMs, "at most 48h");

/** What a watch says besides what it reads. `value` in its conditions is what was read. */
const Terms = z.strictObject({
  /** What it waits for, in CEL: `value[service] == n`. */
  is: Condition,
  /** What ends it at once as failed, in CEL: `value.errors > 0.02`. */
  fails: Condition.optional(),
  /** What has to hold for it to have shown anything, in CEL: `!value.empty`. Where it does not, it is done and told as not seen. */
  seen: Condition.optional(),
  /** How many readings in a row it has to hold. */
  times: z.int().min(1).max(100).default(1),
  /** How long it has to hold without a break: `30m`. */
  for: Within.optional(),
  every: DurationText.default("5s"),
  /** Longest that it is waited for; with `for` as long as that and ten minutes when left out. */
  within: Within.optional(),
  /** What its conditions name, put in place when it is planned. */
  given: z.record(z.string(), z.json()).default({}),
});
type Terms = z.output<typeof Terms>;

/** A watch with what it reads below the key of its kind of reading. */
const WatchStep = Terms.loose();
type WatchStep = z.output<typeof WatchStep>;

/**
 * Reads again and again until a condition holds, for as long as it has to hold. It only reads, so it may stand among the steps
 * and verify what they did; where it stands is kept, so that another process goes on with it.
 */
export function watchStep(kinds: ReadKinds): StepKindOf<WatchStep> {
  const watched = new WeakMap<WatchStep, WatchedRead>();
  const whatOf = (step: WatchStep): WatchedRead => {
    const known = watched.get(step) ?? watchedRead(kinds, step);
    watched.set(step, known);
    return known;
  };
  return {
    kind: "watch",
    key: "watch",
    schema: watchSchema(kinds),
    does: "reads",
    placeholders(step) {
      const { kind, read } = whatOf(step);
      return kind.placeholders(read.spec);
    },
    brings: true,
    names: ({ is, fails = "", seen = "" }) => wordsIn(`${is} ${fails} ${seen}`),
    faults: (step, named) =>
      conditionsOf(step).flatMap(([key, condition]) => {
        const { kind, read } = whatOf(step);
        const fault = conditionFault(condition, { ...named, value: kind.shape?.(read.spec) ?? "data" });
        return fault === undefined ? [] : [{ key, fault }];
      }),
    resolve(step, values) {
      const { kind, read } = whatOf(step);
      const spec = kind.resolve(read.spec, values);
      return {
        ...step,
        [kind.kind]: spec,
        given: z.record(z.string(), z.json()).parse({ ...step.given, ...namedIn(step, values) }),
      };
    },
    describe(step) {
      const { kind, read } = whatOf(step);
      return `${kind.describe(read.spec)}: ${termsWords(step)}`;
    },
    budgetMs: withinMs,
    run: (step, call) => look(whatOf(step), step, call),
    probe: (step) => lookNow(whatOf(step), step),
  };
}

/** What a watch reads again and again, with the kind of reading that does it. */
interface WatchedRead {
  readonly kind: ReadKind;
  readonly read: Read;
}

function watchedRead(kinds: ReadKinds, step: WatchStep): WatchedRead {
  const name = [...kinds.keys()].find((each) => Object.hasOwn(step, each)) ?? "";
  const read = { kind: name, spec: z.json().parse(step[name]) };
  return { kind: readKindOf(kinds, read), read };
}

function conditionsOf({ is, fails, seen }: Terms): [string, Condition][] {
  return Object.entries({ is, ...(fails !== undefined && { fails }), ...(seen !== undefined && { seen }) });
}

function watchSchema(kinds: ReadKinds): z.ZodType<WatchStep> {
  const forms = [...kinds.values()].map(({ kind, schema }) => Terms.extend({ [kind]: schema }).pipe(WatchStep));
  return oneOf(forms).refine(
    (step) => parseDuration(step.for ?? "0s") + parseDuration(step.every) <= withinMs(step),
    "it is not waited for as long as it has to hold: raise `within`",
  );
}

/** Only what its conditions name is kept with the step: what else was read has its place beside the plan. */
function namedIn({ is, fails = "", seen = "" }: Terms, values: PlanValues): PlanValues {
  const words = new Set(wordsIn(`${is} ${fails} ${seen}`));
  return Object.fromEntries(Object.entries(values).filter(([name]) => words.has(name)));
}

/** What can be read in this time is waited for when a watch does not say. */
const defaultWithinMs = 60_000;
const graceMs = 600_000;

function withinMs({ for: holds, within }: Terms): number {
  if (within !== undefined) return parseDuration(within);
  return holds === undefined ? defaultWithinMs : Math.min(longestMs, parseDuration(holds) + graceMs);
}

function termsWords(step: Terms): string {
  const { is, fails, times, for: holds } = step;
  const lasting = holds === undefined ? (times === 1 ? "" : `, ${times} times in a row`) : ` for ${holds}`;
  const failing = fails === undefined ? "" : `; fails when ${fails}`;
  return `until ${is}${lasting}, within ${showWait(withinMs(step))}${failing}`;
}

/** How many looks in a row it has held, since when and when that was looked at last, in ms after it was begun. */
const none: Held = { inRow: 0, since: 0 };
const Held = z.strictObject({ inRow: z.int().min(0), since: z.number(), at: z.number().exactOptional() });
type Held = z.output<typeof Held>;
const Progress = Held.catch(none);

/** One reading may take this long. */
const readDeadlineMs = 5_000;
const shortestReadMs = 250;

interface What {
  readonly kind: ReadKind;
  readonly read: Read;
}

/** Reads once. Only a condition that was judged and held counts; what cannot be read breaks off what held so far. */
async function look(what: What, step: WatchStep, { elapsedMs, progress }: Omit<StepCall, "key">): Promise<StepOutcome> {
  const { times, every } = step;
  const within = withinMs(step);
  const started = performance.now();
  const seen = await readOnce(what, step, Math.min(readDeadlineMs, Math.max(shortestReadMs, within - elapsedMs)));
  const atMs = elapsedMs + performance.now() - started;
  if (seen.fails) return { outcome: "refused", detail: `${seen.words}, which its system takes for a failure` };
  const needsMs = parseDuration(step.for ?? "0s");
  const { before, gap } = stillHeld(Progress.parse(progress), elapsedMs, step);
  const held = seen.holds
    ? { inRow: before.inRow + 1, since: before.inRow === 0 ? atMs : before.since, at: atMs }
    : none;
  const heldMs = held.inRow === 0 ? 0 : atMs - held.since;
  if (held.inRow >= times && heldMs >= needsMs)
    return {
      outcome: "done",
      detail: `${seen.words}, ${heldWords(held.inRow, heldMs, needsMs)}`,
      ...(seen.value !== undefined && { value: seen.value }),
      ...(seen.unseen && { unseen: true as const }),
    };
  const againInMs = parseDuration(every);
  if (atMs + againInMs > within)
    return { outcome: "unknown", detail: `${seen.words}, after ${showWait(atMs)}, and still not so` };
  const standing = held.inRow === 0 ? "not yet" : heldSoFar(held.inRow, times, { heldMs, needsMs });
  const detail = `${seen.words}, ${standing}${gap}`;
  return { outcome: "waiting", detail, progress: held, againInMs, ...(seen.unread && { unread: true }) };
}

/** So many pauses, and a slow reading, may pass without a look: more of it is time in which nobody watched. */
const unseenPauses = 3;

/** What has held so far, where it has to hold for a time: what nobody looked at, as after a crash, has not been seen to hold. */
function stillHeld(before: Held, elapsedMs: number, step: WatchStep): { readonly before: Held; readonly gap: string } {
  const unseenMs = before.inRow === 0 || before.at === undefined ? 0 : elapsedMs - before.at;
  const isSeen = unseenMs <= unseenPauses * parseDuration(step.every) + readDeadlineMs;
  if (step.for === undefined || isSeen) return { before, gap: "" };
  return { before: none, gap: `; nobody looked for ${showWait(unseenMs)}, so it counts anew` };
}

function heldWords(inRow: number, heldMs: number, needsMs: number): string {
  return needsMs > 0 ? `for ${showWait(heldMs)}` : readWords(inRow);
}

function heldSoFar(inRow: number, times: number, { heldMs, needsMs }: { heldMs: number; needsMs: number }): string {
  return needsMs > 0 ? `holding for ${showWait(heldMs)} of ${showWait(needsMs)}` : `holding ${inRow} of ${times} times`;
}

/** How it stands now, looked at as often as it asks and no longer. That it holds now says not that it has held for long. */
async function lookNow(what: What, step: WatchStep): Promise<StepEnd> {
  const { for: holds, ...terms } = step;
  if (holds !== undefined) {
    const { fails, words } = await readOnce(what, step, readDeadlineMs);
    const detail = `${words}; nobody watched it for ${holds}`;
    return { outcome: fails ? "refused" : "unknown", detail };
  }
  const everyMs = Math.min(parseDuration(step.every), mostPauseMs);
  const brief = { ...terms, every: `${everyMs}ms`, within: `${step.times * (everyMs + readDeadlineMs)}ms` };
  return lookThrough((call) => look(what, brief, call));
}

/** A look that somebody waits for takes no longer pauses. */
const mostPauseMs = 2_000;

interface Seen {
  readonly holds: boolean;
  readonly fails: boolean;
  readonly words: string;
  readonly unread?: true;
  readonly value?: StepValue;
  /** It holds, and shows nothing: so it is as well where that cannot be judged. */
  readonly unseen?: boolean;
}

async function readOnce({ kind, read }: What, step: WatchStep, deadlineMs: number): Promise<Seen> {
  const reading = await take(() => kind.read(read.spec, { system: "", deadlineMs, round: {} }));
  if (!reading.ok) return { holds: false, fails: false, words: reading.detail, unread: true };
  const values: NamedValues = { ...step.given, value: reading.value };
  const shown = dataWords(kind.words?.(reading.value) ?? reading.value);
  // It fails whether or not what it waits for can be judged.
  const failed = step.fails === undefined ? undefined : judge(step.fails, values);
  if (failed?.ok && failed.holds) return { holds: false, fails: true, words: shown };
  const judged = judge(step.is, values);
  const seen = step.seen === undefined ? undefined : judge(step.seen, values);
  const unseen = seen !== undefined && !(seen.ok && seen.holds);
  if (judged.ok) return { holds: judged.holds, fails: false, words: shown, value: reading.value, unseen };
  return { holds: false, fails: false, words: `${shown}; ${step.is} cannot be judged: ${judged.why}` };
}
