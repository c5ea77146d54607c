import { expect, it, vi } from "vitest";
import { z } from "zod";
import { PostedMap } from "../../src/domain/alerts/posted-mapping.ts";
import type { LiveSender } from "../../src/intake/authenticate.ts";
import { uncountedBatches } from "../../src/records/batch.ts";
import { firingEpisodes } from "../../src/records/episode.ts";
import { quarantinedSince } from "../../src/records/ledger.ts";
import { type Intake, openIntake } from "./intake.ts";

function posting(map: object, id = "probes"): LiveSender {
  return { id, kind: "generic", system: "logos", tokens: ["T1"], user: "probes", map: PostedMap.parse(map) };
}

/** As Uptime Kuma posts: one body an alert, with a number for its state and no beginning. */
const monitors = posting({
  fields: {
    id: "/monitor/name",
    severity: { is: "page" },
    summary: "/msg",
    fingerprint: "/monitor/id",
    link: "/monitor/url",
    labels: { instance: "/monitor/hostname", team: { is: "web" } },
  },
  severities: { page: "critical" },
  when: "row.heartbeat.status == 0",
});

/** So deep that nothing that goes down into it comes back. */
const deep = "[".repeat(100_000) + "]".repeat(100_000);

/** A list, with words of its own. */
const listed = posting({
  list: "/alerts",
  fields: { id: "name", severity: "level", summary: "text", since: "began", state: "state", labels: { system: "app" } },
  states: { ALARM: "firing", OK: "resolved" },
});

function monitor(status: number, more: object = {}): string {
  return JSON.stringify({
    heartbeat: { status, time: "2026-01-01 00:00:00.000" },
    monitor: { id: 7, name: "shop", url: "https://shop.example.com", hostname: "shop-1" },
    msg: status === 0 ? "[shop] Down: timeout" : "[shop] Up",
    ...more,
  });
}

function alarm(state: string, more: object = {}): object {
  return { name: "queue", level: "critical", text: "The queue is long", began: "2026-01-01T00:00:00Z", state, ...more };
}

async function opened(sender: LiveSender): Promise<Intake> {
  return openIntake({ senders: [sender] });
}

const how = { path: "/webhooks/generic/probes", authorization: "Bearer T1" };

/** Once everything that was accepted is on record. */
async function firing({ store }: Intake, system = "logos") {
  await vi.waitFor(
    async () => {
      const { found } = await uncountedBatches(store, 100);
      if (found.some(({ batch }) => batch.next < batch.events)) throw new Error("not yet");
    },
    { timeout: 60_000, interval: 20 },
  );
  return (await firingEpisodes(store, system, 10)).found;
}

it("one alert a body, with a condition for whether it fires: it begins, is repeated and ends by what it is told apart by", async () => {
  const intake = await opened(monitors);
  intake.work();
  const send = async (body: string) => expect((await intake.post(body, how)).status).toBe(200);
  await send(monitor(1));
  expect(await firing(intake)).toEqual([]);
  await send(monitor(0));
  await send(monitor(0));
  const [episode, ...others] = await firing(intake);
  expect(others).toEqual([]);
  expect(episode).toMatchObject({
    severity: "critical",
    labels: { alertname: "shop", severity: "critical", instance: "shop-1", team: "web" },
    annotations: { summary: "[shop] Down: timeout" },
    link: "https://shop.example.com",
  });
  await send(monitor(1));
  expect(await firing(intake)).toEqual([]);
});

it("a list with words and beginnings of its own: each entry has its outcome, and what is repeated after its end begins nothing", async () => {
  const intake = await opened(listed);
  intake.work();
  const send = async (...alerts: readonly unknown[]) =>
    expect((await intake.post(JSON.stringify({ alerts, more: 1 }), how)).status).toBe(200);
  await send(alarm("alarm"), alarm("ALARM", { name: "disk", app: "prsm", level: "odd" }), alarm("perhaps"), 7);
  expect(await firing(intake)).toMatchObject([{ startsAt: "2026-01-01T00:00:00Z", severity: "critical" }]);
  expect(await firing(intake, "prsm")).toMatchObject([{ severity: "warning", labels: { alertname: "disk" } }]);
  const why = (await quarantinedSince(intake.store, 0, 10)).map((each) => each.why);
  expect(why.toSorted()).toEqual(["it has no labels", "its status is neither firing nor resolved"]);
  await send(alarm("OK"), alarm("ALARM"));
  expect(await firing(intake)).toEqual([]);
  await send(alarm("ALARM", { began: "2026-01-02T00:00:00Z" }));
  expect(await firing(intake)).toMatchObject([{ startsAt: "2026-01-02T00:00:00Z" }]);
});

it.each<[string, string, string]>([
  ["no JSON", "{", "it is no JSON"],
  ["what is nested too deeply", `[1e400,${deep}]`, "nested too deeply"],
  ["one alert that is", `{"alerts":[{"name":"queue","state":"ALARM","more":${deep}}]}`, "nested too deeply"],
  ["no list", "{}", "it has no list at /alerts"],
  ["too many", JSON.stringify({ alerts: Array(1_001).fill(alarm("ALARM")) }), "1000 are the most"],
  ["too large", JSON.stringify({ alerts: [], more: "x".repeat(1_048_576) }), "which is too much"],
])("%s is kept in quarantine, told, and answered 400", async (_, body, why) => {
  const intake = await opened(listed);
  const response = await intake.post(body, how);
  expect(response.status).toBe(400);
  expect(z.object({ error: z.string(), trace: z.string() }).parse(await response.json()).error).toContain(why);
  expect((await quarantinedSince(intake.store, 0, 10))[0]?.why).toContain(why);
});

it.each<[string, { readonly path?: string; readonly authorization?: string }, number]>([
  ["a user with a token", { authorization: `Basic ${btoa("probes:T1")}` }, 200],
  ["another token", { authorization: "Bearer T2" }, 401],
  ["no token", { authorization: "" }, 401],
  ["another source", { path: "/webhooks/generic/others" }, 401],
])("%s is answered %3$i", async (_, asked, status) => {
  const { post } = await opened(monitors);
  expect((await post(monitor(0), { ...how, ...asked })).status).toBe(status);
});
