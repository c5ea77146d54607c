import { join } from "node:path";
import type { Environment } from "../config/environment.ts";
import type { Meter } from "../domain/meter.ts";
import type { Store } from "../domain/store.ts";
import { span } from "../domain/text/quantities.ts";

/** The store the environment asks for: Redis when its address is set, else SQLite in the state folder. */
export async function openStore(
  environment: Pick<Environment, "redisUrl" | "stateFolder">,
  parts: {
    readonly meter?: Meter;
    /** Hears what is not as it should be although the store can be used, and what to do. Left out, nobody looks. */
    readonly onWarning?: (what: string, remedy: string) => void;
  } = {},
): Promise<Store> {
  const { meter, onWarning } = parts;
  const measured = meter ? { meter } : {};
  const onSetBack = (behindMs: number) => onWarning?.(setBackWords(behindMs), setBackRemedy);
  if (environment.redisUrl !== undefined) {
    const { openRedisStore } = await import("../store/redis/store.ts");
    return openRedisStore({ url: environment.redisUrl, ...measured, onSetBack, ...(onWarning && { onWarning }) });
  }
  const { openSqliteStore } = await import("../store/sqlite/store.ts");
  return openSqliteStore({ path: join(environment.stateFolder, "wardroom.db"), ...measured, onSetBack });
}

/** What is said of a machine's clock that is behind what the state has seen. */
function setBackWords(behindMs: number): string {
  return `The clock of the machine that keeps the state is ${span(behindMs)} behind what the state has seen. What lapsed stays lapsed; the bot's time goes a tenth slower until the clock has come up to it`;
}

const setBackRemedy =
  "Let NTP set the clock. If it is right now and was far ahead before, end what is open, stop the bot and move the state away to start with an empty one.";
