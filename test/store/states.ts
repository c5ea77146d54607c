import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { openRedisStore } from "../../src/store/redis/store.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import type { StateUnderTest } from "./contract/context.ts";

/** A state file in its own folder, on a clock that only `elapse` moves. */
export async function sqliteState(): Promise<StateUnderTest & { readonly path: string }> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-store-"));
  const path = join(folder, "state.db");
  let now = 1_800_000_000_000;
  let ahead = 0;
  return {
    path,
    open: async () => openSqliteStore({ path, now: () => now }),
    elapse: async (ms) => {
      now += ms;
    },
    setClock: async ({ aheadMs }) => {
      now += aheadMs - ahead;
      ahead = aheadMs;
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A state under a prefix of its own on a server that many tests share. Its clock is the server's. */
export async function redisState(url: string): Promise<StateUnderTest & { readonly prefix: string }> {
  const prefix = randomUUID();
  const open = () => openRedisStore({ url, prefix });
  return {
    prefix,
    open,
    elapse: async (ms) => {
      const store = await open();
      const until = (await store.now()) + ms;
      while ((await store.now()) < until) await pause(2);
      await store.close();
    },
    // A server's clock cannot be set here: the state is made to have seen what it would have said.
    setClock: async ({ aheadMs }) => {
      const redis = new Redis(url);
      for (const field of ["newest", "machine"]) await redis.hincrby(`{${prefix}}:clock`, field, aheadMs);
      redis.disconnect();
    },
    close: async () => {},
  };
}
