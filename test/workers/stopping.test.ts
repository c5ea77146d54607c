import { describe, expect, it, onTestFinished } from "vitest";
import { claimRun } from "../../src/acts/approvals/claim-run.ts";
import { requestCard } from "../../src/cards/request.ts";
import type { Log } from "../../src/domain/log.ts";
import type { Operation } from "../../src/domain/systems/operation.ts";
import type { StepEnd, StepOutcome } from "../../src/domain/systems/steps.ts";
import { lockKey, parseLock } from "../../src/records/lock.ts";
import type { ReadRequest } from "../../src/records/request.ts";
import { type Executor, executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { alphapulse, type Bench, createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";
import { quiet } from "../stories/room.ts";

/** The machine may be busy. */
const patience = { timeout: 60_000 };
const done: StepOutcome = { outcome: "done", detail: "done" };
const lost: StepEnd = { outcome: "unknown", detail: "the answer was lost" };
const no: StepOutcome = { outcome: "refused", detail: "answered 409" };

const written = (...ids: string[]): object => ({
  summary: ids.join(" and "),
  steps: ids.map((id) => ({ id, title: id, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } })),
});
const stop = OperationFile.parse({
  ...written("stop"),
  risk: "change",
  direction: "reduces",
  permission: "stop",
  urgent: true,
});
const rebuild = OperationFile.parse({ ...written("act", "second"), risk: "destructive", hardDeadlineMs: 30_000 });
const halve = OperationFile.parse({ ...written("halve"), risk: "change", direction: "reduces" });
const operations = { stop, rebuild, halve };

const torn = { key: lockKey("alphapulse"), value: { format: 9 } };

interface Scene extends Executor {
  readonly bench: Bench;
  readonly logged: string[];
  answers: (step: string) => StepOutcome | Promise<StepOutcome>;
  ask(person: string, name: keyof typeof operations, more?: Parameters<Bench["ask"]>[1]): Promise<ReadRequest>;
  state(asked: ReadRequest): Promise<string>;
  /** A run of `rebuild` that two people wanted and that ends in such a state, or does not end. */
  left(state: "PARTIAL" | "UNKNOWN" | "EXECUTING"): Promise<ReadRequest>;
  holders(): Promise<readonly string[]>;
  /** How often the target was asked who it is. */
  identified(): number;
}

async function scene(how: Parameters<typeof executorOn>[2] = {}): Promise<Scene> {
  const channels = policy().channels.map((each) => ({ ...each, allow: [...each.allow, "stop" as const] }));
  const bench = await createBench(policy({ channels }));
  const logged: string[] = [];
  const log: Log = { ...quiet, info: (message) => void logged.push(message) };
  let identified = 0;
  const health = {
    async identify() {
      identified += 1;
      return { is: "proven" } as const;
    },
    check: () => Promise.reject(new Error("not asked")),
  };
  const executor = executorOn(bench, operations, {
    ...how,
    systems: { health, ...how.systems },
    steps: { run: async ({ id }) => made.answers(id), probe: async () => lost, ...how.steps },
  });
  const made: Scene = {
    ...executor,
    ports: { ...executor.ports, log },
    bench,
    logged,
    identified: () => identified,
    answers: () => done,
    ask: (person, name, more) => bench.ask(person, { ...proposed(name, operations[name]), ...more }),
    state: async (asked) => (await bench.now(asked)).request.state,
    async left(state) {
      const hangs = Promise.withResolvers<StepOutcome>();
      const second = { PARTIAL: no, UNKNOWN: lost, EXECUTING: hangs.promise }[state];
      made.answers = (step) => (step === "second" ? second : done);
      const asked = await made.ask("ana", "rebuild");
      await bench.decide("approve", "boris", asked);
      startExecutor(made);
      onTestFinished(() => hangs.resolve(lost));
      await expect.poll(() => made.sent.at(-1), patience).toMatch(/second$/);
      await expect.poll(() => made.state(asked), patience).toBe(state);
      return asked;
    },
    async holders() {
      const [document] = await bench.store.read([lockKey("alphapulse")]);
      return (parseLock(document)?.holders ?? []).map(({ request }) => request);
    },
  };
  return made;
}

function proposed(name: string, operation: Operation) {
  const { risk, direction, permission, urgent } = operation;
  const plan = planner.plan(operation, {});
  return { operation: name, risk, direction, permission, ...(urgent && { urgent }), plan };
}

describe("an emergency stop", () => {
  it.each(["PARTIAL", "UNKNOWN"] as const)("is not held up by a run that is %s, a day later", async (state) => {
    const at = await scene();
    const first = await at.left(state);
    at.bench.clock.now += 86_400_000;
    const before = await at.bench.store.read([lockKey("alphapulse")]);
    const halt = await at.ask("chen", "stop");
    expect(halt.request.state).toBe("APPROVED");
    await expect.poll(() => at.state(halt), patience).toBe("SUCCEEDED");
    expect(requestCard(await at.bench.now(halt)).summary).toContain(
      `past the lock of request ${first.request.code} (rebuild, `,
    );
    expect(await at.bench.store.read([lockKey("alphapulse")])).toEqual(before);
    expect(await at.holders()).toEqual([first.request.id]);
  });

  it("is not held up by a run that hangs, and its end frees nothing that is another's", async () => {
    const at = await scene();
    const first = await at.left("EXECUTING");
    const halt = await at.ask("chen", "stop");
    await expect.poll(() => at.state(halt), patience).toBe("SUCCEEDED");
    expect([await at.state(first), await at.holders()]).toEqual(["EXECUTING", [first.request.id]]);
  });

  it.each([
    ["presses of one stop", () => "all"],
    ["stops of different targets", (pressed: number) => `service-${Math.floor(pressed / 16)}`],
  ])("is sent while any number of %s of another system hang", { timeout: 60_000 }, async (_what, target) => {
    const hangs = Promise.withResolvers<StepOutcome>();
    const other = { ...alphapulse, id: "other" };
    const others = new Set<string>();
    const at = await scene({
      steps: { run: (_step, { key }) => (others.has(key) ? Promise.resolve(done) : hangs.promise) },
    });
    // More than there are places for what is urgent in a process.
    for (let pressed = 0; pressed < 300; pressed += 1)
      await at.ask("chen", "stop", { arguments: { target: target(pressed) } });
    startExecutor(at);
    onTestFinished(() => hangs.resolve(lost));
    await expect.poll(() => at.sent.length, patience).toBeGreaterThan(0);
    const halt = await at.ask("chen", "stop", { system: other });
    others.add(`wardroom-${halt.request.id}-stop`);
    await expect.poll(() => at.state(halt), patience).toBe("SUCCEEDED");
  });

  it("goes ahead on what people.yaml gives where a platform does not answer about people", async () => {
    const at = await scene();
    at.bench.standings.set("console:chen", "silent");
    const halt = await at.ask("chen", "stop");
    startExecutor(at);
    await expect.poll(() => at.state(halt), patience).toBe("SUCCEEDED");
  });

  it("is not sent for whoever their platform no longer vouches for", async () => {
    const at = await scene();
    at.bench.standings.set("console:chen", { ok: false, why: "deactivated", remedy: "" });
    const halt = await at.ask("chen", "stop");
    startExecutor(at);
    await expect.poll(() => at.state(halt), patience).toBe("INVALIDATED");
    expect(at.sent).toEqual([]);
  });

  it.each([
    ["cannot be read", "unread", "SUCCEEDED"],
    ["says that it is another", "contradicted", "FAILED"],
  ] as const)("a target whose identity %s: %s", async (_what, is, state) => {
    const health = {
      identify: async () => ({ is, why: "so it said" }),
      check: () => Promise.reject(new Error("not asked")),
    };
    const at = await scene({ systems: { health } });
    const halt = await at.ask("chen", "stop");
    // Late enough to be read anew.
    at.bench.clock.now += 20_000;
    startExecutor(at);
    await expect.poll(() => at.state(halt), patience).toBe(state);
    expect(at.sent.length).toBe(state === "SUCCEEDED" ? 1 : 0);
  });

  it("holds under rules that changed meanwhile, as long as whoever pressed may still stop", async () => {
    const at = await scene();
    const halt = await at.ask("chen", "stop");
    const { channels } = policy();
    const allowing = channels.map((each) => ({ ...each, allow: [...each.allow, "stop" as const] }));
    await at.bench.adopt(policy({ revision: "r2", channels: allowing }));
    startExecutor(at);
    await expect.poll(() => at.state(halt), patience).toBe("SUCCEEDED");
    const again = await at.ask("chen", "stop");
    await at.bench.adopt(policy({ revision: "r3", people: policy().people.filter(({ id }) => id !== "chen") }));
    await expect.poll(() => at.state(again), patience).toBe("INVALIDATED");
  });

  it("stands behind no twin of its own: each press is another try", async () => {
    const at = await scene();
    const [one, two] = [await at.ask("chen", "stop"), await at.ask("chen", "stop")];
    expect(one.request.id).not.toBe(two.request.id);
    startExecutor(at);
    await expect
      .poll(async () => [await at.state(one), await at.state(two)], patience)
      .toEqual(["SUCCEEDED", "SUCCEEDED"]);
  });

  it.each([
    ["a lock that cannot be read", async (at: Scene) => at.bench.store.commit({ id: "torn", put: [torn] })],
    [
      "a holder whose record was changed behind our back",
      async (at: Scene) => {
        const holders = [{ request: "forged", targets: [] }];
        const lock = { key: lockKey("alphapulse"), value: { format: 2, holders, fence: 3 } };
        const record = { key: "request/forged", value: { format: 2, sealed: "{}" } };
        return at.bench.store.commit({ id: "forged", put: [lock, record] });
      },
    ],
  ])("goes past %s", async (_what, change) => {
    const at = await scene();
    await change(at);
    const halt = await at.ask("chen", "stop");
    startExecutor(at);
    await expect.poll(() => at.state(halt), patience).toBe("SUCCEEDED");
    expect(requestCard(await at.bench.now(halt)).summary).toContain("It went past ");
  });

  it("is asked for by somebody who has as many requests waiting as anybody may", async () => {
    const at = await scene();
    const plan = planner.plan(rebuild, {});
    for (let number = 0; number < 5; number += 1)
      await at.ask("chen", "rebuild", { operation: `other-${number}`, plan });
    await expect(at.ask("chen", "rebuild", { operation: "other-6" })).rejects.toThrow("requests waiting already");
    expect((await at.ask("chen", "stop")).request.state).toBe("APPROVED");
  });

  it.each([
    ["destroys something", { risk: "destructive" }],
    ["may make more of what can be lost", { direction: "increases" }],
  ] as const)("is the only thing that passes a lock: not what says that it is urgent and %s", async (_what, more) => {
    const at = await scene();
    const first = await at.left("PARTIAL");
    const urgent = { ...more, urgent: true } as const;
    const asked = await at.ask("ana", "halve", urgent);
    if (asked.request.state === "PENDING") await at.bench.decide("approve", "boris", asked);
    await expect.poll(async () => (await at.bench.now(asked)).request.state, patience).toMatch(/INVALIDATED|APPROVED/);
    expect([at.sent.filter((key) => key.endsWith("halve")), await at.holders()]).toEqual([[], [first.request.id]]);
  });
});

it("what is approved waits for a platform that is silent about people, says so, and runs when it answers", async () => {
  const at = await scene();
  const asked = await at.ask("ana", "rebuild");
  await at.bench.decide("approve", "boris", asked);
  at.bench.standings.set("console:ana", "silent");
  startExecutor(at);
  const card = async () => requestCard(await at.bench.now(asked));
  await expect.poll(async () => (await card()).summary, patience).toContain("It waits until a platform can be asked");
  expect((await card()).title).toContain(": approved, held up");
  at.bench.standings.delete("console:ana");
  at.bench.clock.now += 240_000;
  await expect.poll(() => at.state(asked), patience).toBe("SUCCEEDED");
  expect(at.sent).toHaveLength(2);
});

describe("whatever waits for a lock", () => {
  it("says for which request, on its card, in the journal and in the log once, and when its time is over", async () => {
    const at = await scene();
    const first = await at.left("PARTIAL");
    const asked = await at.ask("ana", "halve");
    const waits = `for request ${first.request.code} (rebuild, stopped half-way)`;
    const summary = async () => requestCard(await at.bench.now(asked)).summary;
    const before = at.identified();
    await expect.poll(summary, patience).toContain(`It waits ${waits}`);
    for (let tries = 0; tries < 3; tries += 1) {
      at.bench.clock.now += 1_000;
      await expect
        .poll(async () => (await at.bench.store.owed("runs/reducing")).oldestDue, patience)
        .toBeGreaterThan(at.bench.clock.now);
    }
    expect(at.logged.filter((message) => message === "a run was not started")).toHaveLength(1);
    // Whatever waits asks its target nothing.
    expect(at.identified()).toBe(before);
    const told = (await at.bench.store.journal({ limit: 50 })).flatMap(({ entries }) => entries);
    expect(told.filter(({ kind }) => kind === "request.held-up")).toMatchObject([{ why: waits }]);
    at.bench.clock.now += 60_000;
    await expect.poll(() => at.state(asked), patience).toBe("EXPIRED");
    expect(await summary()).toBe(`It was approved but could not start in time: it waited ${waits}. Nothing was done.`);
  });

  it("runs beside what concerns other targets of the system, and not beside the whole of it", async () => {
    const at = await scene();
    const concerning = (name: "rebuild" | "halve", service: string) => {
      const operation = { ...operations[name], targets: [`service/${service}`] };
      return { operation: `${name}-${service}`, plan: planner.plan(operation, {}) };
    };
    at.answers = (step) => (step === "second" ? lost : done);
    const held = await at.ask("ana", "rebuild", concerning("rebuild", "api"));
    await at.bench.decide("approve", "boris", held);
    const same = await at.ask("ana", "halve", concerning("halve", "api"));
    const other = await at.ask("ana", "halve", concerning("halve", "ipfs"));
    const whole = await at.ask("ana", "halve");
    const claim = async ({ request: { id } }: ReadRequest) => {
      const by = { id, owner: "w", check: { drift: [] }, directory: at.bench.directory };
      return (await claimRun(at.bench.store, by)).claimed;
    };
    expect([await claim(held), await claim(same), await claim(other), await claim(whole)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(await at.holders()).toEqual([held.request.id, other.request.id]);
  });
});
