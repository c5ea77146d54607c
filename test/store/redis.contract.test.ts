import { afterAll, beforeAll } from "vitest";
import { storeContract } from "../contracts/store.contract.ts";
import { type RedisProcess, startRedis } from "../fakes/redis-process.ts";
import { redisState } from "./states.ts";

let server: RedisProcess;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => {
  await server.stop();
});

storeContract("Redis", () => redisState(server.url));
