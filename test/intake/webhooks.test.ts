import { expect, it, vi } from "vitest";
import { z } from "zod";
import type { Store } from "../../src/domain/store.ts";
import { readBatch, readBody, uncountedBatches } from "../../src/records/batch.ts";
import { firingEpisodes } from "../../src/records/episode.ts";
import { ledgerOf, quarantinedSince } from "../../src/records/ledger.ts";
import { postedAlert, postedBatch } from "../fakes/posted-alerts.ts";
import { type Intake, openIntake, sender } from "./intake.ts";

const Trace = z.looseObject({ trace: z.string() });

/** So deep that no parser and no writer that goes down into it comes back. */
const deep = "[".repeat(100_000) + "]".repeat(100_000);

async function traceOf(response: Response): Promise<string> {
  return Trace.parse(await response.json()).trace;
}

/** Until all of a batch is on record. */
async function exploded({ store }: Intake, trace: string) {
  return vi.waitFor(
    async () => {
      const { batch } = (await readBatch(store, trace)) ?? {};
      if (!batch || batch.next < batch.events) throw new Error("not yet");
      return batch;
    },
    { timeout: 60_000 },
  );
}

it.each<[string, string, number]>([
  ["a first token", "Bearer first-token", 200],
  ["a second token", "bearer second-token", 200],
  ["a user with a token", `Basic ${btoa("prom:second-token")}`, 200],
  ["another user", `Basic ${btoa("root:second-token")}`, 401],
  ["a wrong token", "Bearer first-toke", 401],
  ["no token", "", 401],
  ["no scheme", "first-token", 401],
])("%s is answered %s → %i", async (_, authorization, status) => {
  const { post } = await openIntake();
  expect((await post(postedBatch([postedAlert({})]), { authorization })).status).toBe(status);
});

it("is closed where nobody may post, and to senders of another kind", async () => {
  const closed = await openIntake({ senders: [] });
  expect((await closed.post("{}")).status).toBe(404);
  const grafana = await openIntake({ senders: [{ ...sender, kind: "grafana" }] });
  expect((await grafana.post(postedBatch([postedAlert({})]))).status).toBe(404);
  expect((await grafana.post(postedBatch([postedAlert({})]), { path: "/webhooks/grafana" })).status).toBe(200);
});

it("a user name opens nothing at a sender that has none", async () => {
  const { user: _, ...nameless } = sender;
  const { post } = await openIntake({ senders: [nameless] });
  expect((await post("{}", { authorization: `Basic ${btoa("prom:first-token")}` })).status).toBe(401);
});

it("what is accepted is kept as it came before it is answered, and is put on record afterwards", async () => {
  const intake = await openIntake();
  const body = postedBatch([postedAlert({}), postedAlert({ labels: { system: "prsm" } })]);
  const trace = await traceOf(await intake.post(body));
  expect(await readBody(intake.store, trace)).toBe(body);
  intake.work();
  const batch = await exploded(intake, trace);
  expect(batch).toMatchObject({ events: 2, outcomes: { recorded: 2, quarantined: 0 } });
  expect(await readBody(intake.store, trace)).toBeUndefined();
  const [logos, prsm] = await Promise.all(["logos", "prsm"].map((id) => firingEpisodes(intake.store, id, 10)));
  expect([logos?.found.length, prsm?.found.length]).toEqual([1, 1]);
});

it.each<[string, { readonly type?: string; readonly before?: string }]>([
  ["called something that is no type", { type: "json" }],
  ["called nothing", { type: "" }],
  ["called a form", { type: "application/x-www-form-urlencoded" }],
  ["begun with a byte order mark", { before: "\uFEFF" }],
])("a body %s is a body all the same", async (_, { type = "application/json", before = "" }) => {
  const intake = await openIntake();
  intake.work();
  const trace = await traceOf(await intake.post(`${before}${postedBatch([postedAlert({})])}`, { type }));
  expect((await exploded(intake, trace)).outcomes.recorded).toBe(1);
});

it.each([
  ["as an alert", deep],
  ["in an alert that has no labels", `{ "more": ${deep} }`],
  ["in an alert with a number among its labels", `{ "labels": { "n": 12345678901234567890, "deep": ${deep} } }`],
])("what is nested too deeply %s is put in quarantine, and those beside it go on", async (_, alert) => {
  const intake = await openIntake();
  intake.work();
  const body = postedBatch([postedAlert({}), "HERE"]).replace('"HERE"', alert);
  const batch = await exploded(intake, await traceOf(await intake.post(body)));
  expect(batch.outcomes).toMatchObject({ recorded: 1, quarantined: 1 });
  expect(intake.told.quarantined).toBeGreaterThan(0);
});

it("the same batch again tells nothing new, and every alert of it has an outcome all the same", async () => {
  const intake = await openIntake();
  intake.work();
  const body = postedBatch([postedAlert({}), postedAlert({})]);
  await exploded(intake, await traceOf(await intake.post(body)));
  const again = await exploded(intake, await traceOf(await intake.post(body)));
  expect(again.outcomes).toEqual({ recorded: 0, duplicate: 2, outOfOrder: 0, unmatched: 0, quarantined: 0 });
  expect((await firingEpisodes(intake.store, "logos", 10)).found).toHaveLength(1);
});

it("one alert that cannot be used is put in quarantine alone, and is named", async () => {
  const intake = await openIntake();
  intake.work();
  const alerts = [
    postedAlert({}),
    { ...postedAlert({}), startsAt: "soon" },
    postedAlert({ labels: { instance: "b" } }),
  ];
  const response = await intake.post(postedBatch(alerts));
  expect(response.status).toBe(200);
  const batch = await exploded(intake, await traceOf(response));
  expect(batch.outcomes).toMatchObject({ recorded: 2, quarantined: 1 });
  expect(await quarantinedSince(intake.store, 0, 10)).toMatchObject([{ place: 1, why: "its startsAt is no time" }]);
  expect(intake.told.quarantined).toBeGreaterThan(0);
});

it.each<[string, string | Uint8Array<ArrayBuffer>, string]>([
  ["no JSON", '{"alerts": [', "it is no JSON"],
  ["no batch", "[]", "it has no list of alerts"],
  ["no UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), "it is no UTF-8"],
  ["too large", "x".repeat(2_000), "it has 1 MiB, which is too much"],
])("%s is kept in quarantine, told, and answered 400", async (_, body, why) => {
  const intake = await openIntake({ limits: { mostBytes: 1_000, mostHeld: 10_000, withinMs: 5_000 } });
  const response = await intake.post(body);
  expect(response.status).toBe(400);
  const said = z.object({ error: z.string(), trace: z.string() }).parse(await response.json());
  expect(said.error).toContain(why);
  expect(intake.told.quarantined).toBe(1);
  expect((await quarantinedSince(intake.store, 0, 10))[0]?.why).toContain(why);
  expect((await ledgerOf(intake.store, said.trace)).flatMap(({ events }) => events)).toHaveLength(1);
});

it.each<[string, (store: Store) => Store]>([
  ["is down", (store) => ({ ...store, now: () => Promise.reject(new Error("connection refused")) })],
  ["does not answer", (store) => ({ ...store, now: () => store.now(), commit: () => new Promise(() => {}) })],
])("while the store %s, the sender is told to come again", async (_, store) => {
  const { post } = await openIntake({ store, commitMs: 20 });
  const response = await post(postedBatch([postedAlert({})]));
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
});

it("a flood answered 429: none is, nor with 413; what is not taken is to come again, and all that was taken has its rows", async () => {
  const bodies = [...Array(60).keys()].map((at) => postedBatch([postedAlert({ labels: { instance: `db-${at}` } })]));
  const mostHeld = (bodies[0]?.length ?? 0) * 3;
  const { post, store } = await openIntake({ limits: { mostBytes: 10_000, mostHeld, withinMs: 5_000 } });
  const statuses = await Promise.all(bodies.map(async (body) => (await post(body)).status));
  expect([...new Set(statuses)].filter((each) => each !== 200 && each !== 503)).toEqual([]);
  const { found } = await uncountedBatches(store, 100);
  expect(found).toHaveLength(statuses.filter((each) => each === 200).length);
});

it("more at once than fits into memory is told to come again, and what fits is taken", async () => {
  const body = postedBatch([postedAlert({})]);
  const { post } = await openIntake({ limits: { mostBytes: 10_000, mostHeld: body.length - 1, withinMs: 5_000 } });
  expect((await post(body)).status).toBe(503);
  const wide = await openIntake({ limits: { mostBytes: 10_000, mostHeld: body.length, withinMs: 5_000 } });
  const answers: number[] = [];
  for (let time = 0; time < 3; time += 1) answers.push((await wide.post(body)).status);
  expect(answers).toEqual([200, 200, 200]);
});
