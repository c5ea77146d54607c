import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parsePolicy, policyKey } from "../../src/acts/policy-in-force.ts";
import { claimRun, recordEnd, recordFinish, recordLapse, recordLoss, recordStart } from "../../src/acts/run-request.ts";
import { UserError } from "../../src/domain/failure.ts";
import { Lock, lockKey, type Request, type RequestState, Sealed, standingApprovals } from "../../src/domain/request.ts";
import { verifyJournal } from "../../src/store/verify.ts";
import { people, person, policy } from "../domain/request-fixtures.ts";
import { type Bench, createBench } from "./request-bench.ts";

const who = fc.constantFrom("ana", "boris", "chen", "dana", "emil");
const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("ask" as const), who, name: fc.constantFrom("flatten", "other") }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("decide" as const),
      who,
      verb: fc.constantFrom(
        "approve" as const,
        "approve" as const,
        "deny" as const,
        "withdraw" as const,
        "cancel" as const,
      ),
      nth: fc.nat(1),
      delivery: fc.constantFrom("new", "d1", "d2"),
      channel: fc.constantFrom("ops", "ops", "quiet"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("claim" as const),
      nth: fc.nat(1),
      drift: fc.constantFrom(false, false, true),
      end: fc.constantFrom("done", "done", "done", "refused", "unknown", "dies"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(1_000, 1_000, 6_000, 900_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("rules" as const),
      boris: fc.constantFrom("approver", "viewer"),
      revision: fc.constantFrom("r1", "r2"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("sweep" as const), nth: fc.nat(1) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const ended: readonly string[] = ["DENIED", "CANCELLED", "EXPIRED", "INVALIDATED", "SUCCEEDED", "FAILED"];

/** What must never be seen, whatever is done in whatever order. */
class Watch {
  readonly bench: Bench;
  readonly ids: string[] = [];
  readonly #before = new Map<string, RequestState>();

  constructor(bench: Bench) {
    this.bench = bench;
  }

  /** What must not be, as sentences. */
  async look(): Promise<string[]> {
    const [policyDocument, lockDocument] = await this.bench.store.read([policyKey, lockKey("alphapulse")]);
    const known = parsePolicy(policyDocument).people.map((each) => each.id);
    const holder = lockDocument && Lock.parse(lockDocument.value).request;
    const all = await this.#all();
    const running = all.filter(({ request }) => request.state === "EXECUTING" || request.state === "UNKNOWN");
    return [
      ...all.flatMap(({ request }) => this.#wrongWith(request, known)),
      ...(running.length > 1 ? ["two runs on one target"] : []),
      ...running.filter(({ request }) => request.id !== holder).map(() => "a run without the lock"),
    ];
  }

  #wrongWith(request: Request, known: readonly string[]): string[] {
    const before = this.#before.get(request.id);
    this.#before.set(request.id, request.state);
    const yes = standingApprovals(request).map((decision) => decision.person);
    const { requester } = Sealed.parse(JSON.parse(request.sealed));
    const ran = ["EXECUTING", "SUCCEEDED", "FAILED", "UNKNOWN", "PARTIAL"].includes(request.state);
    const started = before === "APPROVED" && ran;
    const wrong: readonly (readonly [string, boolean])[] = [
      ["other bytes than were sealed", createHash("sha256").update(request.sealed).digest("hex") !== request.digest],
      [
        "a way back from a run",
        (before === "EXECUTING" || before === "UNKNOWN") && ["PENDING", "APPROVED"].includes(request.state),
      ],
      ["an end that was none", before !== undefined && ended.includes(before) && request.state !== before],
      ["a run without a yes", started && yes.length === 0],
      ["a run of one's own", started && yes.includes(requester.person)],
      ["a yes counted twice", new Set(yes).size < yes.length],
      ["a run on the word of nobody", started && yes.some((id) => !known.includes(id))],
    ];
    return wrong.flatMap(([what, is]) => (is ? [what] : []));
  }

  async #all() {
    return Promise.all(this.ids.map(async (id) => this.bench.now({ request: { id } })));
  }
}

async function take({ bench, ids }: Watch, one: Step): Promise<void> {
  const id = "nth" in one ? ids[ids.length - 1 - one.nth] : undefined;
  switch (one.do) {
    case "ask": {
      const { request } = await bench.ask(one.who, { name: one.name });
      if (!ids.includes(request.id)) ids.push(request.id);
      return;
    }
    case "decide": {
      if (id === undefined) return;
      const asked = await bench.now({ request: { id } });
      const invocation = one.delivery === "new" ? {} : { invocation: `${one.who} ${one.verb} ${one.delivery}` };
      await bench.decide(one.verb, one.who, asked, { channel: one.channel, ...invocation });
      return;
    }
    case "claim":
      return id === undefined ? undefined : execute(bench, id, one);
    case "wait":
      bench.clock.now += one.ms;
      return;
    case "rules":
      await bench.adopt(
        policy({
          revision: `${one.revision}-${one.boris}`,
          people: [
            ...people.filter((each) => each.id !== "boris"),
            person("boris", one.boris),
            person("emil", "approver"),
          ],
        }),
      );
      return;
    case "sweep":
      if (id !== undefined) await Promise.all([recordLapse(bench.store, id), recordLoss(bench.store, id)]);
  }
}

async function execute(
  bench: Bench,
  id: string,
  how: { drift: boolean; end: "done" | "refused" | "unknown" | "dies" },
): Promise<void> {
  const drift = how.drift ? ["SOL: new, long 5"] : [];
  const claimed = await claimRun(bench.store, { id, owner: "w", leaseMs: 5_000, drift, directory: bench.directory });
  if (!claimed.claimed || how.end === "dies") return;
  const at = { id, fence: claimed.fence };
  for (const each of ["flatten", "flat"]) {
    if ((await recordStart(bench.store, { ...at, step: each, leaseMs: 5_000 })) === undefined) return;
    await recordEnd(bench.store, { ...at, step: each, outcome: { outcome: how.end, detail: "so it ended" } });
    if (how.end !== "done") break;
  }
  await recordFinish(bench.store, at);
}

it("whatever people, time, new rules and executors do in whatever order, nothing runs that must not", async () => {
  const seen = new Set<RequestState>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
      const bench = await createBench(policy({ people: [...people, person("emil", "approver")] }));
      const watch = new Watch(bench);
      for (const one of steps) {
        await take(watch, one).catch((error: unknown) => {
          if (!(error instanceof UserError)) throw error;
        });
        expect(await watch.look()).toEqual([]);
      }
      for (const id of watch.ids) seen.add((await bench.now({ request: { id } })).request.state);
      expect(await verifyJournal(bench.store)).toMatchObject({ ok: true });
    }),
    { numRuns: 200 },
  );
  // A model that never gets anywhere proves nothing.
  expect([...seen]).toEqual(expect.arrayContaining(["PENDING", "DENIED", "SUCCEEDED", "INVALIDATED"]));
}, 60_000);
