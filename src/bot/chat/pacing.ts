import { type Lane, lanes } from "../../domain/messages/lane.ts";

/** How fast one thing may be done: `perSecond` on average, `burst` at once. */
export interface Pace {
  readonly perSecond: number;
  readonly burst: number;
  /** In no stretch of so many ms more often than `burst`, for what counts by windows: a burst and what comes back lie in one. */
  readonly withinMs?: number;
}

export interface PacedJob<Result> {
  /** The lanes go one before the other, and the last fifth of every bucket is kept from notices, so that a reply finds it. */
  readonly lane: Lane;
  /** Every bucket it draws from, by key: a method, a method in a channel. */
  readonly buckets: Readonly<Record<string, Pace>>;
  /** How long it may wait for its turn, ms; for as long as it takes when left out. */
  readonly withinMs?: number;
  work(): Promise<Result>;
}

/** Its turn did not come in time, or everything ended before it: the work was not begun and never will be. */
export class NotBegunError extends Error {
  override readonly name = "NotBegunError";
  /** What it comes to for a sender. Whoever wanted it sent may have another send it, so it is never tried again. */
  readonly fault = { kind: "too-fast", retryAfterMs: Number.POSITIVE_INFINITY } as const;
}

/** The part of a bucket that notices leave to replies, and to what is urgent. */
const keptForReplies = 0.2;
const mayTakeAll: readonly Lane[] = ["urgent", "reply"];

interface Bucket {
  readonly pace: Pace;
  tokens: number;
  at: number;
  /** When it was last drawn from, as often as `burst`, oldest first, for what counts by windows. */
  drawn: number[];
  /** Nothing is drawn before this: the platform said so. */
  pausedUntil: number;
}

interface Waiting {
  readonly lane: Lane;
  readonly buckets: Readonly<Record<string, Pace>>;
  begin(): void;
  giveUp(): void;
}

/** Idle buckets beyond this many are forgotten: they are full again anyway. */
const rememberedBuckets = 10_000;

/**
 * Holds work back until every bucket it draws from has a token. Jobs of one lane that share a bucket keep their order; a
 * job whose bucket is empty does not hold up those of other buckets.
 */
export class Pacer {
  readonly #buckets = new Map<string, Bucket>();
  readonly #waiting: Waiting[] = [];
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;

  /** `now` is a steady clock in ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Runs the job when its turn has come; rejects as it does, or with a NotBegunError. */
  async run<Result>(job: PacedJob<Result>): Promise<Result> {
    let late: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void => reject(new NotBegunError("its turn did not come"));
      const entry: Waiting = { lane: job.lane, buckets: job.buckets, begin: resolve, giveUp };
      const rank = lanes.indexOf(job.lane);
      const behind = this.#waiting.findIndex((each) => lanes.indexOf(each.lane) > rank);
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, entry);
      this.#admit();
      if (job.withinMs !== undefined) late = setTimeout(() => this.#drop(entry), Math.max(0, job.withinMs));
    }).finally(() => clearTimeout(late));
    return job.work();
  }

  /** Nothing draws from this bucket for so many ms: the platform's Retry-After. */
  pause(key: string, ms: number): void {
    const bucket = this.#buckets.get(key);
    if (!bucket) return;
    bucket.pausedUntil = Math.max(bucket.pausedUntil, this.#now() + ms);
    // What it may do at once after that is one thing, not the whole burst that was too much.
    bucket.tokens = Math.min(bucket.tokens, 1 + Math.floor(bucket.pace.burst * keptForReplies));
    this.#admit();
  }

  /** What waits is not begun any more. */
  close(): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) this.#drop(next);
  }

  #drop(entry: Waiting): void {
    const position = this.#waiting.indexOf(entry);
    if (position < 0) return;
    this.#waiting.splice(position, 1);
    entry.giveUp();
    this.#admit();
  }

  /** How many jobs wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  #admit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const blocked = new Set<string>();
    // One moment for all of them: read anew for each, a pause could end between what is urgent and what is quiet.
    const now = this.#now();
    let soonest = Number.POSITIVE_INFINITY;
    for (let position = 0; position < this.#waiting.length; ) {
      const job = this.#waiting[position];
      if (!job) break;
      const wait = this.#waitOf(job, { blocked, now });
      if (wait > 0) {
        for (const key of Object.keys(job.buckets)) blocked.add(`${job.lane} ${key}`);
        soonest = Math.min(soonest, wait);
        position += 1;
        continue;
      }
      for (const [key, pace] of Object.entries(job.buckets)) draw(this.#bucket(key, pace, now), now);
      this.#waiting.splice(position, 1);
      job.begin();
    }
    if (Number.isFinite(soonest)) this.#timer = setTimeout(() => this.#admit(), Math.max(1, Math.ceil(soonest)));
    if (this.#waiting.length === 0 && this.#buckets.size > rememberedBuckets) this.#buckets.clear();
  }

  /** How long the job must wait at least, in ms; 0 when it may begin. */
  #waitOf(job: Waiting, { blocked, now }: { readonly blocked: ReadonlySet<string>; readonly now: number }): number {
    let wait = 0;
    for (const [key, pace] of Object.entries(job.buckets)) {
      const bucket = this.#bucket(key, pace, now);
      const needed = 1 + (mayTakeAll.includes(job.lane) ? 0 : Math.floor(pace.burst * keptForReplies));
      const missing = Math.max(0, Math.min(needed, pace.burst) - bucket.tokens);
      const windowMs = windowWait(bucket, { needed: Math.min(needed, pace.burst), now });
      wait = Math.max(wait, (missing / pace.perSecond) * 1_000, bucket.pausedUntil - now, windowMs);
      // Behind another of its lane, which keeps their order; that one sets the timer.
      if (blocked.has(`${job.lane} ${key}`)) wait = Math.max(wait, 1_000 / pace.perSecond);
    }
    return wait;
  }

  #bucket(key: string, pace: Pace, now: number): Bucket {
    const bucket = this.#buckets.get(key) ?? { pace, tokens: pace.burst, at: now, drawn: [], pausedUntil: 0 };
    this.#buckets.set(key, bucket);
    const from = Math.max(bucket.at, bucket.pausedUntil);
    if (now > from) bucket.tokens = Math.min(pace.burst, bucket.tokens + ((now - from) / 1_000) * pace.perSecond);
    bucket.at = now;
    return bucket;
  }
}

function draw(bucket: Bucket, now: number): void {
  bucket.tokens -= 1;
  if (bucket.pace.withinMs !== undefined) bucket.drawn = [...bucket.drawn, now].slice(-bucket.pace.burst);
}

/** How long until so many more fit into its window, ms. */
function windowWait(
  { pace, drawn }: Bucket,
  { needed, now }: { readonly needed: number; readonly now: number },
): number {
  const { burst, withinMs } = pace;
  if (withinMs === undefined) return 0;
  const hindering = drawn[drawn.length - 1 - (burst - needed)];
  return hindering === undefined ? 0 : Math.max(0, hindering + withinMs - now);
}
