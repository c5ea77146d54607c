import { describe, expect, it } from "vitest";
import { claimRun } from "../../src/acts/approvals/claim-run.ts";
import { findRequest, openRequests, putRequest, type ReadRequest, readRequest } from "../../src/records/request.ts";
import { runKey } from "../../src/records/run.ts";
import { type Bench, createBench } from "../acts/approvals/request-bench.ts";

/** Changes the record of a request behind the bot's back. */
async function tamper(bench: Bench, { request, sealed }: ReadRequest, change: object): Promise<void> {
  const put = putRequest({ ...request, ...change }, sealed);
  await bench.store.commit({ id: `tamper-${request.id}`, put: [put] });
}

describe("bytes that are not what was approved", () => {
  const otherSystem = ({ request }: ReadRequest) => ({ sealed: request.sealed.replace("alphapulse", "another-one") });

  it("are refused where they are read", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    await tamper(bench, asked, otherSystem(asked));
    await expect(readRequest(bench.store, asked.request.id)).rejects.toThrow("does not match its digest");
    await expect(bench.decide("approve", "boris", asked)).rejects.toThrow("does not match its digest");
    const claim = claimRun(bench.store, {
      id: asked.request.id,
      owner: "w",
      check: { drift: [] },
      directory: bench.directory,
    });
    await expect(claim).rejects.toThrow("does not match its digest");
  });

  it("hide no other request from a list, or from whoever types a code", async () => {
    const bench = await createBench();
    const [bad, good] = [await bench.ask("ana"), await bench.ask("ana", { operation: "other" })];
    await tamper(bench, bad, otherSystem(bad));
    expect((await openRequests(bench.store)).found.map(({ request }) => request.id)).toEqual([good.request.id]);
    expect((await openRequests(bench.store)).unreadable).toMatchObject([{ record: `request/${bad.request.id}` }]);
    expect((await findRequest(bench.store, good.request.code, () => true))?.request.id).toBe(good.request.id);
  });
});

describe("a code", () => {
  it("names the open request before a closed one, and of closed ones the newest", async () => {
    const bench = await createBench();
    const asked: ReadRequest[] = [];
    for (const operation of ["one", "two", "three"]) {
      bench.clock.now += 1_000;
      asked.push(await bench.ask("ana", { operation }));
    }
    const [first, second, third] = asked;
    if (!first || !second || !third) throw new Error("nothing was asked");
    const close = async (read: ReadRequest) => bench.decide("deny", "boris", read);
    for (const closed of [second, third]) await close(closed);
    for (const each of asked) await tamper(bench, await bench.now(each), { code: "ABCDEF" });
    expect((await findRequest(bench.store, "abcdef", () => true))?.request.id).toBe(first.request.id);
    await bench.store.commit({
      id: "closed",
      put: [putRequest({ ...first.request, code: "ABCDEF", state: "DENIED" }, first.sealed)],
    });
    expect((await findRequest(bench.store, "ABCD", () => true))?.request.id).toBe(third.request.id);
    expect(await findRequest(bench.store, "ABCDE0", () => true)).toBeUndefined();
  });
});

it("a request has no run until it is claimed, and then one that stands beside it", async () => {
  const bench = await createBench();
  const asked = await bench.ask("ana");
  expect(asked).toMatchObject({ run: undefined, runRevision: null });
  await bench.decide("approve", "boris", asked);
  const { id } = asked.request;
  await claimRun(bench.store, { id, owner: "w1", check: { drift: [] }, directory: bench.directory });
  const claimed = await bench.now(asked);
  expect(claimed.run).toMatchObject({ owner: "w1", probes: 0, steps: [{ state: "planned" }, { state: "planned" }] });
  const [document] = await bench.store.read([runKey(id)]);
  expect(document).toMatchObject({ revision: claimed.runRevision, value: { format: 1, request: id } });
});
