import { z } from "zod";
import type { BackendFault } from "../failure.ts";
import type { Tone } from "../messages/card.ts";
import { Id } from "../people/person.ts";
import { Datum } from "./exact.ts";
import { isPast, type Limit, type MetricReading } from "./metrics.ts";
import { Next } from "./next.ts";
import type { Reading } from "./reading.ts";
import { Source } from "./sources.ts";
import type { System } from "./system.ts";
import type { Scalar } from "./values.ts";

/** How much the system suffers when this part is down. */
export const Weight = z.enum(["critical", "important", "degraded"]);

export const HealthCheck = z.strictObject({
  id: Id,
  title: z.string().optional(),
  weight: Weight.default("critical"),
  /** How long it may take to answer. */
  timeout: z.number(),
  /** The check whose part tells of this one, as a service tells of its database: without an answer of it this is unknown. */
  through: Id.optional(),
  /**
   * What it is called where steps scale, stop or start it: `compose service web`, `kubernetes deployment web`. While it is down, `status` names the
   * request that left none of it running.
   */
  scaled: z.string().min(1).max(300).exactOptional(),
  /** What its alert says to do while it is down. */
  hint: z.string().min(1).max(600).exactOptional(),
  /** What people do while it is down. */
  next: Next.optional(),
  source: Source,
});
export type HealthCheck = z.output<typeof HealthCheck>;

/** A word about the system worth showing: version, mode. `expect` makes any other value a warning of this severity. */
export const Fact = z.strictObject({
  id: Id,
  title: z.string(),
  expect: Datum.optional(),
  severity: z.enum(["warning", "critical"]).default("warning"),
  /** Facts with the same word here are to be alike: what differs from most of those that were read is such a warning. */
  alike: Id.exactOptional(),
  /** What its alert says to do, where one of severity critical is not as expected. */
  hint: z.string().min(1).max(600).exactOptional(),
  /** What people do while it is not as expected. */
  next: Next.optional(),
  source: Source,
});
export type Fact = z.output<typeof Fact>;

/** What a component that does its work says of itself. */
export interface ComponentDetail {
  readonly detail: string;
  /** It does its work, and something of it is wrong, as a pod that crashes while enough others are available. */
  readonly impaired?: true;
}

export interface ComponentHealth {
  readonly id: string;
  readonly title: string;
  readonly weight: "critical" | "important" | "degraded";
  /** Title of the part through which it is seen: what keeps that from answering tells nothing of this one. */
  readonly through?: string;
  readonly reading: Reading<ComponentDetail>;
}

export interface FactReading {
  readonly id: string;
  readonly title: string;
  readonly reading: Reading<Scalar>;
  /** Set when the value is not the one expected. */
  readonly severity?: "warning" | "critical";
  readonly expected?: string;
}

/** Who or what takes longer to answer does not hold up what is urgent, in ms. */
export const urgentReadMs = 800;

export interface HealthChecks {
  /** Every check and fact of a system, in parallel, each ended by its own deadline. Never rejects. */
  check(
    system: System,
  ): Promise<{ readonly components: readonly ComponentHealth[]; readonly facts: readonly FactReading[] }>;
  /**
   * Asks who answers where the system is reached, by every proof there is (`proofsOf`), at the same time. One that configures none
   * is taken for itself.
   */
  identify(system: System, asked?: IdentityAsked): Promise<Identity>;
}

export interface IdentityAsked {
  readonly withinMs?: number;
  /** The backends, by name, that are gone through; all that the system's file declares when left out. */
  readonly through?: readonly string[];
}

/** Whether who answers at a system's address is that system. */
export type Identity =
  | { readonly is: "proven" }
  /** It answers, and says that it is another. */
  | { readonly is: "contradicted"; readonly why: string }
  /** Nobody can tell: there was no answer, or one that says nothing of it. */
  | {
      readonly is: "unread";
      readonly why: string;
      /** Why there was no answer; left out where there was one. */
      readonly fault?: BackendFault;
    };

/** It could not be asked at all: nothing of its answer is wrong. */
const silences: readonly BackendFault[] = ["unreachable", "timeout", "lost", "overloaded"];

/** Could nobody be asked who it is? Then its address may well be right. */
export function isSilent(identity: Identity): boolean {
  return identity.is === "unread" && identity.fault !== undefined && silences.includes(identity.fault);
}

export type Health = "up" | "degraded" | "down" | "unknown";

type Weighed = Pick<ComponentHealth, "weight" | "through" | "reading">;

/**
 * The state of a system: a critical component down is down, any other down is degraded, and so are a component that is
 * impaired and a fact that is critically not what it should be. With components unknown it is what it would be whether they are up or down, and
 * when the two differ it is unknown. A system nobody looks at is unknown.
 */
export function healthOf(components: readonly Weighed[], facts: readonly Pick<FactReading, "severity">[]): Health {
  if (components.length === 0) return "unknown";
  const all = components.map((each) => ({ weight: each.weight, is: componentHealth(each) }));
  const wrong = facts.some((fact) => fact.severity === "critical") || all.some(({ is }) => is === "degraded");
  const best = stateWith(
    all.filter(({ is }) => is === "down"),
    wrong,
  );
  const worst = stateWith(
    all.filter(({ is }) => is === "down" || is === "unknown"),
    wrong,
  );
  return best === worst ? best : "unknown";
}

/**
 * What one check says. `degraded` is what says itself that it is impaired. `down` is what the component itself shows: nothing listens, no answer in time, or an answer that
 * says it is not well. Everything that says more about the way there than about the component is `unknown`, and so is
 * whatever keeps the part from answering through which this one is seen.
 */
export function componentHealth({ reading, through }: Pick<Weighed, "reading" | "through">): Health {
  if (reading.ok) return reading.value.impaired ? "degraded" : "up";
  return through === undefined || reading.fault === "unwell" ? faultHealth(reading.fault) : "unknown";
}

/**
 * The components with the one through which each is seen, where nobody said so: when nothing listens at an address, only
 * the part that weighs most there is known to be down, and the others that were asked there are seen through it.
 */
export function seenThrough(components: readonly ComponentHealth[]): readonly ComponentHealth[] {
  const own = new Map<string, ComponentHealth>();
  for (const each of components) {
    const origin = unheardAt(each);
    const known = origin === undefined ? undefined : own.get(origin);
    if (origin !== undefined && (!known || weights[each.weight] < weights[known.weight])) own.set(origin, each);
  }
  return components.map((each) => {
    const through = own.get(unheardAt(each) ?? "");
    return through && through !== each ? { ...each, through: through.title } : each;
  });
}

function unheardAt({ reading, through }: ComponentHealth): string | undefined {
  if (through !== undefined || reading.ok || reading.fault !== "unreachable") return undefined;
  return reading.cause?.origin;
}

const weights = { critical: 0, important: 1, degraded: 2 } as const;

/**
 * The component that hurts most: by how much the system suffers, then down before degraded before unknown. Undefined when
 * all are up.
 */
export function worstComponent<Component extends Weighed>(components: readonly Component[]): Component | undefined {
  const order = (each: Component) => weights[each.weight] * 3 + worstFirst.indexOf(componentHealth(each));
  return components.filter((each) => componentHealth(each) !== "up").toSorted((a, b) => order(a) - order(b))[0];
}

const worstFirst: readonly Health[] = ["down", "degraded", "unknown"];

export function healthTone(health: Health): Tone {
  switch (health) {
    case "up":
      return "good";
    case "degraded":
      return "warning";
    case "down":
      return "bad";
    case "unknown":
      return "unknown";
  }
}

/**
 * How a metric stands against its limits. A limit itself is not yet passed; without one it is neutral, as nobody watches it;
 * what could not be read is unknown, and so is what instances that are missing, or the way that the true value lies beyond
 * the one read, may have hidden.
 */
export function toneOfReading(limits: readonly Limit[], read: MetricReading | undefined): Tone {
  if (read?.stopped) return "neutral";
  if (!read?.reading.ok || !Number.isFinite(read.reading.value)) return "unknown";
  if (limits.length === 0) return "neutral";
  const { missing, isFloor = false } = read;
  const { value } = read.reading;
  const against = limits.map((limit) => ({ ...limit, isBad: isPast(limit, value, isFloor) }));
  const past = against.filter(({ isBad }) => isBad);
  if (past.length > 0) return past.some(({ severity }) => severity === "critical") ? "bad" : "warning";
  return missing || against.some(({ isBad }) => isBad === undefined) ? "unknown" : "good";
}

/** The tone that matters most: what is certainly bad, then what is not known, then warnings. */
export function worstTone(tones: readonly Tone[]): Tone {
  return (["bad", "unknown", "warning", "good", "neutral"] as const).find((tone) => tones.includes(tone)) ?? "neutral";
}

function stateWith(notUp: readonly Pick<Weighed, "weight">[], wrong: boolean): "up" | "degraded" | "down" {
  if (notUp.some(({ weight }) => weight === "critical")) return "down";
  return notUp.length > 0 || wrong ? "degraded" : "up";
}

function faultHealth(fault: BackendFault): "down" | "unknown" {
  switch (fault) {
    case "unreachable":
    case "timeout":
    case "broken":
    case "overloaded":
    case "unwell":
      return "down";
    case "refused":
    case "unauthorised":
    case "missing":
    case "lost":
    case "nonsense":
      return "unknown";
  }
}

/** The facts with those that differ from what most of the facts that they are to be alike with say, of as many the first. */
export function heldAlike(facts: readonly Fact[], read: readonly FactReading[]): readonly FactReading[] {
  const groupOf = (id: string): string | undefined => facts.find((fact) => fact.id === id)?.alike;
  const values = Map.groupBy(read, ({ id }) => groupOf(id));
  return read.map((each) => {
    const group = groupOf(each.id);
    const expected = group === undefined ? undefined : mostTold(values.get(group) ?? []);
    if (!each.reading.ok || expected === undefined || String(each.reading.value) === expected) return each;
    const { severity = "warning" } = facts.find(({ id }) => id === each.id) ?? {};
    return { ...each, severity, expected };
  });
}

function mostTold(read: readonly FactReading[]): string | undefined {
  const told = read.flatMap(({ reading }) => (reading.ok ? [String(reading.value)] : []));
  const count = (value: string): number => told.filter((each) => each === value).length;
  return told.toSorted((a, b) => count(b) - count(a))[0];
}
