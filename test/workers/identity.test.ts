import { describe, expect, it } from "vitest";
import { type ReliedOn, reliedOn } from "../../src/acts/approvals/relied-on.ts";
import { requestCard } from "../../src/cards/request.ts";
import { withConnections } from "../../src/domain/systems/connections.ts";
import type { Identity, IdentityAsked } from "../../src/domain/systems/health.ts";
import type { Operation } from "../../src/domain/systems/operation.ts";
import type { StepOutcome } from "../../src/domain/systems/steps.ts";
import type { System } from "../../src/domain/systems/system.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { alphapulse, createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { planner, SystemFile } from "../fakes/backends.ts";

const patience = { timeout: 60_000 };
const proven: Identity = { is: "proven" };
const another: Identity = { is: "contradicted", why: "it says market-ml" };
const silent: Identity = { is: "unread", why: "it did not answer", fault: "unreachable" };
const done: StepOutcome = { outcome: "done", detail: "" };
const lost: StepOutcome = { outcome: "unknown", detail: "the connection broke" };

const post = (id: string, backend: string) => ({
  id,
  title: id,
  http: { method: "POST", url: { backend, path: `/${id}` } },
});
const identity = { path: "/health", expect: { "/system": "alphapulse" } };
const backends = {
  trader: { http: { base: "http://127.0.0.1:1" }, identity },
  broker: { http: { base: "http://127.0.0.1:2" }, identity },
};
const written = {
  id: "alphapulse",
  title: "AlphaPulse-RL",
  health: [{ id: "trading", http: "http://127.0.0.1:1/health" }],
  backends,
  operations: {
    move: {
      summary: "Move",
      risk: "destructive",
      inverse: { operation: "back" },
      steps: [post("drain", "trader"), post("shift", "broker")],
    },
    tidy: {
      summary: "Tidy",
      risk: "destructive",
      steps: [post("drain", "trader"), { ...post("sweep", "trader"), reaches: ["broker"] }],
    },
    back: { summary: "Back", risk: "destructive", steps: [post("restore", "trader")] },
    stop: {
      summary: "Stop",
      risk: "change",
      direction: "reduces",
      permission: "stop",
      urgent: true,
      steps: [post("halt", "trader"), post("cut", "broker")],
    },
  },
};
const system = withConnections(SystemFile.parse(written));

function operationOf(name: string): Operation {
  const operation = system.operations[name];
  if (!operation) throw new Error(`${name} is no operation`);
  return operation;
}

/** Who answers at each backend, as it is while this runs, and what was asked and sent, in order. */
async function scene(run: (step: string, says: Map<string, Identity>) => StepOutcome = () => done) {
  const says = new Map<string, Identity>();
  const told: string[] = [];
  const channels = policy().channels.map((each) => ({ ...each, allow: [...each.allow, "stop" as const] }));
  const bench = await createBench(policy({ channels }));
  const identify = async (_system: unknown, { through = ["trader", "broker"] }: IdentityAsked = {}) => {
    told.push(`who is ${through.join(" and ")}`);
    return through.map((name) => says.get(name) ?? proven).find(({ is }) => is !== "proven") ?? proven;
  };
  const { operations } = system;
  const configured: { now: System } = { now: { ...alphapulse, operations } };
  const executor = executorOn(bench, operations, {
    systems: {
      find: () => configured.now,
      health: { identify, check: () => Promise.reject(new Error("not asked")) },
    },
    steps: {
      async run({ id }) {
        told.push(id);
        return run(id, says);
      },
      async probe({ id }) {
        told.push(`look up ${id}`);
        return { outcome: "done", detail: "" };
      },
    },
  });
  const ask = async (name: "move" | "stop" | "tidy", relies?: ReliedOn) => {
    const operation = operationOf(name);
    const { risk, direction, permission, urgent } = operation;
    const more = {
      operation: name,
      risk,
      direction,
      permission,
      ...(urgent && { urgent }),
      ...(relies && { relies }),
      plan: planner.plan(operation, {}),
    };
    const asked = await bench.ask(urgent ? "chen" : "ana", more);
    if (!urgent) await bench.decide("approve", "boris", asked);
    startExecutor(executor);
    return asked;
  };
  const state = (asked: Awaited<ReturnType<typeof ask>>) => async () => (await bench.now(asked)).request.state;
  return { bench, says, told, configured, ask, state };
}

/** What is said of another than AlphaPulse-RL. */
const turned = "AlphaPulse-RL could not prove that it is itself: it says market-ml";

describe("who answers is asked before each step that changes something", () => {
  it("of what the step reaches by itself, too", async () => {
    const at = await scene((step, says) => {
      if (step === "drain") says.set("broker", another);
      return done;
    });
    const asked = await at.ask("tidy");
    await expect.poll(at.state(asked), patience).toBe("PARTIAL");
    expect(at.told).toEqual(["who is trader and broker", "who is trader", "drain", "who is trader and broker"]);
    expect((await at.bench.now(asked)).request.why).toContain(`it was not sent: ${turned}`);
  });

  it("of the backends of that step, right before it is sent", async () => {
    const at = await scene();
    await expect.poll(at.state(await at.ask("move")), patience).toBe("SUCCEEDED");
    expect(at.told).toEqual(["who is trader and broker", "who is trader", "drain", "who is broker", "shift"]);
  });

  it("what another system answers for since the step before is not sent; what was done stands, and is undone by the inverse", async () => {
    const at = await scene((step, says) => {
      if (step === "drain") says.set("broker", another);
      return done;
    });
    const asked = await at.ask("move");
    await expect.poll(at.state(asked), patience).toBe("PARTIAL");
    expect(at.told).not.toContain("shift");
    const stopped = await at.bench.now(asked);
    expect(stopped.request.why).toBe(`shift: it was not sent: ${turned}. Earlier steps have taken effect.`);
    const card = JSON.stringify(requestCard(stopped));
    expect(card).toContain("Nothing but what undoes it runs on");
    expect(card).toContain('"label":"Undo"');
  });

  it("what is configured otherwise since the step before is not sent: what proves itself now is not where it goes", async () => {
    const moved = withConnections(SystemFile.parse({ ...written, backends: { ...backends, broker: backends.trader } }));
    const { move: _, ...others } = system.operations;
    for (const [now, why] of [
      [moved.operations, "the identity of the backend broker is read from elsewhere now"],
      [others, "move of AlphaPulse-RL is no longer configured"],
    ] as const) {
      const at = await scene((step) => {
        if (step === "drain") at.configured.now = { ...moved, operations: now };
        return done;
      });
      at.configured.now = system;
      const asked = await at.ask("move", reliedOn(system, operationOf("move"), {}));
      await expect.poll(at.state(asked), patience).toBe("PARTIAL");
      expect(at.told).not.toContain("shift");
      expect((await at.bench.now(asked)).request.why).toContain(why);
    }
  });

  it("another system that answers once it is claimed gets nothing at all", async () => {
    const at = await scene();
    let asked = 0;
    at.says.get = (name) => {
      asked += 1;
      return asked > 2 && name === "trader" ? another : proven;
    };
    const move = await at.ask("move");
    await expect.poll(at.state(move), patience).toBe("FAILED");
    expect(at.told).not.toContain("drain");
    expect((await at.bench.now(move)).request.why).toContain(turned);
  });

  it("what does not answer just then is asked again, and sent once it has proven itself", async () => {
    const at = await scene((step, says) => {
      if (step === "drain") says.set("broker", silent);
      return done;
    });
    const asked = await at.ask("move");
    await expect.poll(() => at.told, patience).toContain("who is broker");
    at.says.set("broker", proven);
    await expect.poll(at.state(asked), patience).toBe("SUCCEEDED");
    const sent = at.told.filter((each) => !each.startsWith("who is trader"));
    expect(sent.slice(0, 3)).toEqual(["drain", "who is broker", "who is broker"]);
    expect(sent.filter((each) => each === "shift")).toHaveLength(1);
  });

  it("what does not prove itself gets nothing, and the run has stopped half-way", async () => {
    const at = await scene((step, says) => {
      if (step === "drain") says.set("broker", silent);
      return done;
    });
    const asked = await at.ask("move");
    await expect.poll(at.state(asked), patience).toBe("PARTIAL");
    expect(at.told).not.toContain("shift");
    expect((await at.bench.now(asked)).request.why).toContain("could not prove that it is itself: it did not answer");
  });

  it("of the backends of the step whose answer was lost, before it is looked up", async () => {
    const at = await scene((step, says) => {
      // What went down with the step before says nothing of where this one was sent.
      if (step === "drain") says.set("trader", silent);
      return step === "shift" ? lost : done;
    });
    await expect.poll(at.state(await at.ask("move")), patience).toBe("SUCCEEDED");
    expect(at.told.slice(-3)).toEqual(["shift", "who is broker", "look up shift"]);
  });
});

describe("what is urgent", () => {
  it("is sent where nobody can tell who answers", async () => {
    const at = await scene();
    at.says.set("trader", silent).set("broker", silent);
    await expect.poll(at.state(await at.ask("stop")), patience).toBe("SUCCEEDED");
    expect(at.told).toEqual(expect.arrayContaining(["halt", "cut"]));
  });

  it("is not sent to what says that it is another, on any try, and is once that is itself again", async () => {
    const at = await scene();
    at.says.set("broker", another);
    const stop = await at.ask("stop");
    const tries = () => at.told.filter((each) => each === "who is broker").length;
    await expect.poll(tries, patience).toBe(1);
    await expect.poll(async () => JSON.stringify((await at.bench.now(stop)).run), patience).toContain(turned);
    at.bench.clock.now += 2_000;
    await expect.poll(tries, patience).toBeGreaterThan(1);
    expect(at.told).not.toContain("cut");
    at.says.set("broker", proven);
    at.bench.clock.now += 20_000;
    await expect.poll(at.state(stop), patience).toBe("SUCCEEDED");
    expect(at.told.filter((each) => each === "cut")).toHaveLength(1);
  });
});
