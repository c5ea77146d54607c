import { BackendError } from "../../domain/failure.ts";
import type { Meter } from "../../domain/meter.ts";
import type { ComponentHealth, FactReading, HealthChecks } from "../../domain/systems/health.ts";
import type { Reading } from "../../domain/systems/reading.ts";
import type { Fact, HealthCheck, System } from "../../domain/systems/system.ts";
import type { Answered } from "../../http/exchange.ts";
import { addressOf } from "../wire/address.ts";
import { bodyJson, type Http, type HttpAnswer } from "../wire/http.ts";
import { describe, readPointer } from "../wire/read-pointer.ts";
import { take } from "../wire/reading.ts";

const factDeadlineMs = 2_000;
const identityDeadlineMs = 3_000;

/** Asks every check and fact of a system at once, each address once, each ended by its own deadline. */
export function createHealthChecks(parts: { readonly http: Http; readonly meter?: Meter }): HealthChecks {
  return {
    async check(system) {
      const round = new Round(parts.http, system.id);
      const [components, facts] = await Promise.all([
        Promise.all(system.health.map((check) => checkHealth(round, check))),
        Promise.all(system.facts.map((fact) => readFact(round, fact))),
      ]);
      for (const { reading } of components) {
        parts.meter?.count("wardroom_probes_total", { system: system.id, outcome: reading.ok ? "ok" : reading.fault });
      }
      return { components, facts };
    },
    identify: (system) => identify(parts.http, system),
  };
}

/** One look at a system: checks and facts that share an address and a deadline share one call. */
class Round {
  readonly #http: Http;
  readonly #backend: string;
  readonly #asked = new Map<string, Promise<HttpAnswer<Answered>>>();

  constructor(http: Http, backend: string) {
    this.#http = http;
    this.#backend = backend;
  }

  get(url: string, deadlineMs: number): Promise<HttpAnswer<Answered>> {
    const key = `${deadlineMs} ${url}`;
    const known = this.#asked.get(key);
    if (known) return known;
    const asking = this.#http.send({ backend: this.#backend, url, deadlineMs });
    this.#asked.set(key, asking);
    return asking;
  }
}

async function checkHealth(round: Round, check: HealthCheck): Promise<ComponentHealth> {
  const reading = await take(async () => {
    const answer = await round.get(check.http, check.timeout);
    const odd = check.expect && differences(bodyJson({ url: check.http }, answer.body), check.expect);
    if (odd && odd.length > 0) throw odds(check.http, "broken", odd.join(", "));
    return { value: { detail: `answered ${answer.status}` }, at: answer.at };
  });
  return { id: check.id, title: check.title ?? check.id, weight: check.weight, reading };
}

async function readFact(round: Round, fact: Fact): Promise<FactReading> {
  const reading: Reading<string | number | boolean> = await take(async () => {
    const answer = await round.get(fact.json.url, factDeadlineMs);
    const pointed = readPointer(bodyJson({ url: fact.json.url }, answer.body), fact.json.path);
    const value = pointed.present ? pointed.value : undefined;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      throw odds(fact.json.url, "nonsense", `${fact.json.path} is ${describe(pointed)}`);
    }
    return { value, at: answer.at };
  });
  const unexpected = reading.ok && fact.expect !== undefined && reading.value !== fact.expect;
  return {
    id: fact.id,
    title: fact.title,
    reading,
    ...(unexpected && { severity: fact.severity, expected: String(fact.expect) }),
  };
}

async function identify(http: Http, system: System): Promise<string | undefined> {
  const { identity } = system;
  if (!identity) return undefined;
  const reading = await take(async () => {
    const answer = await http.json({ backend: system.id, url: identity.http, deadlineMs: identityDeadlineMs });
    return { value: differences(answer.body, identity.expect) };
  });
  if (!reading.ok) return reading.detail;
  return reading.value.length === 0 ? undefined : `${addressOf(identity.http).host} says ${reading.value.join(", ")}`;
}

function differences(document: unknown, expected: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(expected).flatMap(([path, value]) => {
    const pointed = readPointer(document, path);
    return pointed.present && pointed.value === value
      ? []
      : [`${path} is ${describe(pointed)}, not ${JSON.stringify(value)}`];
  });
}

function odds(url: string, fault: "broken" | "nonsense", detail: string): BackendError {
  const { host, path } = addressOf(url);
  return new BackendError(host, { fault, detail: `GET ${path}: ${detail}` });
}
