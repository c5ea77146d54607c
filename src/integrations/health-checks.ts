import type { Meter } from "../domain/meter.ts";
import { type Backend, serving } from "../domain/systems/backend.ts";
import { isExact, isSameDatum, textOfDatum } from "../domain/systems/exact.ts";
import {
  type ComponentHealth,
  type Fact,
  type FactReading,
  type HealthCheck,
  type HealthChecks,
  heldAlike,
  type Identity,
  type IdentityAsked,
  seenThrough,
} from "../domain/systems/health.ts";
import { proofsOf } from "../domain/systems/identities.ts";
import type { System } from "../domain/systems/system.ts";
import { take } from "./wire/reading.ts";

const factDeadlineMs = 2_000;
/** Longest an identity is waited for where nobody is in more of a hurry. */
const identityDeadlineMs = 5_000;

/** What every source of one look at a system goes by. */
interface Round {
  readonly backends: readonly Backend[];
  readonly system: string;
  readonly round: object;
}

/** Asks every check and fact of a system at once, each ended by its own deadline, of the backend that knows it. */
export function createHealthChecks(parts: {
  readonly backends: readonly Backend[];
  readonly meter?: Meter;
}): HealthChecks {
  const { backends, meter } = parts;
  return {
    async check(system) {
      const round: Round = { backends, system: system.id, round: {} };
      const [components, facts] = await Promise.all([
        Promise.all(system.health.map((check) => checkHealth(round, check, system))),
        Promise.all(system.facts.map((fact) => readFact(round, fact))),
      ]);
      for (const { reading } of components) {
        meter?.count("wardroom_probes_total", { system: system.id, outcome: reading.ok ? "ok" : reading.fault });
      }
      return { components: seenThrough(components), facts: heldAlike(system.facts, facts) };
    },
    identify: (system, asked) => identify(backends, system, asked),
  };
}

async function checkHealth(
  { backends, system, round }: Round,
  check: HealthCheck,
  { health }: Pick<System, "health">,
): Promise<ComponentHealth> {
  const { id, title = id, weight, timeout, source } = check;
  const reading = await take(async () =>
    serving(backends, source.backend, "health").read(source.spec, { system, deadlineMs: timeout, round }),
  );
  const through = health.find((other) => other.id === check.through);
  return { id, title, weight, ...(through && { through: through.title ?? through.id }), reading };
}

async function readFact({ backends, system, round }: Round, fact: Fact): Promise<FactReading> {
  const { id, title, source, expect, severity } = fact;
  const read = await take(async () =>
    serving(backends, source.backend, "fact").read(source.spec, { system, deadlineMs: factDeadlineMs, round }),
  );
  const unexpected = read.ok && expect !== undefined && !isSameDatum(read.value, expect);
  const reading = read.ok ? { ...read, value: isExact(read.value) ? read.value.exactly : read.value } : read;
  return { id, title, reading, ...(unexpected && { severity, expected: textOfDatum(expect) ?? "" }) };
}

/** What contradicts counts before what cannot be read. */
async function identify(
  backends: readonly Backend[],
  system: System,
  { withinMs: deadlineMs = identityDeadlineMs, through }: IdentityAsked = {},
): Promise<Identity> {
  const look = { system: system.id, deadlineMs, round: {} };
  const told = await Promise.all(
    proofsOf(system, through).map(async ({ source }): Promise<Identity> => {
      const reading = await take(async () => serving(backends, source.backend, "identity").read(source.spec, look));
      return reading.ok ? reading.value : { is: "unread", why: reading.detail, fault: reading.fault };
    }),
  );
  const worst = told.find(({ is }) => is === "contradicted") ?? told.find(({ is }) => is === "unread");
  return worst ?? { is: "proven" };
}
