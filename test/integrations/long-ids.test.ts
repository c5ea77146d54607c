import { expect, it } from "vitest";
import { createBackends } from "../../src/compose/world.ts";
import { createAlerts } from "../../src/integrations/alerts.ts";
import { createHealthChecks } from "../../src/integrations/health-checks.ts";
import { createLists } from "../../src/integrations/lists.ts";
import { createStepRunner } from "../../src/integrations/steps.ts";
import { alertCode } from "../../src/records/ack.ts";
import { OperationFile, planner } from "../fakes/backends.ts";
import { openBackend, openBackends, openHttp, text } from "./backend.ts";
import { metricsOf, systemWith } from "./systems.ts";

const one = "600000000000000001";
const two = "600000000000000002";

const answering = (body: string) => openBackend(text(body, "application/json"));

it.each([
  [two, "proven"],
  [one, "contradicted"],
])("an account %s is told from its neighbour: the identity is %s", async (id, is) => {
  const backend = await answering(`{"account": ${two}}`);
  const expected = { exactly: id };
  const system = systemWith({ identity: { http: backend.url, expect: { "/account": expected } } });
  const identity = await createHealthChecks({ backends: openBackends() }).identify(system);
  expect(identity.is).toBe(is);
  expect(JSON.stringify(identity).includes(`/account is ${two}, not ${one}`)).toBe(is === "contradicted");
});

it("a fact is shown with every digit, and is what it should be by every digit", async () => {
  const backend = await answering(`{"account": ${two}, "rate": 0.1234567890123456789}`);
  const fact = (id: string, more: object = {}) => ({
    id,
    title: id,
    json: { url: backend.url, path: id === "rate" ? "/rate" : "/account" },
    ...more,
  });
  const system = systemWith({
    facts: [fact("right", { expect: { exactly: two } }), fact("wrong", { expect: { exactly: one } }), fact("rate")],
  });
  const { facts } = await createHealthChecks({ backends: openBackends() }).check(system);
  expect(facts).toMatchObject([
    { reading: { value: two } },
    { reading: { value: two }, expected: one },
    { reading: { value: "0.1234567890123456789" } },
  ]);
  expect(facts[0]).not.toHaveProperty("severity");
});

it("the entries of a list are named by every digit", async () => {
  const backend = await answering(`{"backups":[{"id":${two}},{"id":${one}}]}`);
  const lists = { backups: { title: "Backups", json: { url: backend.url, path: "/backups" }, value: "id" } };
  const reading = await createLists(openBackends()).read(systemWith({ lists }), "backups");
  expect(reading).toMatchObject({ value: [{ value: two }, { value: one }] });
});

it("two alerts whose ids are neighbours are two alerts", async () => {
  const backend = await answering(
    `{"alerts":[{"id":${one},"severity":"critical"},{"id":${two},"severity":"critical"}]}`,
  );
  const fields = { id: "id", severity: "severity", summary: "summary" };
  const alerts = [{ id: "own", poll: backend.url, list: "/alerts", fields, severities: { critical: "critical" } }];
  const port = createAlerts({ backends: openBackends(), ...metricsOf({ now: {} }) });
  const [listed] = await port.listed(systemWith({ alerts }));
  const found = listed?.reading.ok ? listed.reading.value : [];
  expect(found.map(({ id }) => id)).toEqual([one, two]);
  // An acknowledgement is kept under the code: it is of one of them, and never of both.
  expect(new Set(found.map(alertCode)).size).toBe(2);
});

it("what is sent has every digit: of an argument, and of a number that the file writes down", async () => {
  let body = "";
  const backend = await openBackend((request, response) => {
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
  });
  const operation = OperationFile.parse({
    summary: "Restore",
    risk: "change",
    arguments: { backup: { type: "text", title: "Backup" } },
    steps: [
      {
        id: "restore",
        title: "Restore",
        http: { method: "POST", url: backend.url, json: { backup: "{backup}", account: { exactly: one } } },
      },
    ],
  });
  const [step] = planner.plan(operation, { backup: two }).steps;
  if (!step) throw new Error("there is no step");
  const steps = createStepRunner(createBackends({ http: openHttp() }));
  expect(await steps.run(step, { key: "k", elapsedMs: 0 })).toMatchObject({ outcome: "done" });
  expect(body).toBe(`{"backup":"${two}","account":${one}}`);
});
