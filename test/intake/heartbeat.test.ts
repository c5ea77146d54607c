import { expect, it } from "vitest";
import { lifeKey, parseLife } from "../../src/records/life.ts";
import { openIntake } from "./intake.ts";

const heartbeats = [{ id: "backup", tokens: ["T1"], user: "cron" }];
const key = lifeKey("heartbeat backup");

it.each<[string, string, string, number]>([
  ["a POST with its token", "POST", "Bearer T1", 200],
  ["a GET with user and token", "GET", `Basic ${btoa("cron:T1")}`, 200],
  ["another token", "POST", "Bearer T2", 401],
  ["no token", "GET", "", 401],
])("%s of a job is answered %4$i, once it is on record", async (_, method, authorization, status) => {
  const { store, url } = await openIntake({ heartbeats });
  const answer = await fetch(`${url}/webhooks/heartbeat/backup`, { method, headers: { authorization } });
  expect(answer.status).toBe(status);
  const [document] = await store.read([key]);
  expect(document && parseLife(document).lastAt !== undefined).toBe(status === 200 ? true : undefined);
});

it("is closed where no job calls, and to a job that is not there", async () => {
  const headers = { authorization: "Bearer T1" };
  const closed = await openIntake();
  expect((await fetch(`${closed.url}/webhooks/heartbeat/backup`, { headers })).status).toBe(404);
  const { url } = await openIntake({ heartbeats });
  expect((await fetch(`${url}/webhooks/heartbeat/other`, { headers })).status).toBe(401);
});

it("a store that is down is told, so that it is called again", async () => {
  const { url } = await openIntake({
    heartbeats,
    store: (store) => ({ ...store, now: () => Promise.reject(new Error("connection refused")) }),
  });
  const headers = { authorization: "Bearer T1" };
  expect((await fetch(`${url}/webhooks/heartbeat/backup`, { method: "POST", headers, body: "ok" })).status).toBe(503);
});
