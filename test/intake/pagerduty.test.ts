import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import type { Store } from "../../src/domain/store.ts";
import type { LiveSender } from "../../src/intake/authenticate.ts";
import { readAcks } from "../../src/records/ack.ts";
import { uncountedBatches } from "../../src/records/batch.ts";
import { episodesOf, firingEpisodes, shortCode } from "../../src/records/episode.ts";
import { quarantinedSince } from "../../src/records/ledger.ts";
import { type Intake, openIntake } from "./intake.ts";

const path = "/webhooks/pagerduty";
const pager: LiveSender = { id: "pager", kind: "pagerduty", system: "logos", tokens: ["R1", "R2"] };

function event(more: object = {}): string {
  return JSON.stringify({
    routing_key: "R1",
    event_action: "trigger",
    dedup_key: "srv01/HTTP",
    client: "Sample Monitoring Service",
    client_url: "https://monitoring.example.com",
    payload: {
      summary: "Example alert on host1.example.com",
      timestamp: "2015-07-17T08:42:58.315+0000",
      source: "monitoringtool:host1.example.com/prod",
      severity: "info",
      component: "postgres",
      group: "prod-datapipe",
      class: "deploy",
      custom_details: { "ping time": "1500ms", "load avg": 0.75 },
    },
    ...more,
  });
}

function trigger(payload: object, more: object = {}): string {
  return event({ payload: { summary: "down", source: "web", severity: "critical", ...payload }, ...more });
}

async function opened(more: Parameters<typeof openIntake>[0] = {}): Promise<Intake> {
  return openIntake({ senders: [pager], ...more });
}

const Said = z.looseObject({
  status: z.string(),
  dedup_key: z.string().optional(),
  errors: z.array(z.string()).optional(),
});

async function said(response: Response) {
  return Said.parse(await response.json());
}

/** Once everything that was accepted is on record. */
async function firing({ store }: Intake) {
  await vi.waitFor(
    async () => {
      const { found } = await uncountedBatches(store, 100);
      if (found.some(({ batch }) => batch.next < batch.events)) throw new Error("not yet");
    },
    { timeout: 60_000, interval: 20 },
  );
  return (await firingEpisodes(store, "logos", 10)).found;
}

it("an event that begins an alert is answered as PagerDuty does, and stands with its words and labels", async () => {
  const intake = await opened();
  intake.work();
  const response = await intake.post(event(), { path, authorization: "" });
  expect(response.status).toBe(202);
  expect(await said(response)).toMatchObject({
    status: "success",
    message: "Event processed",
    dedup_key: "srv01/HTTP",
    trace: expect.any(String),
  });
  const [episode] = await firing(intake);
  expect(episode).toMatchObject({
    state: "firing",
    startsAt: "2015-07-17T08:42:58.315Z",
    severity: "info",
    labels: { alertname: "deploy", component: "postgres", group: "prod-datapipe", severity: "info" },
    annotations: { summary: "Example alert on host1.example.com", "ping time": "1500ms", "load avg": "0.75" },
    link: "https://monitoring.example.com",
  });
});

it("the same key is one alert until it is resolved, and a new one after that", async () => {
  const intake = await opened();
  intake.work();
  const send = async (body: string) => expect((await intake.post(body, { path })).status).toBe(202);
  await send(trigger({ severity: "warning" }));
  await send(trigger({ severity: "critical" }));
  const [one, ...others] = await firing(intake);
  expect([one?.severity, others]).toEqual(["critical", []]);
  await send(event({ event_action: "resolve", payload: undefined }));
  expect(await firing(intake)).toEqual([]);
  await send(event({ event_action: "resolve", payload: undefined }));
  await send(trigger({ timestamp: one?.startsAt }));
  const [again] = await firing(intake);
  expect(again && one && again.since > one.since).toBe(true);
  const { found } = await episodesOf(intake.store, one ? shortCode(one) : "", 10);
  expect(found.map(({ state, annotations }) => [state, annotations["summary"]])).toEqual([
    ["firing", "down"],
    ["resolved", "down"],
  ]);
});

it("what ends right after it began is over, however both are put on record", async () => {
  const intake = await opened();
  await intake.post(trigger({}), { path });
  await intake.post(event({ event_action: "resolve" }), { path });
  intake.work();
  expect(await firing(intake)).toEqual([]);
});

it("an end of what never began, and an acknowledgement of it, are taken, tell nothing, and are on record as that", async () => {
  const intake = await opened();
  intake.work();
  for (const event_action of ["resolve", "acknowledge"]) {
    const response = await intake.post(event({ event_action }), { path });
    expect(response.status).toBe(202);
  }
  expect(await firing(intake)).toEqual([]);
  const batches = (await uncountedBatches(intake.store, 10)).found.map(({ batch }) => batch);
  expect(batches.map(({ events, outcomes }) => [events, outcomes.unmatched])).toEqual([
    [1, 1],
    [1, 1],
  ]);
  expect(intake.told.quarantined).toBe(0);
});

it("acknowledged there, it is acknowledged here", async () => {
  const intake = await opened();
  intake.work();
  await intake.post(trigger({}), { path });
  await intake.post(event({ event_action: "acknowledge" }), { path });
  const [episode] = await firing(intake);
  const code = episode ? shortCode(episode) : "";
  expect((await readAcks(intake.store, [code])).get(code)?.by.name).toBe("pager");
  expect(episode?.state).toBe("firing");
});

it("an event without a key gets one of its own", async () => {
  const { post } = await opened();
  const keys = await Promise.all(
    [0, 1].map(async () => (await said(await post(event({ dedup_key: undefined }), { path }))).dedup_key),
  );
  expect(new Set(keys).size).toBe(2);
});

it.each<[string, string, string, number]>([
  ["another key that is in use", event({ routing_key: "R2" }), path, 202],
  ["the path of PagerDuty's own API", event(), `${path}/v2/enqueue`, 202],
  ["a key that nobody has", event({ routing_key: "R3" }), path, 400],
  ["no key", event({ routing_key: undefined }), path, 400],
  ["no JSON and no key", "{", path, 400],
])("%s is answered with %4$i", async (_, body, at, code) => {
  const intake = await opened();
  expect((await intake.post(body, { path: at })).status).toBe(code);
  expect(await quarantinedSince(intake.store, 0, 10)).toEqual([]);
});

it.each<[string, string, string]>([
  ["another action", event({ event_action: "snooze" }), "'event_action' is missing or invalid"],
  ["no payload", event({ payload: undefined }), "'payload' is missing"],
  ["no summary", trigger({ summary: " " }), "'payload.summary' is missing or blank"],
  ["no source", trigger({ source: undefined }), "'payload.source' is missing or blank"],
  ["another severity", trigger({ severity: "high" }), "'payload.severity' is invalid"],
  ["an end of nothing", event({ event_action: "resolve", dedup_key: "" }), "'dedup_key' is missing or blank"],
  ["a long key", event({ dedup_key: "k".repeat(256) }), "'dedup_key' is too long"],
])("%s is answered 400 with errors, quarantined and told", async (_, body, error) => {
  const intake = await opened();
  const response = await intake.post(body, { path });
  expect(response.status).toBe(400);
  expect((await said(response)).errors?.join()).toContain(error);
  expect((await quarantinedSince(intake.store, 0, 10))[0]?.why).toContain(error);
  expect(intake.told.quarantined).toBe(1);
});

it("is closed where nobody may post so", async () => {
  const { post } = await openIntake();
  expect((await post(event(), { path })).status).toBe(404);
});

/** A connection that begins to post an event, sends so much of it, and then no more. */
function slowPost(url: string, more = ""): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  socket.write(`POST ${path} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-length: 400000\r\n${more}\r\n{`);
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(socket));
  });
}

it("whoever sends slowly and names no key keeps nobody out: they cut one another, and each has its time", async () => {
  const { post, url } = await opened({ unproven: { most: 4, withinMs: 2_000 } });
  const slow = await Promise.all([...Array(12).keys()].map(() => slowPost(url)));
  const ends = slow.map((socket) => once(socket, "close"));
  for (let time = 0; time < 3; time += 1) expect((await post(event(), { path })).status).toBe(202);
  await Promise.all(ends);
});

it("a key in the header is looked at before anything is read", async () => {
  const { url } = await opened();
  const wrong = await slowPost(url, "x-routing-key: nobody's\r\n");
  const [answer] = await once(wrong, "data");
  expect(String(answer)).toContain("400 Bad Request");
});

it("a dead store is told to come again", async () => {
  const dead = (store: Store): Store => ({ ...store, now: () => Promise.reject(new Error("connection refused")) });
  const { post } = await opened({ store: dead });
  const response = await post(event(), { path });
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
});
