import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { Store } from "../../src/domain/store.ts";
import { openRedisStore } from "../../src/store/redis/store.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { verifyJournal } from "../../src/store/verify.ts";
import { startRedis } from "../fakes/redis-process.ts";
import { sqliteState } from "./states.ts";

const script = fileURLToPath(new URL("committer.ts", import.meta.url));
/** After how many acknowledged steps each process is killed: early ones and some in full run. */
const kills = [1, 2, 3, 7, 60, 151];

/** Two processes at a time on one state, each killed at its moment. Returns what was acknowledged to any of them. */
async function killAll(backend: string, place: string): Promise<string[]> {
  const said: string[] = [];
  const runAndKill = async (after: number): Promise<void> => {
    const child = spawn(process.execPath, [script, backend, place], { stdio: ["ignore", "pipe", "inherit"] });
    let lines = 0;
    const reader = createInterface({ input: child.stdout }).on("line", (line) => {
      said.push(line);
      lines += 1;
      if (lines === after) child.kill("SIGKILL");
    });
    await Promise.all([once(child, "exit"), once(reader, "close")]);
    expect(child.signalCode).toBe("SIGKILL");
  };
  for (let at = 0; at < kills.length; at += 2) await Promise.all(kills.slice(at, at + 2).map(runAndKill));
  return said;
}

/** What is missing or half there: empty when all that was acknowledged is there, with all that belongs to it. */
async function faults(store: Store, said: readonly string[]): Promise<string[]> {
  const open = new Set((await store.list("note", "state", { from: "open", to: "opeo" })).map(({ key }) => key));
  const done = new Set((await store.list("note", "state", { from: "done", to: "donf" })).map(({ key }) => key));
  const entries = (await store.journal({ limit: 100_000 })).flatMap((link) => link.entries);
  const journalled = (kind: string) =>
    new Set<unknown>(entries.filter((entry) => entry.kind === kind).map(({ note }) => note));
  const owed = (await store.owed("out")).count;
  const verdict = await verifyJournal(store);
  return [
    ...said.filter((line) => {
      const [step, id] = line.split(" ");
      return !done.has(`note/${id}`) && (step === "done" || !open.has(`note/${id}`));
    }),
    ...differences(new Set([...open, ...done]), journalled("opened")).map((key) => `${key} opened?`),
    ...differences(done, journalled("closed")).map((key) => `${key} closed?`),
    ...(owed === open.size ? [] : [`${owed} items for ${open.size} open notes`]),
    ...(verdict.ok && verdict.links === open.size + 2 * done.size ? [] : [JSON.stringify(verdict)]),
  ];
}

function differences(some: ReadonlySet<unknown>, others: ReadonlySet<unknown>): string[] {
  const missing = [...some].filter((key) => !others.has(key));
  return [...missing, ...[...others].filter((key) => !some.has(key))].map(String);
}

it("SQLite holds whole commits only, and all that were acknowledged, when its processes are killed", async () => {
  const state = await sqliteState();
  const said = await killAll("sqlite", state.path);
  const store = openSqliteStore({ path: state.path });
  expect(said.length).toBeGreaterThanOrEqual(kills.reduce((sum, after) => sum + after, 0));
  expect(await faults(store, said)).toEqual([]);
  await store.close();
  await state.close();
});

it("Redis holds whole commits only, and all that were acknowledged, when processes and server are killed", async () => {
  const server = await startRedis();
  const said = await killAll("redis", server.url);
  await server.kill();
  await server.restart();
  const store = await openRedisStore({ url: server.url });
  expect(said.length).toBeGreaterThanOrEqual(kills.reduce((sum, after) => sum + after, 0));
  expect(await faults(store, said)).toEqual([]);
  await store.close();
  await server.stop();
});
