import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { Datum } from "../../domain/systems/exact.ts";
import type { ComponentDetail, Identity } from "../../domain/systems/health.ts";
import type { QueryAsked, QueryCell, QueryTable } from "../../domain/systems/queries.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { RoundMemory } from "../wire/round-memory.ts";
import type { Secrets } from "../wire/secrets.ts";
import { ofRedis, type RedisServer } from "./connection.ts";
import { fieldOf, numberOfField, parseInfo, type RedisInfo } from "./info.ts";
import { inRedis, OtherRedis, type RedisSession } from "./session.ts";
import { slowLogTable } from "./slow-log.ts";

const InfoField = z
  .string()
  .regex(/^[a-z0-9_.-]{1,80}$/, "a field of INFO, as used_memory, or a part of one, as db0.keys");

/** A field of INFO, the share in percent that one field has of the sum of several, or the ms that a PING takes. */
const RedisFigure = z.union([
  InfoField,
  z.strictObject({ share: InfoField, of: z.array(InfoField).min(1).max(8) }),
  z.strictObject({ ping: z.literal(true) }),
]);
type RedisFigure = z.output<typeof RedisFigure>;

/** The slow log holds 128 entries unless told otherwise. */
const mostSlow = 128;

const table = {
  values: z
    .record(z.string().min(1).max(40), RedisFigure)
    .refine((values) => Object.keys(values).length > 0, "name at least one value")
    .optional(),
  slowlog: z.int().min(1).max(mostSlow).optional(),
};

export const RedisQuery = z.strictObject({
  redis: ofRedis(table).refine(
    ({ values, slowlog }) => (values === undefined) !== (slowlog === undefined),
    "ask for values, or for so many entries of the slowlog",
  ),
});
export const RedisMetric = z.strictObject({ redis: ofRedis({ value: RedisFigure }) });
export const RedisFact = z.strictObject({ redis: ofRedis({ field: InfoField }) });
export const RedisHealth = z.strictObject({ redis: ofRedis({}) });

/** PINGs behind each other; the middle one is told, so that one pause of either side is not. */
const pings = 5;

/** What Redis servers are asked. What is asked alike within a round is asked once. */
export class RedisAnswers {
  readonly #secrets: Secrets;
  readonly #infos = new RoundMemory<Said>();

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** Throws BackendError. */
  async query({ redis }: z.output<typeof RedisQuery>, asked: QueryAsked): Promise<Taken<QueryTable>> {
    const { values = {}, slowlog, ...server } = redis;
    if (slowlog !== undefined) {
      const most = Math.min(slowlog, asked.rows);
      const answered = this.#open(server, asked, async (session) =>
        slowLogTable(session.label, await session.ask("SLOWLOG", "GET", String(most + 1)), most),
      );
      return { value: await answered };
    }
    const figures = Object.entries(values);
    const rows = await this.#open(server, asked, async (session) => {
      const info = await infoOf(session);
      const read: (readonly QueryCell[])[] = [];
      for (const [name, figure] of figures.slice(0, asked.rows)) read.push([name, await cellOf(session, info, figure)]);
      return read;
    });
    return { value: { columns: [{ name: "What" }, { name: "Value" }], rows, more: figures.length > asked.rows } };
  }

  /** Throws BackendError. */
  async metric({ redis }: z.output<typeof RedisMetric>, look: Look): Promise<Taken<number>> {
    const { value, ...server } = redis;
    if (typeof value === "object" && "ping" in value) return { value: await this.#open(server, look, pingMs) };
    const { label, info } = await this.#info(server, look);
    return { value: typeof value === "string" ? numberOfField(label, info, value) : shareOf(label, info, value) };
  }

  /** Throws BackendError. */
  async fact({ redis }: z.output<typeof RedisFact>, look: Look): Promise<Taken<Datum>> {
    const { field, ...server } = redis;
    const { label, info } = await this.#info(server, look);
    const value = fieldOf(info, field);
    if (value !== undefined) return { value };
    throw new BackendError(label, { fault: "missing", detail: `its INFO says no ${field}` });
  }

  /** It is well when it lets us in, is the one that is expected, and answers. Throws BackendError. */
  async health({ redis }: z.output<typeof RedisHealth>, look: Look): Promise<Taken<ComponentDetail>> {
    const { info } = await this.#info(redis, look);
    const role = info.get("role") === "slave" ? "a replica" : "a primary";
    return { value: { detail: `Redis ${info.get("redis_version") ?? ""}, ${role}` } };
  }

  /** Throws BackendError where nobody answers. */
  async identity({ redis }: z.output<typeof RedisHealth>, look: Look): Promise<Taken<Identity>> {
    if (!("backend" in redis) && redis.expect === undefined)
      return { value: { is: "unread", why: "nothing says which Redis it has to be: write expect, with role or key" } };
    try {
      await this.#open(redis, look, (session) => session.ask("PING"));
      return { value: { is: "proven" } };
    } catch (error) {
      if (!(error instanceof OtherRedis)) throw error;
      return { value: { is: "contradicted", why: `${error.backend} ${error.is}` } };
    }
  }

  #info(server: RedisServer, look: Look): Promise<Said> {
    return this.#infos.once(look.round, JSON.stringify(server), () =>
      this.#open(server, look, async (session) => ({ label: session.label, info: await infoOf(session) })),
    );
  }

  #open<Result>(
    server: RedisServer,
    { deadlineMs }: Pick<Look, "deadlineMs">,
    use: (session: RedisSession) => Promise<Result>,
  ): Promise<Result> {
    return inRedis({ secrets: this.#secrets, server, deadlineMs }, use);
  }
}

interface Said {
  readonly label: string;
  readonly info: RedisInfo;
}

async function infoOf(session: RedisSession): Promise<RedisInfo> {
  return parseInfo(session.label, await session.ask("INFO"));
}

/** Nothing where INFO does not say it: some fields are there in one role, or one version, only. */
async function cellOf(session: RedisSession, info: RedisInfo, figure: RedisFigure): Promise<QueryCell> {
  if (typeof figure === "string") return fieldOf(info, figure) ?? null;
  if ("ping" in figure) return `${(await pingMs(session)).toFixed(2)} ms`;
  const sum = figure.of.reduce((all, name) => all + numberOfField(session.label, info, name), 0);
  return sum === 0 ? null : `${shareOf(session.label, info, figure).toFixed(1)} %`;
}

function shareOf(label: string, info: RedisInfo, { share, of }: Extract<RedisFigure, { share: string }>): number {
  const sum = of.reduce((all, name) => all + numberOfField(label, info, name), 0);
  // Nothing asked yet is no rate: neither all hit nor all missed.
  if (sum === 0) throw new BackendError(label, { fault: "missing", detail: `${of.join(" + ")} is 0 as yet` });
  return (100 * numberOfField(label, info, share)) / sum;
}

async function pingMs(session: RedisSession): Promise<number> {
  const took: number[] = [];
  for (let at = 0; at < pings; at += 1) {
    const from = performance.now();
    await session.ask("PING");
    took.push(performance.now() - from);
  }
  return took.toSorted((one, other) => one - other)[Math.floor(pings / 2)] ?? 0;
}
