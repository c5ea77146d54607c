import { expect, it, onTestFinished, vi } from "vitest";
import { endFollow, followLog } from "../../src/acts/systems/follow-log.ts";
import { followCard } from "../../src/cards/follow.ts";
import { BackendError } from "../../src/domain/failure.ts";
import type { Place } from "../../src/domain/messages/place.ts";
import type { Store } from "../../src/domain/store.ts";
import type { Follow } from "../../src/domain/systems/follow.ts";
import type { LogLine, LogQuery } from "../../src/domain/systems/logs.ts";
import { createLog } from "../../src/ops/log.ts";
import { followQueue, readFollow } from "../../src/records/follow.ts";
import { startFollowWorker } from "../../src/workers/follow.ts";
import { fakeSystemPorts, policy, trader } from "../commands/fixtures.ts";
import { scratchStore } from "../fakes/scratch-store.ts";

const start = Date.UTC(2026, 0, 1);
const here: Place = { surface: "console", channel: "ops" };

/** A store with a clock to move, a log that lines are written to, and the worker that feeds what is followed. */
function bench() {
  const clock = { now: start };
  const store = scratchStore(clock);
  const written: LogLine[] = [];
  const world = { down: false, barred: false, asked: [] as LogQuery[] };
  const worker = startFollowWorker({
    store,
    log: createLog({ level: "silent" }),
    lastWordsMs: 200,
    directory: {
      standing: async () =>
        world.barred ? { ok: false, why: "Their account is gone.", remedy: "" } : { ok: true, groups: [] },
    },
    policyInForce: async () => policy,
    systems: {
      all: () => [trader],
      find: (id) => (id === trader.id ? trader : undefined),
      logs: {
        async search(_, query) {
          world.asked.push(query);
          if (world.down)
            throw new BackendError("trader log", { fault: "unreachable", detail: "refused the connection" });
          const inRange = written.filter(({ at = 0 }) => at >= query.from && at <= query.to);
          const lines = inRange.toReversed().slice(0, query.limit);
          const rest = await fakeSystemPorts().logs.search(trader, query);
          return { ...rest, lines, matched: inRange.length };
        },
      },
    },
  });
  onTestFinished(() => worker.stop());
  const begin = (
    changes: { mostLines?: number; invocation?: string; place?: Place; person?: string } = {},
  ): Promise<Follow> =>
    followLog(
      store,
      {
        system: "trader",
        title: "Trader, main",
        query: { source: "main", from: start - 60_000 },
        mostLines: changes.mostLines ?? 1_000,
        forMs: 60_000,
        lines: [],
      },
      {
        id: changes.invocation ?? "i1",
        person: { id: changes.person ?? "ana", name: "Ana", accounts: {}, grants: [] },
        account: `console:${changes.person ?? "ana"}`,
        place: changes.place ?? here,
        now: start,
      },
    );
  /** Lets the next round run, and waits until it has counted. */
  const round = async (follow: Follow): Promise<Follow> => {
    const rounds = world.asked.length;
    clock.now += 3_000;
    worker.wake();
    await vi.waitFor(
      async () => {
        const over = (await now(store, follow)).ended !== undefined;
        const waits = ((await store.owed(followQueue)).oldestDue ?? 0) > clock.now;
        if (!over && !(world.asked.length > rounds && waits)) throw new Error("the round has not ended");
      },
      { timeout: 60_000 },
    );
    return now(store, follow);
  };
  const write = (text: string, at = clock.now): void => void written.push({ at, text, origin: "main.log" });
  return { clock, store, world, worker, begin, round, write };
}

async function now(store: Store, { id }: Follow): Promise<Follow> {
  const read = await readFollow(store, id);
  if (!read) throw new Error("it is not there");
  return read.follow;
}

const textOf = (follow: Follow): string => JSON.stringify(followCard(follow, start));

it("adds lines as they are written, each once, and says until when it was fed", async () => {
  const { begin, round, write, store } = bench();
  const follow = await begin();
  write("first");
  write("first");
  expect((await round(follow)).lines.map(({ text }) => text)).toEqual(["first", "first"]);
  write("second");
  const fed = await round(follow);
  expect(fed).toMatchObject({ fresh: 3, fedUntil: start + 6_000 });
  expect(textOf(fed)).toContain(
    "All that was written until 00:00:06 UTC has been read; it goes on until 00:01:00 UTC.",
  );
  expect((await store.owed("notices/console")).count).toBe(1);
});

it("ends when its time is over, with what was written until then", async () => {
  const { begin, round, write, clock } = bench();
  const follow = await begin();
  write("in time", start + 59_000);
  write("too late", start + 61_000);
  clock.now = start + 70_000;
  const ended = await round(follow);
  expect(ended).toMatchObject({ fedUntil: start + 60_000, ended: { why: "time" } });
  expect(ended.lines.map(({ text }) => text)).toEqual(["in time"]);
  expect(textOf(ended)).toContain("Ended: the time is over (60 s). It was fed until 00:01:00 UTC");
});

it("ends with as many lines as were asked for", async () => {
  const { begin, round, write } = bench();
  const follow = await begin({ mostLines: 2 });
  for (const text of ["a", "b", "c"]) write(text);
  expect(textOf(await round(follow))).toContain("2 lines came, which is as many as were asked for");
});

it("says that the source does not answer, goes on when it does, and ends when it does not come back", async () => {
  const { begin, round, write, world } = bench();
  const follow = await begin();
  world.down = true;
  const silent = await round(follow);
  expect(textOf(silent)).toContain("It could not be read since: trader log: refused the connection");
  expect(silent.fedUntil).toBe(start);
  write("meanwhile");
  world.down = false;
  expect(await round(follow)).toMatchObject({ fresh: 1, failures: 0 });
  world.down = true;
  for (let turn = 0; turn < 3; turn += 1) await round(follow);
  const ended = await round(follow);
  expect(ended.ended?.why).toBe("failed");
  expect(textOf(ended)).toContain("the log could not be read any more (trader log: refused the connection");
});

it("ends for whoever may not see it any more", async () => {
  const { begin, round, world } = bench();
  const follow = await begin();
  world.barred = true;
  expect(textOf(await round(follow))).toContain("may not see it any more (Their account is gone.)");
  expect(world.asked).toEqual([]);
});

it("ends what the same person follows in the same place when they follow something else there", async () => {
  const { begin, store } = bench();
  const [first, elsewhere] = [await begin(), await begin({ invocation: "i2", place: { ...here, thread: "t" } })];
  await begin({ invocation: "i3" });
  expect(textOf(await now(store, first))).toContain("Ana follows something else here now");
  expect((await now(store, elsewhere)).ended).toBeUndefined();
});

it("begins once for one delivery, and no more than three in one place", async () => {
  const { begin } = bench();
  expect((await begin()).id).toBe((await begin()).id);
  await begin({ person: "dana", invocation: "i2" });
  await begin({ person: "erik", invocation: "i3" });
  await expect(begin({ person: "fay", invocation: "i4" })).rejects.toThrow("3 logs are followed here already");
});

it("says who stopped it, and stays ended", async () => {
  const { begin, store } = bench();
  const follow = await begin();
  await endFollow(store, follow.id, { why: "stopped", by: "Boris" });
  await endFollow(store, follow.id, { why: "stopped", by: "Chen" });
  expect(textOf(await now(store, follow))).toContain("Ended: stopped by Boris");
  expect((await store.owed(followQueue)).count).toBe(0);
});

it("is ended by a process that is shut down, and says until when it was fed", async () => {
  const { begin, round, store, worker } = bench();
  const follow = await begin();
  await round(follow);
  await worker.stop();
  expect(textOf(await now(store, follow))).toContain("Ended: Wardroom was shut down. It was fed until 00:00:03 UTC");
});
