import { join } from "node:path";
import type { Environment } from "../config/environment.ts";
import type { Meter } from "../domain/meter.ts";
import type { Store } from "../domain/store.ts";

/** The store the environment asks for: Redis when its address is set, else SQLite in the state folder. */
export async function openStore(
  environment: Pick<Environment, "redisUrl" | "stateFolder">,
  meter?: Meter,
): Promise<Store> {
  const measured = meter ? { meter } : {};
  if (environment.redisUrl !== undefined) {
    const { openRedisStore } = await import("../store/redis/store.ts");
    return openRedisStore({ url: environment.redisUrl, ...measured });
  }
  const { openSqliteStore } = await import("../store/sqlite/store.ts");
  return openSqliteStore({ path: join(environment.stateFolder, "wardroom.db"), ...measured });
}
