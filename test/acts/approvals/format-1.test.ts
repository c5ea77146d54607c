import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod";
import { requestCard } from "../../../src/cards/request.ts";
import type { Operation } from "../../../src/domain/systems/operation.ts";
import type { Step, StepEnd } from "../../../src/domain/systems/steps.ts";
import { WaitStep } from "../../../src/integrations/http/wait-step.ts";
import { lockKey, parseLock } from "../../../src/records/lock.ts";
import { findRequest, readRequest } from "../../../src/records/request.ts";
import { OperationFile, planner } from "../../fakes/backends.ts";
import { type Executor, executorOn, startExecutor } from "./executor.ts";
import { type Bench, createBench } from "./request-bench.ts";

// Documents and timers as the release before wrote them, with the card it showed. They are kept as they are.

const CardKept = z.looseObject({ blocks: z.array(z.unknown()) });

const Kept = z.object({
  at: z.number(),
  documents: z.array(
    z.object({
      key: z.string(),
      value: z.looseObject({}),
      index: z.record(z.string(), z.string()).exactOptional(),
    }),
  ),
  timers: z.array(z.object({ queue: z.string(), id: z.string(), due: z.number(), body: z.looseObject({}) })),
  card: CardKept,
});

/** A wait as the release before wrote it. */
function wait(id: string, title: string, spec: z.input<typeof WaitStep>): Step {
  return { id, title, kind: "wait", backend: "http", spec: z.json().parse(WaitStep.parse(spec)) };
}

const written = OperationFile.parse({
  summary: "Close every open position of a desk",
  risk: "destructive",
  direction: "reduces",
  arguments: {
    desk: { type: "text", title: "Desk", from: "desks" },
    batch: { type: "integer", title: "Batch", required: false },
  },
  precondition: { positions: { growth: 0.05 } },
  steps: [
    { id: "announce", title: "Tell the desk", note: "The desk was told by telephone." },
    {
      id: "flatten",
      title: "Send the order to close everything",
      http: {
        method: "POST",
        url: "http://127.0.0.1:1/desks/{desk}/flatten",
        json: { batch: "{batch}", note: "for {desk}", dry: false },
        probe: "http://127.0.0.1:1/operations",
        timeoutMs: 4_000,
      },
    },
  ],
});

/** The operation as the release before had it. */
const closeDesk: Operation = {
  ...written,
  steps: [
    ...written.steps,
    wait("drained", "No order is open", {
      url: "http://127.0.0.1:1/orders",
      path: "/open",
      is: { equals: 0 },
      everyMs: 200,
      withinMs: 5_000,
    }),
  ],
  verify: [
    wait("flat", "Read the positions empty", {
      url: "http://127.0.0.1:1/metrics",
      path: "/portfolio/positions",
      is: "empty-array",
      times: 2,
      everyMs: 500,
      withinMs: 60_000,
    }),
  ],
};

interface Left extends Executor {
  readonly bench: Bench;
  readonly id: string;
  readonly card: z.output<typeof Kept>["card"];
  readonly work: () => void;
  readonly state: () => Promise<string>;
  readonly lock: () => Promise<string | null | undefined>;
}

const WithRun = z.looseObject({ run: z.looseObject({ steps: z.array(z.looseObject({ id: z.string() })) }) });

/** A request whose step that flattens has ended already, as the release before wrote it down in the request itself. */
function withEnd(request: object, state: StepEnd["outcome"] | undefined): object {
  if (state === undefined) return request;
  const { run, ...rest } = WithRun.parse(request);
  const steps = run.steps.map((step) => (step.id === "flatten" ? { ...step, state, detail: "told" } : step));
  return { ...rest, run: { ...run, steps } };
}

const Told = z.looseObject({
  id: z.string(),
  digest: z.string(),
  openedAt: z.number(),
  sealed: z.string(),
  decisions: z.array(z.looseObject({ person: z.string(), account: z.string(), at: z.number() })),
});

/** The entries that the release before wrote of it, under the names that it wrote them under. */
async function writtenDown(bench: Bench, documents: readonly { key: string; value: object }[]): Promise<void> {
  const journal = documents
    .filter(({ key }) => key.startsWith("request/"))
    .map(({ value }) => Told.parse(value))
    .flatMap(({ id: request, digest, openedAt, sealed, decisions }) => {
      const { requester } = z
        .object({ requester: z.looseObject({ person: z.string(), account: z.string() }) })
        .parse(JSON.parse(sealed));
      const opened = { kind: "request.opened", at: openedAt, person: requester.person, account: requester.account };
      const decided = decisions.map(({ at, person, account }) => ({ kind: "request.approved", at, person, account }));
      return [opened, ...decided].map((entry) => ({ ...entry, request, digest }));
    });
  await bench.entries(journal);
}

/** What the release before left in its store, and an executor of this one. `found` is what a look at the target finds. */
async function leftBehind(
  name: string,
  {
    operation = closeDesk,
    found = "done",
    flattened,
  }: { operation?: Operation; found?: StepEnd["outcome"]; flattened?: StepEnd["outcome"] } = {},
): Promise<Left> {
  const bench = await createBench();
  const kept = Kept.parse(JSON.parse(readFileSync(new URL(`./format-1/${name}.json`, import.meta.url), "utf8")));
  bench.clock.now = kept.at;
  const storeEpoch = await bench.store.epoch();
  const put = kept.documents.map(({ value, ...document }) => ({
    ...document,
    value: "storeEpoch" in value ? { ...withEnd(value, flattened), storeEpoch } : value,
  }));
  await bench.store.commit({ id: "left-behind", put, timers: kept.timers });
  await writtenDown(bench, put);
  const id = put.find(({ key }) => key.startsWith("request/"))?.key.slice("request/".length) ?? "";
  const desks = { ok: true as const, at: kept.at, latencyMs: 1, value: [{ value: "emea/1", label: "" }] };
  const executor = executorOn(
    bench,
    { "close-desk": operation },
    {
      owner: "w9",
      steps: { probe: async () => ({ outcome: found, detail: "asked" }) },
      systems: { lists: { read: async () => desks } },
    },
  );
  return {
    ...executor,
    bench,
    id,
    card: kept.card,
    work: () => void startExecutor(executor),
    state: async () => (await bench.now({ request: { id } })).request.state,
    lock: async () => {
      const [document] = await bench.store.read([lockKey("alphapulse")]);
      const lock = parseLock(document);
      return lock && (lock.holders[0]?.request ?? null);
    },
  };
}

const Fields = z.object({
  kind: z.literal("fields"),
  fields: z.array(z.object({ name: z.string(), value: z.string() })),
});

/** The card with its fields in the order of their names. */
function byName(card: z.output<typeof CardKept>): z.output<typeof CardKept> {
  const blocks = card.blocks.map((block) => {
    const read = Fields.safeParse(block).data;
    return read ? { ...read, fields: read.fields.toSorted((a, b) => (a.name < b.name ? -1 : 1)) } : block;
  });
  return { ...card, blocks };
}

const key = (id: string, step: string): string => `wardroom-${id}-${step}`;

it.each(["pending", "approved", "executing", "between-steps", "unknown", "unknown-one-step", "partial", "succeeded"])(
  "a request of the release before that is %s shows the card that it showed, and its digest still verifies",
  async (name) => {
    const { bench, id, card } = await leftBehind(name);
    const read = await readRequest(bench.store, id);
    // What matters most stands first by now. How an open outcome is settled, that a step was not begun, what passes the lock and where a run stands is said besides.
    const told = byName(card);
    const shown = { ...told, blocks: expect.arrayContaining(told.blocks) };
    const words = read && JSON.stringify(requestCard(read));
    const before = words
      ?.replaceAll(", not begun", "")
      .replaceAll(", except what is urgent,", "")
      .replace(/"Running\. It is at step 2 of 4, [^"]*"/, '"Running."');
    expect(byName(CardKept.parse(JSON.parse(before ?? "")))).toEqual(shown);
    expect(read && (await findRequest(bench.store, read.request.code, () => true))?.request.id).toBe(id);
  },
);

it("its plan is the one that is made of the same operation now", async () => {
  const { bench, id } = await leftBehind("pending");
  const { sealed } = await bench.now({ request: { id } });
  // The words for people are those of the release that sealed them.
  const plan = planner.plan(closeDesk, sealed.arguments);
  const worded = [...plan.steps, ...plan.verify].map((step) => ({ ...step, description: expect.any(String) }));
  expect([...sealed.plan.steps, ...sealed.plan.verify]).toEqual(worded);
  expect(sealed.plan).toMatchObject({ summary: plan.summary, hardDeadlineMs: plan.hardDeadlineMs });
});

it.each([
  ["took effect", "done", "SUCCEEDED", ["flatten", "flat"]],
  ["never arrived", "refused", "FAILED", ["flatten"]],
] as const)(
  "one that is UNKNOWN and holds a lock is looked up by its key: it %s, and its target is free",
  async (_what, found, settled, asked) => {
    const { bench, id, lookedUp, work, state, lock, sent } = await leftBehind("unknown-one-step", { found });
    expect([await state(), await lock()]).toEqual(["UNKNOWN", id]);
    const before = await bench.now({ request: { id } });
    work();
    bench.clock.now += 119_000;
    expect(await state()).toBe("UNKNOWN");
    bench.clock.now += 1_000;
    await expect.poll(state, { timeout: 60_000 }).toBe(settled);
    expect(await lock()).toBeNull();
    expect(lookedUp).toEqual(asked.map((step) => key(id, step)));
    expect(sent).toEqual([]);
    expect((await bench.now({ request: { id } })).request.sealed).toBe(before.request.sealed);
  },
);

it("one that is UNKNOWN with steps that were never sent is half-way once it is looked up, and keeps its target", async () => {
  const { bench, id, lookedUp, work, state, lock } = await leftBehind("unknown");
  work();
  bench.clock.now += 120_000;
  await expect.poll(state, { timeout: 60_000 }).toBe("PARTIAL");
  expect([lookedUp, await lock()]).toEqual([[key(id, "flatten")], id]);
});

it("one that waits for approval is approved and runs", async () => {
  const { bench, id, sent, work, state, lock } = await leftBehind("pending");
  await bench.decide("approve", "boris", await bench.now({ request: { id } }));
  work();
  await expect.poll(state, { timeout: 60_000 }).toBe("SUCCEEDED");
  expect(sent).toEqual(["announce", "flatten", "drained", "flat"].map((step) => key(id, step)));
  expect(await lock()).toBeNull();
});

it("one that is approved runs, and is asked again when its operation is configured otherwise by now", async () => {
  const same = await leftBehind("approved");
  same.work();
  await expect.poll(same.state, { timeout: 60_000 }).toBe("SUCCEEDED");
  expect(same.sent).toHaveLength(4);
  const other = await leftBehind("approved", { operation: { ...closeDesk, summary: "Close it elsewhere" } });
  other.work();
  await expect.poll(other.state, { timeout: 60_000 }).toBe("INVALIDATED");
  expect(other.sent).toEqual([]);
});

it("one whose step was out when its process died is unknown, not sent again", async () => {
  const { bench, id, sent, work, state, lock } = await leftBehind("executing", { found: "unknown" });
  work();
  expect(await state()).toBe("EXECUTING");
  bench.clock.now += 9_000;
  await expect.poll(state, { timeout: 60_000 }).toBe("UNKNOWN");
  expect([sent, await lock()]).toEqual([[], id]);
});

it("one whose process died between two steps goes on with the next", async () => {
  const { bench, id, sent, work, state } = await leftBehind("between-steps");
  bench.clock.now += 9_000;
  work();
  await expect.poll(state, { timeout: 60_000 }).toBe("SUCCEEDED");
  expect(sent).toEqual(["flatten", "drained", "flat"].map((step) => key(id, step)));
});

it.each([
  ["is not known", "unknown", "UNKNOWN"],
  ["was refused", "refused", "PARTIAL"],
] as const)(
  "one whose process died when it had written down that a step's end %s keeps its run and its target",
  async (_what, flattened, ended) => {
    const { bench, id, sent, lookedUp, work, state, lock } = await leftBehind("executing", {
      flattened,
      found: "refused",
    });
    bench.clock.now += 9_000;
    work();
    await expect.poll(state, { timeout: 60_000 }).toBe(ended);
    const flatten = (await readRequest(bench.store, id))?.run?.steps.find((step) => step.id === "flatten");
    expect([flatten?.state, sent, await lock()]).toEqual([flattened, [], id]);
    bench.clock.now += 120_000;
    await expect.poll(state, { timeout: 60_000 }).toBe("PARTIAL");
    expect(lookedUp).toEqual(flattened === "unknown" ? [key(id, "flatten")] : []);
  },
);

it("its timer for the lease of a run goes with the first thing that is written down of the run", async () => {
  const { bench, id, work, state } = await leftBehind("between-steps");
  expect((await bench.store.owed("runs")).count).toBeGreaterThan(0);
  bench.clock.now += 9_000;
  work();
  await expect.poll(state, { timeout: 60_000 }).toBe("SUCCEEDED");
  await expect.poll(async () => (await bench.store.owed("runs")).count, { timeout: 60_000 }).toBe(0);
  expect(id).not.toBe("");
});
