import { describe, expect, it } from "vitest";
import { fillText } from "../../src/domain/systems/placeholders.ts";
import { operationOf, takes } from "./shipped.ts";

const paper = { mode: "paper", file: "live", process: "live", exchange: "live", stopped: false };
const image = { runs: { "alphapulse-trading": { id: "sha256:1", mixed: false } }, starts: { id: "sha256:1" } };
const read = { ...paper, ...image, positions_being_closed: false, at: "2026-11-29T12:00:00Z" };

describe("AlphaPulse with open orders or positions", () => {
  it.each([
    { held: [], orders: 0, takes: "one" },
    { held: [], orders: 2, takes: "two" },
    { held: [{ symbol: "BTCUSDT" }], orders: 0, takes: "two" },
  ])(
    "nobody leaves them to nobody alone: $takes with $orders orders (case %#)",
    ({ takes: expected, held, orders }) => {
      const values = { ...read, open_positions: held.length, open: held, positions: held, orders };
      for (const name of ["stop-trader", "set-mode", "maintenance-on"])
        expect(takes(operationOf("alphapulse", name), values), name).toBe(expected);
    },
  );

  it("stand on the card", () => {
    const values = { ...read, open: [{ symbol: "BTCUSDT" }], positions: [{ symbol: "BTCUSDT" }], orders: 2 };
    expect(fillText(operationOf("alphapulse", "stop-trader").effect ?? "", values)).toContain(
      "1 positions and 2 orders",
    );
    expect(fillText(operationOf("alphapulse", "set-mode").effect ?? "", values)).toContain("2 open orders");
    expect(fillText(operationOf("alphapulse", "maintenance-on").effect ?? "", values)).toContain("2 orders");
  });
});

describe("a service of AlphaPulse that the trader restarts", () => {
  const flat = { open: [], orders: 0 };
  const open = { open: [{ symbol: "BTCUSDT" }], orders: 0 };
  it.each([
    { service: "redis", state: "running", ...flat, takes: "two" },
    { service: "redis", state: "stopped", ...open, takes: "one" },
    { service: "risk-manager", state: "running", ...open, takes: "two" },
    { service: "risk-manager", state: "stopped", ...open, takes: "two" },
    { service: "risk-manager", state: "running", open: [], orders: 1, takes: "two" },
    { service: "risk-manager", state: "running", ...flat, takes: "one" },
    { service: "data-feed", state: "running", ...open, takes: "one" },
    { service: "model-server", state: "running", ...open, takes: "one" },
    { service: "order-router", state: "running", ...flat, takes: "two" },
  ])("$service, $state: $takes (case %#)", ({ takes: expected, ...values }) => {
    expect(takes(operationOf("alphapulse", "restart-service"), values)).toBe(expected);
  });

  it("is not restarted beside the container that it runs in", () => {
    const { targets } = operationOf("alphapulse", "restart-service");
    for (const service of ["alphapulse-redis", "alphapulse-trading"])
      expect(targets).toContain(fillText(operationOf("alphapulse", "restart").targets[0] ?? "", { service }));
  });
});

it("a backup of PRSM is not taken while its data is restored", () => {
  for (const restore of ["restore", "restore-release"])
    for (const backup of ["backup", "backup-database"]) {
      const { targets } = operationOf("prsm", restore);
      expect(
        operationOf("prsm", backup).targets.filter((each) => targets.includes(each)),
        backup,
      ).toEqual(["data"]);
    }
});

it.each([
  ["prsm-api-5d9c7-x2x4z", "deployment/prsm-api"],
  ["prsm-worker-5d9c7-x2x4z", "deployment/prsm-worker"],
  ["postgres-7b8c9-k2l3m", "deployment/postgres"],
])("the pod %s of PRSM is not deleted beside what holds %s, as a restore does", (pod, deployment) => {
  const targets = operationOf("prsm", "delete-pod").targets.map((target) => fillText(target, { pod }));
  expect(targets).toEqual([`pod/${pod}`, deployment]);
  expect(operationOf("prsm", "restore").targets).toContain(deployment);
});

it("what follows by itself and says that another runs is asked for only once that is done", () => {
  expect(operationOf("pulseguard", "model-update").followUp).toMatchObject({ operation: "watch-model", once: "done" });
});
