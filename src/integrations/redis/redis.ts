import { type Backend, serve } from "../../domain/systems/backend.ts";
import type { Secrets } from "../wire/secrets.ts";
import { RedisAnswers, RedisFact, RedisHealth, RedisMetric, RedisQuery } from "./answers.ts";
import { RedisConnection } from "./connection.ts";

/** A Redis server, or what speaks its protocol, which is only read: INFO, the slow log, PING, and the key that proves it. */
export function redisBackend(secrets: Secrets): Backend {
  const answers = new RedisAnswers(secrets);
  return {
    name: "redis",
    connection: RedisConnection,
    proof: "itself",
    identity: serve(RedisHealth, (spec, look) => answers.identity(spec, look)),
    health: serve(RedisHealth, (spec, look) => answers.health(spec, look)),
    fact: serve(RedisFact, (spec, look) => answers.fact(spec, look)),
    metric: serve(RedisMetric, (spec, look) => answers.metric(spec, look)),
    query: serve(RedisQuery, (spec, asked) => answers.query(spec, asked)),
  };
}
