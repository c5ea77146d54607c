import { createServer } from "node:http";
import { expect, it, onTestFinished, vi } from "vitest";
import { holdEscalations } from "../../src/acts/escalation/hold.ts";
import { declareIncident } from "../../src/acts/incidents/declare-incident.ts";
import { System } from "../../src/domain/systems/system.ts";
import { createHttp } from "../../src/integrations/wire/http.ts";
import { createPageHooks } from "../../src/integrations/wire/page-hooks.ts";
import { createSecrets } from "../../src/integrations/wire/secrets.ts";
import { timelineEntries } from "../../src/records/timeline.ts";
import { startPageHookWorker } from "../../src/workers/page-hooks.ts";
import { openDesk, standing } from "../acts/alerts/desk.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { postedAlert } from "../fakes/posted-alerts.ts";
import { quiet } from "../stories/room.ts";

const patience = { timeout: 60_000, interval: 20 };

/** A service for text messages, and a bot that calls it. */
async function ringing() {
  const calls: { body: unknown; key: unknown; token: unknown }[] = [];
  const service = { status: 503 };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { authorization: token, "idempotency-key": key } = request.headers;
      calls.push({ body: JSON.parse(Buffer.concat(parts).toString()), key, token });
      response.writeHead(service.status).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const to = { base: `http://127.0.0.1:${port}/sms`, auth: { bearer: "env:SMS_TOKEN" } };
  const hook = { to, fields: { to: "+49301234", message: "{title} ({system}, level {level})" } };
  const desk = openDesk(
    { routes: [{ id: "all", channels: ["ops"] }] },
    policy(),
    System.parse({
      id: "logos",
      title: "LOGOS",
      escalation: {
        contacts: { desk: { title: "Desk", webhooks: [hook] } },
        classes: [{ id: "P1", severities: ["critical"], levels: [{ contacts: ["desk"] }] }],
      },
    }),
  );
  const http = createHttp({ secrets: createSecrets(() => "t0ken-of-the-service") });
  const raised = new Map<string, string>();
  const worker = startPageHookWorker({
    ...desk.paging,
    log: quiet,
    hooks: createPageHooks(http),
    troubles: { raise: ({ id, what }) => void raised.set(id, what), clear: (id) => void raised.delete(id) },
  });
  onTestFinished(async () => {
    await worker.stop();
    http.close();
    server.close();
  });
  await desk.post(postedAlert({}));
  return { desk, calls, service, raised, worker };
}

it("a service is called with what it asks for until it takes it, and the page says so", async () => {
  const { desk, calls, service, raised, worker } = await ringing();
  await declareIncident(
    desk.store,
    { title: "it hangs", severity: "P1", system: "logos", place: { surface: "console", channel: "ops" } },
    { person: "ana", name: "Ana", account: "console:ana", invocation: "i1" },
  );
  await desk.page(0);
  await vi.waitFor(() => expect(raised.get("page-hook-logos-desk")).toContain("does not take pages"), patience);
  expect(JSON.stringify([...raised])).not.toContain("t0ken");
  service.status = 200;
  desk.clock.now += 10_000;
  worker.wake();
  await vi.waitFor(() => expect(raised.size).toBe(0), patience);
  const [first, second] = calls;
  expect(second).toEqual(first);
  expect(second).toMatchObject({
    body: {
      to: "+49301234",
      message: "The disk of db-1 is full (logos, level 1)",
      text: expect.stringContaining("P1"),
    },
    key: expect.stringMatching(/\.desk\.0$/),
    token: "Bearer t0ken-of-the-service",
  });
  await vi.waitFor(async () => {
    await desk.page(0);
    expect(JSON.stringify(standing(desk, "ops", "page")[0]?.card)).toContain("took it");
  }, patience);
  // What is dealt with meanwhile knows of it, once.
  const { found } = await timelineEntries(desk.store, 1, 10);
  expect(found.filter(({ kind }) => kind === "delivery").map(({ text }) => text)).toEqual([
    "the service behind Desk took the page of level 1 of P1",
  ]);
});

it("who need not be called any more is not", async () => {
  const { desk, calls, worker } = await ringing();
  await desk.page(0);
  await vi.waitFor(() => expect(calls.length).toBeGreaterThan(0), patience);
  const before = calls.length;
  const [document] = await desk.store.list("escalation", "system", { limit: 1 });
  const code = document?.key.replace("escalation/", "") ?? "";
  await desk.store.commit({
    id: crypto.randomUUID(),
    ...(await holdEscalations(desk.store, [code], { now: desk.clock.now, name: "Boris" })),
  });
  desk.clock.now += 10_000;
  worker.wake();
  await vi.waitFor(async () => {
    await desk.page(0);
    expect(JSON.stringify(standing(desk, "ops", "page")[0]?.card)).toContain("somebody had it");
  }, patience);
  expect(calls).toHaveLength(before);
});
