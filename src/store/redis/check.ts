import type { Redis } from "ioredis";
import { z } from "zod";
import { Connection } from "./connection.ts";

export interface RedisCheck {
  readonly version: string;
  /** What must be mended before state is kept there, each with its remedy. Empty when all is well. */
  readonly problems: readonly string[];
}

/** Looks whether a server keeps what it acknowledges. Rejects with a BackendError when it cannot be asked. */
export async function checkRedis(options: {
  readonly url: string;
  /** Accept that a crash of the machine loses up to a second of acknowledged commits. */
  readonly acceptEverysec?: boolean;
}): Promise<RedisCheck> {
  const connection = await Connection.open({ url: options.url, prefix: "check" });
  try {
    return await inspectRedis(connection.redis, options.acceptEverysec === true);
  } finally {
    connection.close();
  }
}

export async function inspectRedis(redis: Redis, acceptEverysec: boolean): Promise<RedisCheck> {
  const info = fields(await redis.info());
  const fsync = await appendFsync(redis);
  const version = info.get("redis_version") ?? "0";
  const policy = info.get("maxmemory_policy") ?? "unknown";
  const problems: string[] = [];
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 6 || (major === 6 && minor < 2)) problems.push(`Redis ${version} is too old: use 6.2 or later.`);
  if (policy !== "noeviction") {
    problems.push(`maxmemory-policy is ${policy}, which may throw state away: CONFIG SET maxmemory-policy noeviction.`);
  }
  if (info.get("aof_enabled") !== "1") {
    problems.push("appendonly is off, so a restart forgets: CONFIG SET appendonly yes, and in redis.conf.");
  } else if (fsync !== "always" && !acceptEverysec) {
    problems.push(
      `appendfsync is ${fsync ?? "not known (CONFIG is refused)"}, so a crash may lose acknowledged commits: ` +
        "CONFIG SET appendfsync always, or accept everysec by name in the configuration.",
    );
  } else if (fsync === "no") {
    problems.push("appendfsync is no, so a crash may lose minutes: CONFIG SET appendfsync always.");
  }
  return { version, problems };
}

/** Undefined where the server's owner does not let anyone look. */
async function appendFsync(redis: Redis): Promise<string | undefined> {
  try {
    const answer = z.array(z.string()).parse(await redis.config("GET", "appendfsync"));
    return answer[1];
  } catch {
    return undefined;
  }
}

/** The `name:value` lines of INFO. */
export function fields(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split("\r\n").flatMap((line) => {
      const colon = line.indexOf(":");
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
    }),
  );
}
