import { describe, expect, it } from "vitest";
import { endHalted } from "../../../src/acts/approvals/halted-since.ts";
import { plan, recheck } from "../../../src/acts/approvals/plan.ts";
import { planFields } from "../../../src/cards/plan.ts";
import { requestCard } from "../../../src/cards/request.ts";
import type { ArgumentValues } from "../../../src/domain/systems/placeholders.ts";
import type { Reading } from "../../../src/domain/systems/reading.ts";
import { directionOf, riskOf } from "../../../src/domain/systems/risk.ts";
import type { StepValue } from "../../../src/domain/systems/steps.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { OperationFile } from "../../fakes/backends.ts";
import { executorOn, startExecutor } from "./executor.ts";
import { alphapulse, createBench } from "./request-bench.ts";

const patience = { timeout: 60_000 };

const scale = OperationFile.parse({
  summary: "Change the number of replicas",
  arguments: {
    service: { type: "text", title: "Service" },
    n: { type: "integer", title: "Replicas", min: 0, max: 20 },
  },
  read: { now: { json: { url: "http://127.0.0.1:1/replicas" } } },
  risk: { default: "change", destructive: "n == 0 || n * 2 < now[service] || n > 5" },
  precondition: {
    unchanged: ["now"],
    holds: [
      { when: "service in now", else: "there is no service {service}." },
      { when: "now[service] != n", else: "{service} has {n} replicas already" },
    ],
  },
  effect: "{service}: {now[service]} to {n} replicas",
  inverse: { operation: "scale", arguments: { service: "{service}", n: "{now[service]}" } },
  steps: [
    {
      id: "scale",
      title: "Scale",
      http: { method: "POST", url: "http://127.0.0.1:1/{service}", json: { from: "{now[service]}", to: "{n}" } },
    },
  ],
  verify: [
    {
      id: "shows",
      title: "It shows",
      watch: { json: { url: "http://127.0.0.1:1/replicas" }, is: "value[service] == n", times: 2 },
    },
  ],
});

async function scene(state: { now: Reading<StepValue> | StepValue }) {
  const bench = await createBench(policy());
  const executor = executorOn(
    bench,
    { scale },
    {
      systems: {
        reads: {
          async read() {
            const { now } = state;
            const failed = typeof now === "object" && now !== null && "ok" in now;
            if (failed) return { ok: false, fault: "timeout", detail: "did not answer", at: 1, latencyMs: 1 };
            return { ok: true, value: now, at: bench.clock.now, latencyMs: 1 };
          },
        },
      },
    },
  );
  const planned = (values: ArgumentValues) =>
    plan(executor.ports.systems, { system: alphapulse, name: "scale", operation: scale, arguments: values });
  return { ...executor, bench, planned };
}

const unread: Reading<StepValue> = { ok: false, fault: "timeout", detail: "", at: 1, latencyMs: 1 };

describe("an operation that reads the state of its system", () => {
  it.each([
    [{ service: "api", n: 4 }, "change"],
    [{ service: "api", n: 5 }, "change"],
    [{ service: "api", n: 0 }, "destructive"],
    [{ service: "api", n: 1 }, "destructive"],
    [{ service: "api", n: 6 }, "destructive"],
    [{ service: "worker", n: 1 }, "change"],
  ])("is as risky as %j makes it: %s", async (values, risk) => {
    const at = await scene({ now: { api: 3, worker: 2 } });
    expect((await at.planned(values)).risk).toBe(risk);
  });

  it("counts as destructive where that cannot be judged", async () => {
    for (const api of ["three", "6", null, [6]])
      expect(riskOf(scale, { service: "api", n: 4, now: { api } })).toBe("destructive");
  });

  it("is not asked for where whether it makes sense cannot be judged", async () => {
    const at = await scene({ now: { api: "3" } });
    await expect(at.planned({ service: "api", n: 4 })).rejects.toThrow(
      "whether now[service] != n holds cannot be judged",
    );
  });

  it("shows from what to what, how it is undone, and sends what was read", async () => {
    const at = await scene({ now: { api: 3, worker: 2 } });
    const asked = await at.bench.ask("ana", await at.planned({ service: "api", n: 0 }));
    const card = JSON.stringify(requestCard(await at.bench.now(asked)));
    expect(card).toContain('{"name":"Changes","value":"api: 3 to 0 replicas"}');
    expect(card).not.toContain('{"name":"Before"');
    expect(JSON.stringify(requestCard(await at.bench.now(asked), "whole"))).toContain(
      '{"name":"Before","value":"api 3, worker 2"}',
    );
    expect(card).toContain('Undo: run alphapulse scale n:3 service:api reason:\\"…\\"');
    expect(asked.sealed.plan.steps[0]?.description).toBe('POST http://127.0.0.1:1/api {"from":3,"to":0}');
    expect(asked.sealed.plan.verify[0]?.description).toContain("until value[service] == n, 2 times in a row");
  });

  it.each([
    [{ now: { worker: 2 } }, { service: "api", n: 1 }, /there is no service api\.$/],
    [{ now: { api: 3 } }, { service: "api", n: 3 }, "api has 3 replicas already"],
    [{ now: unread }, { service: "api", n: 1 }, "The now of AlphaPulse-RL could not be read: did not answer."],
    [{ now: [] }, { service: "api", n: 1 }, "there is no service api"],
  ])("is not asked for where %j makes no sense of %j", async (state, values, why) => {
    const at = await scene(state);
    await expect(at.planned(values)).rejects.toThrow(why);
  });

  it("runs on the state that people agreed on", async () => {
    const at = await scene({ now: { api: 3, worker: 2 } });
    const asked = await at.bench.ask("ana", await at.planned({ service: "api", n: 0 }));
    await at.bench.decide("approve", "boris", asked);
    startExecutor(at);
    await expect.poll(async () => (await at.bench.now(asked)).request.state, patience).toBe("SUCCEEDED");
    expect(at.sent.map((key) => key.replace(/^.*-/, ""))).toEqual(["scale", "shows"]);
    const { actions = [] } = requestCard(await at.bench.now(asked));
    const reason = `Undoes scale, request ${asked.request.code}`;
    const args = { system: "alphapulse", operation: "scale", service: "api", n: "3", reason };
    expect(actions).toMatchObject([{ label: "Undo", command: "run", args }]);
    const [button] = await at.bench.store.read([`button/${actions[0]?.id}`]);
    expect(button?.value).toMatchObject({ command: "run", args });
  });

  it.each([
    ["another state", { api: 4, worker: 2 }, "what it changes has changed: api 3 → 4"],
    ["a state in which it makes no sense", { worker: 2 }, "there is no service api. Ask again."],
  ])("is asked for again where it finds %s when it would start, and nothing is sent", async (_, later, why) => {
    const state: { now: StepValue } = { now: { api: 3, worker: 2 } };
    const at = await scene(state);
    const asked = await at.bench.ask("ana", await at.planned({ service: "api", n: 0 }));
    await at.bench.decide("approve", "boris", asked);
    state.now = later;
    startExecutor(at);
    await expect.poll(async () => (await at.bench.now(asked)).request.state, patience).toBe("INVALIDATED");
    expect((await at.bench.now(asked)).request.why).toContain(why);
    expect(at.sent).toEqual([]);
  });

  it("starts with nothing sent where the state cannot be read any more", async () => {
    const state: { now: StepValue | Reading<StepValue> } = { now: { api: 3 } };
    const at = await scene(state);
    const asked = await at.bench.ask("ana", await at.planned({ service: "api", n: 0 }));
    await at.bench.decide("approve", "boris", asked);
    state.now = unread;
    startExecutor(at);
    await expect.poll(async () => (await at.bench.now(asked)).request.state, patience).toBe("FAILED");
    expect((await at.bench.now(asked)).request.why).toContain("Nothing was sent.");
    expect(at.sent).toEqual([]);
  });
});

it("what was a change when it was asked for and destroys by now is asked for again", async () => {
  const { unchanged: _, ...precondition } = scale.precondition ?? {};
  const loose = { ...scale, precondition };
  const state = { api: 4 };
  const bench = await createBench(policy());
  const executor = executorOn(
    bench,
    { scale: loose },
    {
      systems: { reads: { read: async () => ({ ok: true, value: { ...state }, at: 1, latencyMs: 1 }) } },
    },
  );
  const wanted = { system: alphapulse, name: "scale", operation: loose, arguments: { service: "api", n: 3 } };
  const asked = await bench.ask("ana", await plan(executor.ports.systems, wanted));
  expect([asked.sealed.risk, asked.request.state]).toEqual(["change", "APPROVED"]);
  state.api = 8;
  startExecutor(executor);
  await expect.poll(async () => (await bench.now(asked)).request.state, patience).toBe("INVALIDATED");
  expect((await bench.now(asked)).request.why).toContain("as things stand now it is destructive");
});

describe("what sets its system going only with some arguments", () => {
  const file = {
    summary: "Set the mode",
    arguments: { mode: { type: "choice", title: "Mode", choices: ["paper", "live"] } },
    risk: "destructive",
    read: { now: { json: { url: "http://127.0.0.1:1/mode" } } },
    steps: [{ id: "go", title: "Go", http: { method: "POST", url: "http://127.0.0.1:1/{mode}" } }],
  };
  const setMode = OperationFile.parse({
    ...file,
    direction: { default: "neutral", increases: 'mode == "live" || now == "down"' },
  });
  const unsaid = OperationFile.parse(file);

  async function modes(state: { now: StepValue }) {
    const bench = await createBench(policy());
    const reads = { read: async () => ({ ok: true as const, value: state.now, at: 1, latencyMs: 1 }) };
    const executor = executorOn(bench, { "set-mode": setMode }, { systems: { reads } });
    const asked = async (mode: string, operation = setMode) => {
      const wanted = { system: alphapulse, name: "set-mode", operation, arguments: { mode } };
      return bench.ask("ana", await plan(executor.ports.systems, wanted));
    };
    return { bench, executor, asked };
  }

  it.each([
    ["paper", "destructive"],
    ["live", "destructive; increases what can be lost"],
  ])("%s: the card says what is known of what can be lost, and no more", async (mode, words) => {
    const [one, other] = [await modes({ now: "up" }), await modes({ now: "up" })];
    expect(planFields((await one.asked(mode)).sealed)).toContainEqual({ name: "Risk", value: words });
    expect(planFields((await other.asked(mode, unsaid)).sealed)).toContainEqual({ name: "Risk", value: "destructive" });
  });

  it("is ended by a stop only where it would set it going", async () => {
    const { bench, asked } = await modes({ now: "up" });
    const [paper, live] = [await asked("paper"), await asked("live")];
    await bench.ask("chen", { operation: "stop", risk: "change", permission: "stop", urgent: true });
    await endHalted(bench.store, "alphapulse");
    expect((await bench.now(live)).request.state).toBe("INVALIDATED");
    expect((await bench.now(paper)).request.state).toBe("PENDING");
  });

  it("is asked for again where it would by now and nobody was told so", async () => {
    const state = { now: "up" };
    const { bench, executor, asked } = await modes(state);
    const paper = await asked("paper");
    await bench.decide("approve", "boris", paper);
    state.now = "down";
    startExecutor(executor);
    await expect.poll(async () => (await bench.now(paper)).request.state, patience).toBe("INVALIDATED");
    expect((await bench.now(paper)).request.why).toContain("as things stand now it increases what can be lost");
    expect(executor.sent).toEqual([]);
  });

  it("increases where that cannot be judged", () => {
    expect(directionOf(setMode, {})).toBe("increases");
    expect(directionOf(setMode, { mode: "paper", now: "up" })).toBe("neutral");
  });
});

it("what took a plain yes when it was asked for and takes a name by now is asked for again", async () => {
  const { precondition: _, destructiveWhen: __, ...rest } = scale;
  const grave = { ...rest, typed: { name: "{service}", when: "now[service] > 5" } };
  const state = { api: 4 };
  const bench = await createBench(policy());
  const executor = executorOn(
    bench,
    { scale: grave },
    { systems: { reads: { read: async () => ({ ok: true, value: { ...state }, at: 1, latencyMs: 1 }) } } },
  );
  const wanted = { system: alphapulse, name: "scale", operation: grave, arguments: { service: "api", n: 3 } };
  const asked = await bench.ask("ana", await plan(executor.ports.systems, wanted));
  await bench.decide("approve", "boris", asked);
  state.api = 8;
  startExecutor(executor);
  await expect.poll(async () => (await bench.now(asked)).request.state, patience).toBe("INVALIDATED");
  expect((await bench.now(asked)).request.why).toContain("as things stand now whoever approves has to type api");
  expect(executor.sent).toEqual([]);
});

it("reads what it rests on in one round, so that its backend is asked once, and again in another", async () => {
  const two = OperationFile.parse({
    summary: "Change it",
    arguments: { service: { type: "text", title: "Service", from: "services" } },
    risk: "change",
    read: { now: { json: { url: "http://127.0.0.1:1/now" } }, files: { json: { url: "http://127.0.0.1:1/files" } } },
    steps: [{ id: "go", title: "Go", http: { method: "POST", url: "http://127.0.0.1:1/{service}" } }],
  });
  const rounds: unknown[] = [];
  const bench = await createBench(policy());
  const { ports } = executorOn(
    bench,
    { two },
    {
      systems: {
        lists: {
          async read(_system, _list, { round } = {}) {
            rounds.push(round);
            return { ok: true, value: [{ value: "api", label: "" }], at: 1, latencyMs: 1 };
          },
        },
        reads: {
          async read(_system, _planned, round) {
            rounds.push(round);
            // The second reading fails once.
            return rounds.length === 6 ? unread : { ok: true, value: {}, at: 1, latencyMs: 1 };
          },
        },
      },
    },
  );
  const wanted = { system: alphapulse, name: "two", operation: two, arguments: { service: "api" } };
  const { sealed } = await bench.ask("ana", await plan(ports.systems, wanted));
  expect(rounds).toHaveLength(3);
  expect(new Set(rounds).size).toBe(1);
  expect(rounds[0]).toBeDefined();
  await recheck(ports.systems, { sealed, ageMs: 0 }, { ...alphapulse, operations: { two } });
  expect(rounds).toHaveLength(7);
  expect(new Set(rounds.slice(3, 6)).size).toBe(1);
  expect(new Set(rounds).size).toBe(3);
});
