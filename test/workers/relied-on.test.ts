import { expect, it } from "vitest";
import { plan } from "../../src/acts/approvals/plan.ts";
import type { System } from "../../src/domain/systems/system.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { alphapulse, createBench } from "../acts/approvals/request-bench.ts";
import { flatten } from "../domain/approvals/request-fixtures.ts";

/** The machine may be busy. */
const patience = { timeout: 60_000 };

const at = (url: string) => ({ backend: "http", spec: { http: url } });
const backup = { type: "text" as const, title: "Backup", required: true, from: "backups" };
const operation = { ...flatten, arguments: { backup }, through: ["trader"] };
const declared = (url: string) => ({ kind: "http", connection: { base: url }, identity: at(`${url}id`) });
const configured: System = {
  ...alphapulse,
  backends: { trader: declared("http://real/"), monitor: declared("http://other/") },
  identity: at("http://real/id"),
  portfolio: at("http://real/"),
  lists: {
    backups: { title: "Backups", source: at("http://real/backups") },
    services: { title: "Services", source: at("http://real/services") },
  },
  operations: { flatten: operation },
};

/** Asked for and approved as it is configured, and started as it is configured then. Everything reads as it did. */
async function started(asked: System, then: System) {
  const bench = await createBench();
  const reading = { ok: true as const, at: bench.clock.now, latencyMs: 1 };
  const systems = {
    all: () => [then],
    find: () => then,
    lists: { read: async () => ({ ...reading, value: [{ value: "b1", label: "" }] }) },
  };
  const executor = executorOn(bench, { flatten: operation }, { systems });
  const wanted = { system: asked, name: "flatten", operation, arguments: { backup: "b1" } };
  const request = await bench.ask("ana", await plan(executor.ports.systems, wanted));
  await bench.decide("approve", "boris", request);
  const { stop } = startExecutor(executor);
  await expect.poll(async () => (await bench.now(request)).request.state, patience).toMatch(/SUCCEEDED|INVALIDATED/);
  await stop();
  const now = await bench.now(request);
  return { request: now.request, sealed: request.request.sealed, sent: executor.sent };
}

it.each([
  [
    "the identity comes from elsewhere",
    { ...configured, identity: at("http://stub/id") },
    "the identity of the system is read from elsewhere now",
  ],
  [
    "the identity is asked of another backend",
    { ...configured, identity: { backend: "other", spec: { http: "http://real/id" } } },
    "the identity of the system is read from elsewhere now",
  ],
  [
    "the identity is no longer asked for",
    { ...configured, identity: undefined },
    "the identity of the system can no longer be read",
  ],
  [
    "the backend that it goes through proves itself elsewhere",
    { ...configured, backends: { trader: declared("http://stub/") } },
    "the identity of the backend trader is read from elsewhere now",
  ],
  [
    "the positions are read from a stub that is flat",
    { ...configured, portfolio: at("http://stub/") },
    "the portfolio is read from elsewhere now",
  ],
  [
    "the list of an argument is another",
    { ...configured, lists: { backups: { title: "Backups", source: at("http://stub/backups") } } },
    "the list backups is read from elsewhere now",
  ],
])("where %s, it is asked again and nothing is sent", async (_what, then, why) => {
  const { request, sent } = await started(configured, then);
  expect(request).toMatchObject({ state: "INVALIDATED", why: `No longer what was approved: ${why}. Ask again.` });
  expect(sent).toEqual([]);
});

it("what was approved before an identity was asked for is asked again with it", async () => {
  const { request } = await started({ ...configured, identity: undefined }, configured);
  expect(request.why).toContain("where the identity of the system is read was not approved with it");
});

it("what the operation does not rely on may change, and no address stands in what is sealed for it", async () => {
  const services = { title: "Services", source: at("http://elsewhere/services") };
  const then = { ...configured, lists: { ...configured.lists, services } };
  const { request, sealed, sent } = await started(configured, then);
  expect(request.state).toBe("SUCCEEDED");
  expect(sent).not.toEqual([]);
  expect(sealed).not.toContain("http://real/");
});
