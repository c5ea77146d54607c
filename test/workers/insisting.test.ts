import { describe, expect, it } from "vitest";
import { requestCard } from "../../src/cards/request.ts";
import type { StepEnd, StepOutcome, StepRunner } from "../../src/domain/systems/steps.ts";
import { openRequests, type ReadRequest, readRequest } from "../../src/records/request.ts";
import { executorOn, goOnUntil, startExecutor } from "../acts/approvals/executor.ts";
import { alphapulse, createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

/** The machine may be busy. */
const patience = { timeout: 60_000 };
const dead: StepOutcome = { outcome: "refused", detail: "127.0.0.1:1: connection refused" };
const done: StepOutcome = { outcome: "done", detail: "done" };
const open: StepOutcome = { outcome: "waiting", detail: "/stopped is false", progress: 0, againInMs: 200 };

const post = (id: string) => ({ id, title: id, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } });
const stop = OperationFile.parse({
  summary: "Stop",
  risk: "change",
  direction: "reduces",
  permission: "stop",
  urgent: true,
  hardDeadlineMs: 60_000,
  fallback: { operation: "pull-the-plug", text: "Or call the exchange." },
  followUp: { operation: "wind-down", reason: "what is left after the stop" },
  steps: [post("stop")],
  verify: [
    {
      id: "read",
      title: "Read",
      watch: { json: { url: "http://127.0.0.1:1/m", path: "/s" }, is: "value == true", every: "1s", within: "30s" },
    },
  ],
});
const plug = OperationFile.parse({
  summary: "Pull the plug",
  risk: "change",
  direction: "reduces",
  urgent: true,
  steps: [post("plug")],
});
const windDown = OperationFile.parse({
  summary: "Close all",
  risk: "destructive",
  direction: "reduces",
  steps: [post("close")],
});

const followedBy = (operation: string) => ({
  summary: "Stop again",
  risk: "change",
  direction: "reduces",
  permission: "stop",
  urgent: true,
  followUp: { operation },
});

const telling = OperationFile.parse({
  ...stop,
  steps: [post("stop"), { ...post("note"), once: "read-back" }],
  verify: [
    {
      id: "read",
      title: "Read",
      watch: { json: { url: "http://127.0.0.1:1/m", path: "/s" }, is: "value == true", every: "1s", within: "30s" },
    },
  ],
});

async function scene(how: Parameters<typeof executorOn>[2] = {}, stopping = stop) {
  const channels = policy().channels.map((each) => ({ ...each, allow: [...each.allow, "stop" as const] }));
  const bench = await createBench(policy({ channels }));
  const told = { stop: dead, read: open };
  const probed: { end: StepEnd } = { end: { outcome: "unknown", detail: "lost" } };
  const run: StepRunner["run"] = async ({ id }) => (id === "stop" || id === "read" ? told[id] : done);
  const executor = executorOn(
    bench,
    { stop: stopping, "pull-the-plug": plug, "wind-down": windDown },
    { steps: { run, probe: async () => probed.end }, ...how },
  );
  const { risk, direction, permission } = stop;
  const plan = planner.plan(stopping, {});
  const asked = await bench.ask("chen", { operation: "stop", risk, direction, permission, urgent: true, plan });
  return {
    ...executor,
    bench,
    asked,
    told,
    probed,
    notes: () => executor.sent.filter((key) => key.endsWith("-note")),
    tries: () => executor.sent.filter((key) => key.endsWith("-stop")),
    card: async (read: ReadRequest = asked) => requestCard(await bench.now(read)),
    state: async () => (await bench.now(asked)).request.state,
    followUps: async () =>
      (await openRequests(bench.store)).found.filter(({ sealed }) => sealed.operation === "wind-down"),
    /** Every request of these operations, whether it is over or not. */
    async inTheCircle(circle: object) {
      const documents = await bench.store.list("request", "openedAt");
      const read = await Promise.all(documents.map(({ key }) => readRequest(bench.store, key.replace("request/", ""))));
      return read.flatMap((each) => (each && each.sealed.operation in circle ? [each] : []));
    },
    until: (holds: () => Promise<boolean> | boolean) => goOnUntil(bench, executor, holds),
  };
}

describe("a stop whose target does not answer", () => {
  it("is sent again under the same key until it is read back, and is done then", async () => {
    const at = await scene();
    startExecutor(at);
    await at.until(() => at.tries().length >= 3);
    expect(new Set(at.tries())).toEqual(new Set([`wardroom-${at.asked.request.id}-stop`]));
    at.told.stop = { outcome: "unknown", detail: "the answer was lost" };
    at.told.read = done;
    await at.until(async () => (await at.state()) === "SUCCEEDED");
    expect((await at.card()).summary).toContain("It is read back.");
  });

  it("says plainly that it is not known to be stopped, offers the fallback, and gives up at its hard deadline", async () => {
    const at = await scene();
    startExecutor(at);
    await at.until(async () => (await at.card()).summary?.includes("NOT known") ?? false);
    const card = await at.card();
    expect(card.summary).toContain(
      "stop (POST http://127.0.0.1:1/stop): 127.0.0.1:1: connection refused. AlphaPulse-RL is NOT known to be stopped.",
    );
    expect(JSON.stringify(card.blocks)).toContain("Fallback: run alphapulse pull-the-plug. Or call the exchange.");
    expect(card.actions).toMatchObject([
      { label: "Fallback: pull-the-plug", command: "run", args: { system: "alphapulse", operation: "pull-the-plug" } },
    ]);
    const [button] = await at.bench.store.read([`button/${card.actions?.[0]?.id}`]);
    expect(button?.value).toMatchObject({ command: "run", args: { operation: "pull-the-plug" } });
    await at.until(async () => (await at.state()) === "FAILED");
    expect((await at.card()).summary).toContain("NOT known to be stopped. It is no longer sent");
    const entries = (await at.bench.store.journal({ limit: 500 })).flatMap((link) => link.entries);
    const ends = entries.filter(({ kind, step }) => kind === "request.step-ended" && step === "stop");
    expect(ends.length).toBe(at.tries().length);
    expect(ends.at(-1)).toMatchObject({ said: "refused: 127.0.0.1:1: connection refused" });
  });

  it("is UNKNOWN at its hard deadline when a try may have had its effect", async () => {
    const at = await scene();
    at.told.stop = { outcome: "unknown", detail: "the answer was lost" };
    startExecutor(at);
    await at.until(() => at.tries().length >= 2);
    at.told.stop = dead;
    await at.until(async () => (await at.state()) === "UNKNOWN");
    // It never held the target, so it holds up nobody now.
    expect(await at.bench.store.read(["lock/alphapulse"])).toEqual([undefined]);
  });

  it("is told where it is read back past its deadline, once, and only then", async () => {
    const at = await scene({}, telling);
    at.told.stop = { outcome: "unknown", detail: "the answer was lost" };
    startExecutor(at);
    await at.until(async () => (await at.state()) === "UNKNOWN");
    expect(at.notes()).toEqual([]);
    at.probed.end = { outcome: "done", detail: "/stopped is true" };
    const noteOf = async () => (await at.bench.now(at.asked)).run?.steps.find(({ id }) => id === "note")?.state;
    await at.until(async () => (await noteOf()) === "done");
    expect(await at.state()).toBe("SUCCEEDED");
    expect((await at.card()).summary).not.toContain("note");
    const entries = (await at.bench.store.journal({ limit: 500 })).flatMap((link) => link.entries);
    const told = entries.flatMap(({ kind, step }) => (step === "note" ? [kind] : []));
    expect([at.notes().length, told]).toEqual([1, ["request.step-started", "request.step-ended"]]);
  });
});

describe("what follows a stop", () => {
  it("is asked for once it has started, in the name of whoever stopped, and somebody else approves", async () => {
    const at = await scene();
    startExecutor(at);
    await at.until(async () => (await at.followUps()).length === 1);
    const [{ request, sealed } = at.asked] = await at.followUps();
    expect([request.state, sealed.requester.person, request.reason]).toEqual([
      "PENDING",
      "chen",
      "what is left after the stop",
    ]);
    await at.until(async () =>
      JSON.stringify((await at.card()).blocks).includes(`request ${request.code} (wind-down)`),
    );
    const whole = await at.bench.now({ request });
    await expect(at.bench.decide("approve", "chen", whole)).rejects.toThrow("it takes somebody else");
    expect((await at.bench.decide("approve", "boris", whole)).request.state).toBe("APPROVED");
    const due = await at.bench.store.claim("notices/console", { leaseMs: 1, limit: 50 });
    expect(due.map(({ id }) => id).filter((id) => id.includes(request.id))).not.toEqual([]);
  });

  it("is asked for once, however often somebody stops", async () => {
    const at = await scene();
    const { sealed } = at.asked;
    const again = { operation: "stop", risk: sealed.risk, direction: sealed.direction, permission: sealed.permission };
    const two = await at.bench.ask("chen", { ...again, urgent: true, plan: sealed.plan });
    startExecutor(at);
    await at.until(async () => (await at.bench.now(two)).request.followUp !== undefined);
    await at.until(async () => (await at.bench.now(at.asked)).request.followUp !== undefined);
    expect(await at.followUps()).toHaveLength(1);
  });

  it("is not asked for again while it rests after three denials, which the card of the stop says", async () => {
    const at = await scene();
    at.told.stop = done;
    at.told.read = done;
    startExecutor(at);
    const { sealed } = at.asked;
    const again = { operation: "stop", risk: sealed.risk, direction: sealed.direction, permission: sealed.permission };
    const denied = async (pressed: ReadRequest): Promise<void> => {
      await at.until(async () => (await at.bench.now(pressed)).request.followUp !== undefined);
      const [waits] = await at.followUps();
      if (waits) await at.bench.decide("deny", "boris", waits);
    };
    await denied(at.asked);
    const press = () => at.bench.ask("chen", { ...again, urgent: true, plan: sealed.plan });
    await denied(await press());
    await denied(await press());
    const last = await press();
    await at.until(async () => (await at.bench.now(last)).request.followUp !== undefined);
    expect(await at.followUps()).toEqual([]);
    expect((await at.bench.now(last)).request.followUp).toMatch(
      /^What follows it could not be asked for: wind-down on alphapulse was denied 3 times when you asked, so it rests\. You may ask again at /,
    );
  });

  it.each([
    ["itself", { again: "again" }],
    ["what leads back to it", { again: "back", back: "again" }],
  ])("is never asked for in a circle, where a file got past the check with %s", async (_what, circle) => {
    const chained = Object.entries(circle).map(([id, next]) =>
      OperationFile.parse({ ...followedBy(next), steps: [post(id)] }),
    );
    const operations = Object.fromEntries(Object.keys(circle).map((id, at) => [id, chained[at] ?? stop]));
    const at = await scene({ systems: { find: (id) => ({ ...alphapulse, id, operations }) } });
    const { risk, direction, permission } = stop;
    const plan = planner.plan(operations["again"] ?? stop, {});
    await at.bench.ask("chen", { operation: "again", risk, direction, permission, urgent: true, plan });
    startExecutor(at);
    const told = async () => (await at.inTheCircle(circle)).map(({ request }) => request.followUp);
    await at.until(async () => (await told()).every((words) => words !== undefined));
    expect(await told()).toHaveLength(chained.length);
    expect(JSON.stringify(await told())).toContain(
      "could not be asked for: Nothing follows by itself what followed by itself, and nothing follows itself. Ask for it: run alphapulse again.",
    );
  });

  it("is tried again while its target cannot be read, and then said on the card with how to ask for it", async () => {
    const health = {
      identify: async () => ({ is: "unread", why: "connection refused" }) as const,
      check: () => Promise.reject(new Error("not asked")),
    };
    const at = await scene({ systems: { health } });
    startExecutor(at);
    await at.until(async () => (await at.bench.now(at.asked)).request.followUp !== undefined);
    expect(at.bench.clock.now - at.asked.request.openedAt).toBeGreaterThanOrEqual(120_000);
    expect(JSON.stringify((await at.card()).blocks)).toContain("Ask for it: run alphapulse wind-down.");
    expect(await at.followUps()).toEqual([]);
  });
});

describe("a stop on a store that is slow", () => {
  it.each([3_000, 6_000, 10_000])("is sent although each commit takes %d ms", async (ms) => {
    const at = await scene();
    const commit = at.bench.store.commit.bind(at.bench.store);
    at.bench.store.commit = async (change) => {
      at.bench.clock.now += ms;
      return commit(change);
    };
    at.told.stop = done;
    at.told.read = done;
    startExecutor(at);
    await expect.poll(async () => (await at.state()) === "SUCCEEDED", patience).toBe(true);
    expect(new Set(at.tries())).toEqual(new Set([`wardroom-${at.asked.request.id}-stop`]));
  });
});
