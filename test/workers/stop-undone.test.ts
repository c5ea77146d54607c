import { describe, expect, it, onTestFinished } from "vitest";
import { requestCard } from "../../src/cards/request.ts";
import type { StepEnd, StepOutcome } from "../../src/domain/systems/steps.ts";
import type { ReadRequest } from "../../src/records/request.ts";
import { executorOn, goOnUntil, startExecutor } from "../acts/approvals/executor.ts";
import { createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

/** The machine may be busy. */
const patience = { timeout: 60_000 };
const done: StepEnd = { outcome: "done", detail: "done" };
const lost: StepEnd = { outcome: "unknown", detail: "the answer was lost" };

const post = (id: string) => ({ id, title: id, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } });
const json = { url: "http://127.0.0.1:1/m", path: "/stopped" };
const read = (id: string, is: string) => ({ id, title: id, watch: { json, is, every: "1s", within: "30s" } });
const halting = { risk: "change", direction: "reduces", permission: "stop", urgent: true };
const operations = {
  stop: OperationFile.parse({
    ...halting,
    summary: "Stop",
    hardDeadlineMs: 60_000,
    steps: [post("stop")],
    verify: [read("stopped", "value == true")],
  }),
  blind: OperationFile.parse({ ...halting, summary: "Stop, with nothing to read", steps: [post("stop")] }),
  reset: OperationFile.parse({
    summary: "Reset",
    risk: "destructive",
    direction: "increases",
    hardDeadlineMs: 120_000,
    steps: [post("reset")],
    verify: [read("trades", "value == false")],
  }),
};

/** A target that stands still or does not, whose reset is under way until it is answered. */
async function scene() {
  const channels = policy().channels.map((each) => ({ ...each, allow: [...each.allow, "stop" as const] }));
  const bench = await createBench(policy({ channels }));
  const target = { stopped: true, resetFound: lost };
  const answer = Promise.withResolvers<StepOutcome>();
  const looked = (holds: boolean, elapsedMs: number): StepOutcome => {
    const detail = `/stopped is ${target.stopped}`;
    if (holds) return done;
    return elapsedMs > 30_000
      ? { outcome: "unknown", detail }
      : { outcome: "waiting", detail, progress: null, againInMs: 200 };
  };
  const executor = executorOn(bench, operations, {
    steps: {
      async run({ id }, { elapsedMs }) {
        if (id === "reset") return answer.promise;
        if (id === "stop") target.stopped = true;
        return id === "stop" ? done : looked(target.stopped === (id === "stopped"), elapsedMs);
      },
      probe: async ({ id }) =>
        id === "reset" ? target.resetFound : target.stopped === (id !== "trades") ? done : lost,
    },
  });
  const ask = (person: string, name: keyof typeof operations): Promise<ReadRequest> => {
    const { risk, direction, permission, urgent } = operations[name];
    const plan = planner.plan(operations[name], {});
    return bench.ask(person, { operation: name, risk, direction, permission, ...(urgent && { urgent }), plan });
  };
  const now = async (asked: ReadRequest) => bench.now(asked);
  const reset = await ask("ana", "reset");
  await bench.decide("approve", "boris", reset);
  startExecutor(executor);
  // Before the workers stop, which wait for what is under way.
  onTestFinished(() => answer.resolve(lost));
  await expect.poll(() => executor.sent.at(-1), patience).toMatch(/-reset$/);
  return {
    bench,
    target,
    reset,
    answer,
    press: (name: "stop" | "blind" = "stop") => ask("chen", name),
    now,
    state: async (asked: ReadRequest) => (await now(asked)).request.state,
    summary: async (asked: ReadRequest) => requestCard(await now(asked)).summary ?? "",
    sent: () => executor.sent.filter((key) => key.endsWith("-stop")).length,
    looks: () => executor.sent.filter((key) => key.endsWith("-stopped")).length,
    until: (holds: () => Promise<boolean> | boolean) => goOnUntil(bench, executor, holds),
  };
}

type Scene = Awaited<ReturnType<typeof scene>>;

/** The stop was read back, and read on, for longer than it would be sent. */
async function readOn(at: Scene, halt: ReadRequest): Promise<void> {
  const before = at.bench.clock.now;
  await at.until(() => at.looks() > 3 && at.bench.clock.now > before + 100_000);
  expect(await at.state(halt)).toBe("EXECUTING");
}

describe("a stop pressed while what sets its system going is under way", () => {
  it("is not done once it is read back: it is read on past its deadline, and its card says for what", async () => {
    const at = await scene();
    const halt = await at.press();
    await readOn(at, halt);
    const { code } = at.reset.request;
    expect(await at.summary(halt)).toMatch(
      new RegExp(
        `^It is read back: AlphaPulse-RL is stopped now\\. But request ${code} \\(reset, .*\\) was sent before it`,
      ),
    );
    expect(at.sent()).toBe(1);
    at.target.resetFound = { outcome: "refused", detail: "it never came" };
    await at.until(async () => (await at.state(halt)) === "SUCCEEDED");
    expect([await at.state(at.reset), at.sent()]).toEqual(["FAILED", 1]);
  });

  it("is sent again as soon as that lands, and is done once it is read back after the other has ended", async () => {
    const at = await scene();
    const halt = await at.press();
    await readOn(at, halt);
    at.target.stopped = false;
    await at.until(() => at.sent() > 1);
    expect(await at.state(halt)).toBe("EXECUTING");
    at.target.resetFound = done;
    await at.until(async () => (await at.state(halt)) === "SUCCEEDED");
    expect(at.target.stopped).toBe(true);
    expect(await at.summary(halt)).toContain(`While request ${at.reset.request.code} (reset, `);
  });

  it("is not done by a look that began before the other had ended", async () => {
    const at = await scene();
    const halt = await at.press();
    await at.until(() => at.looks() > 1);
    at.target.stopped = false;
    at.answer.resolve(done);
    await at.until(async () => (await at.state(halt)) === "SUCCEEDED");
    expect([at.target.stopped, at.sent()]).toEqual([true, 2]);
  });

  it("holds on for nothing whose acts were all answered: that it does not show is the stop's doing", async () => {
    const at = await scene();
    at.answer.resolve(done);
    const halt = await at.press();
    await at.until(async () => (await at.state(at.reset)) === "UNKNOWN");
    await at.until(async () => (await at.state(halt)) === "SUCCEEDED");
    expect(await at.state(at.reset)).toBe("UNKNOWN");
  });

  it("is sent again and again where nothing tells whether it holds", async () => {
    const at = await scene();
    const halt = await at.press("blind");
    await at.until(() => at.sent() > 2);
    expect(await at.state(halt)).toBe("EXECUTING");
    at.target.resetFound = done;
    at.answer.resolve(done);
    await at.until(async () => (await at.state(halt)) === "SUCCEEDED");
  });
});

it("a stop given up on is not found done late while what was sent before it may land", async () => {
  const at = await scene();
  at.target.stopped = false;
  const halt = await at.press("blind");
  await at.until(async () => (await at.state(halt)) === "UNKNOWN");
  at.target.stopped = true;
  const before = at.bench.clock.now;
  await at.until(() => at.bench.clock.now > before + 30_000);
  expect(await at.state(halt)).toBe("UNKNOWN");
  at.target.resetFound = { outcome: "refused", detail: "it never came" };
  await at.until(async () => (await at.state(halt)) === "SUCCEEDED");
});

it("a stop is held by nothing that has ended", async () => {
  const at = await scene();
  at.answer.resolve({ outcome: "refused", detail: "answered 409" });
  await at.until(async () => (await at.state(at.reset)) === "FAILED");
  const halt = await at.press();
  await at.until(async () => (await at.state(halt)) === "SUCCEEDED");
  expect(at.sent()).toBe(1);
});
