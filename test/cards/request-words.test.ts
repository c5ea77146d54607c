import { expect, it } from "vitest";
import { askedBeforeCard } from "../../src/cards/asked-before.ts";
import { overviewCard } from "../../src/cards/overview.ts";
import { requestsCard } from "../../src/cards/requests.ts";
import { requestWords } from "../../src/domain/approvals/request.ts";
import { needWords } from "../../src/domain/people/need-words.ts";
import { metByAsking } from "../../src/reads/outlook.ts";
import { putRequest } from "../../src/records/request.ts";
import { type Bench, createBench } from "../acts/approvals/request-bench.ts";

/** A request that was approved and that something holds up. */
async function heldUp(bench: Bench) {
  const asked = await bench.ask("ana");
  await bench.decide("approve", "boris", asked);
  const { request, sealed } = await bench.now(asked);
  await bench.store.commit({ id: "held-up", put: [putRequest({ ...request, heldUp: "for request ABCDEF" }, sealed)] });
  return bench.now(asked);
}

it("what is held up says so wherever it is named", async () => {
  const bench = await createBench();
  const read = await heldUp(bench);
  const { code } = read.request;
  expect(requestWords(read)).toBe(`request ${code} (flatten, approved, held up)`);
  expect(askedBeforeCard(read, { person: "ana", now: bench.clock.now }).summary).toContain(": approved, held up.");
  expect(JSON.stringify(requestsCard({ found: [read], unreadable: [] }, bench.clock.now))).toContain(
    '"approved, held up"',
  );
  const of = { targets: [], urgent: false };
  expect(await metByAsking(bench.store, { system: "alphapulse", operation: "flatten", of })).toMatchObject([
    { state: "approved, held up" },
  ]);
});

it("the time that is left is told in hours where it is hours", async () => {
  const bench = await createBench();
  const { request, sealed } = await bench.ask("ana");
  const left = (ms: number) =>
    JSON.stringify(requestsCard({ found: [{ request, sealed }], unreadable: [] }, sealed.decideBy - ms));
  expect(left(86_398_000)).toContain('"23 h 59 min"');
  expect(left(5_400_000)).toContain('"90 min"');
  expect(left(42_000)).toContain('"42 s"');
  expect(left(-5_000)).toContain('"0 s"');
});

it("two of a role are told in the plural", () => {
  const slots = (count: number) => [[{ count, role: "approver" }]];
  expect(needWords(slots(2))).toBe("2 approvers");
  expect(needWords(slots(1))).toBe("1 approver");
});

it("what stopped half-way leads the title of how everything is, with how many more there are", async () => {
  const bench = await createBench();
  const { request, sealed } = await bench.now(await bench.ask("ana"));
  const halfWay = { request: { ...request, state: "PARTIAL" as const }, sealed };
  const card = overviewCard({ states: [], requests: [halfWay, halfWay, { request, sealed }] }, bench.clock.now);
  expect(card.title).toBe(`${sealed.systemTitle}: flatten ${request.code} stopped half-way, and 1 more`);
  expect(card.tone).toBe("bad");
});

it.each(["APPROVED", "EXECUTING", "UNKNOWN"] as const)(
  "while a stop is %s nothing says that everything is up, and it comes before whatever else is open",
  async (state) => {
    const bench = await createBench();
    const { request, sealed } = await bench.now(
      await bench.ask("chen", { operation: "stop", permission: "stop", direction: "reduces" }),
    );
    const other = {
      request: { ...request, state: "PARTIAL" as const },
      sealed: { ...sealed, permission: "ask" as const },
    };
    const stop = { request: { ...request, state }, sealed };
    const card = overviewCard({ states: [], requests: [stop] }, bench.clock.now);
    expect(card.title).toMatch(/^AlphaPulse-RL: stop [0-9A-F]{6} is (?:not done yet|unknown)$/);
    expect(card.tone).not.toBe("good");
    expect(overviewCard({ states: [], requests: [other, stop] }, bench.clock.now).title).toMatch(
      /: stop .*, and 1 more$/,
    );
    const done = { request: { ...request, state: "SUCCEEDED" as const }, sealed };
    expect(overviewCard({ states: [], requests: [done] }, bench.clock.now).title).toBe("Everything is up");
  },
);
