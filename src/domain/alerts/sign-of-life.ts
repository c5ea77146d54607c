import { z } from "zod";
import { Id } from "../people/person.ts";
import { Duration } from "../text/duration.ts";
import type { ActiveAlert } from "./alert.ts";
import { TokenReference } from "./sender.ts";

const Severity = z.enum(["critical", "warning", "info"]).default("critical");

/** A job that calls `/webhooks/heartbeat/<id>` each time that it has done its work. */
export const Heartbeat = z.strictObject({
  id: Id,
  /** The system that it is of. */
  system: Id,
  /** How far apart its calls are at the most. */
  every: Duration,
  /** How much later than that one may come. */
  grace: Duration.prefault("1m"),
  /** Of the alert that it has not called. */
  severity: Severity,
  summary: z.string().min(1).max(300).optional(),
  hint: z.string().min(1).max(1_000).optional(),
  auth: z.strictObject({
    /** One token, or two while one takes the place of the other: sent as a bearer token, or as the password of `user`. */
    tokens: z.array(TokenReference).min(1).max(2),
    user: z.string().min(1).max(100).optional(),
  }),
});
export type Heartbeat = z.output<typeof Heartbeat>;

/** Something that a sender tells to fire at all times, as the Watchdog of Prometheus: that it does not is an alert. */
export const ExpectedAlert = z.strictObject({
  id: Id,
  /** Whose it is. */
  sender: Id,
  /** Which of its alerts, in Alertmanager's syntax. */
  match: z.union([z.string().min(1).max(2_000), z.array(z.string().min(1).max(2_000)).min(1)]),
  /** It has to be told again within this time: longer than its sender takes to repeat what fires. */
  within: Duration.prefault("15m"),
  severity: Severity,
  hint: z.string().min(1).max(1_000).optional(),
});
export type ExpectedAlert = z.output<typeof ExpectedAlert>;

/** What has to be heard of again and again. */
export interface Awaited extends Pick<ActiveAlert, "system" | "severity" | "hint"> {
  /** `heartbeat nightly`: no two are called the same. */
  readonly id: string;
  /** How long it may be silent, ms. */
  readonly withinMs: number;
  /** What the alert is called, and says but for since when. */
  readonly name: string;
  readonly summary: string;
}

/** What is known of something awaited. Times are store time in ms. */
export interface Life {
  readonly id: string;
  /** Since when it is awaited. */
  readonly since: number;
  /** When it was last heard of. */
  readonly lastAt?: number;
  /** Since when it is overdue. */
  readonly overdueSince?: number;
}

/** While somebody listens: since when without a break, and when that was last seen. */
export interface Listening {
  readonly since: number;
  readonly at: number;
}

/** Nobody listened where it was not seen for so long, ms: rounds are a quarter of a minute apart. */
const longestBreakMs = 60_000;

/** Somebody listens now. What nobody could hear is nobody's fault: what is awaited counts from here anew after a break. */
export function listeningStep(before: Listening | undefined, now: number): Listening {
  const goesOn = before !== undefined && now - before.at <= longestBreakMs;
  return { since: goesOn ? before.since : now, at: now };
}

/** What is known of it now. What is overdue stays so until it is heard of. */
export function lifeStep(
  before: Life | undefined,
  { id, withinMs }: Pick<Awaited, "id" | "withinMs">,
  {
    now,
    listeningSince,
    heardAt,
  }: { readonly now: number; readonly listeningSince: number; readonly heardAt?: number },
): Life {
  const since = before?.since ?? now;
  const lastAt = Math.max(before?.lastAt ?? 0, heardAt ?? 0);
  const heard = lastAt > 0 ? { lastAt } : {};
  const standing = before?.overdueSince;
  if (standing !== undefined && lastAt < standing) return { id, since, ...heard, overdueSince: standing };
  const isOverdue = now - Math.max(lastAt, since, listeningSince) > withinMs;
  return { id, since, ...heard, ...(isOverdue && { overdueSince: now }) };
}

/** It was heard of now. */
export function heardStep(before: Life | undefined, id: string, now: number): Life {
  return { id, since: before?.since ?? now, lastAt: now };
}

/** The alert that something awaited was not heard of in its time; undefined while it is not overdue. */
export function overdueAlert(
  { system, severity, hint, id, name, summary }: Awaited,
  life: Life | undefined,
): Omit<ActiveAlert, "code"> | undefined {
  if (life?.overdueSince === undefined) return undefined;
  return {
    system,
    source: id,
    id: name,
    severity,
    ownSeverity: severity,
    summary,
    since: life.overdueSince,
    ...(hint !== undefined && { hint }),
  };
}

/** What the files await. An expected alert is of its sender's system. */
export function awaitedIn({
  heartbeats,
  expected,
  senders,
}: {
  readonly heartbeats: readonly Heartbeat[];
  readonly expected: readonly ExpectedAlert[];
  readonly senders: readonly { readonly id: string; readonly system: string }[];
}): readonly Awaited[] {
  return [
    ...heartbeats.map(
      ({ id, system, every, grace, severity, summary, hint }): Awaited => ({
        id: heartbeatId(id),
        system,
        withinMs: every + grace,
        severity,
        name: `${id}-missed`,
        summary: summary ?? `The job ${id} has not called in its time`,
        ...(hint !== undefined && { hint }),
      }),
    ),
    ...expected.flatMap(({ id, sender, within, severity, hint }): readonly Awaited[] => {
      const system = senders.find((each) => each.id === sender)?.system;
      const summary = `${id} of ${sender} does not fire: its alerts may no longer come`;
      return system === undefined
        ? []
        : [
            {
              id: expectedId(id),
              system,
              withinMs: within,
              severity,
              name: `${id}-missing`,
              summary,
              ...(hint !== undefined && { hint }),
            },
          ];
    }),
  ];
}

export function heartbeatId(job: string): string {
  return `heartbeat ${job}`;
}

export function expectedId(id: string): string {
  return `expected ${id}`;
}
