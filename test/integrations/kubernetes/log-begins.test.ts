import { expect, it } from "vitest";
import { createLogs } from "../../../src/integrations/logs.ts";
import { openBackends } from "../backend.ts";
import { systemWith } from "../systems.ts";
import { cluster, core, list, pod, serving } from "./cluster.ts";

const to = Date.now();
const day = to - 86_400_000;
const ago = (minutes: number): string => new Date(to - minutes * 60_000).toISOString().replace(/\.\d+/, "");

type Pod = ReturnType<typeof pod> & { readonly lines: string };

function running(name: string, startedAt: string, lines = `${ago(1)} ERROR: ${name}\n`): Pod {
  return { ...pod(name, { running: { startedAt } }), lines };
}

/** One that waits to be started anew: what there is of its log is that of the run before. */
function crashed(name: string, startedAt: string): Pod {
  const { status, ...rest } = pod(name, { waiting: { reason: "CrashLoopBackOff" } });
  const lastState = { terminated: { exitCode: 1, startedAt } };
  const containerStatuses = status.containerStatuses.map((each) => ({ ...each, lastState }));
  return { ...rest, status: { ...status, containerStatuses }, lines: `${startedAt} ERROR: ${name}\n` };
}

async function search(pods: readonly Pod[], from: number, of: object = {}) {
  const { at, server } = await cluster((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
    const since = searchParams.get("sinceTime") ?? "";
    const logs = pods.map(({ metadata: { name }, lines }) => {
      const asked = lines.split(/(?<=\n)/).filter((line) => line >= since);
      return [`${core}/pods/${name}/log`, asked.join("")];
    });
    expect(searchParams.has("timestamps")).toBe(pathname.endsWith("/log"));
    return serving({ [`${core}/pods`]: list(...pods), ...Object.fromEntries(logs) })(request, response);
  });
  const system = systemWith({ logs: [{ id: "api", kubernetes: { ...at, deployment: "api", ...of } }] });
  const query = { source: "api", from, to, limit: 10, deadlineMs: 20_000 };
  const found = await createLogs(openBackends()).search(system, query);
  return { ...found, asked: server.calls.filter(({ path }) => path.includes("/log?")).length };
}

it("a log begins with the oldest run that is kept of it, and nothing is counted before that", async () => {
  const pods = [running("api-a", ago(7), `${ago(7)} up\n`), crashed("api-b", ago(9))];
  const found = await search(pods, to - 12 * 3_600_000);
  expect(found).toMatchObject({ matched: 2, gaps: [], begins: { at: Date.parse(ago(9)), why: "container" } });
  expect(found.bucketMs).toBe(60_000);
  expect(found.counts.length).toBeLessThan(12);
  const short = await search(pods, to - 8 * 60_000);
  expect(short).not.toHaveProperty("begins");
  // Nothing of so short a range is asked for twice.
  expect(short.asked).toBe(2);
});

it("a log whose oldest lines were taken away begins with those that are left", async () => {
  const left = `${ago(50)} INFO: rotated\n${ago(1)} ERROR: late\n`;
  const rotated = await search([running("api-a", ago(9_000), left)], day);
  expect(rotated).toMatchObject({ matched: 2, begins: { at: Date.parse(ago(50)), why: "kept" } });
  const young = await search([running("api-a", ago(300), left)], day);
  expect(young).toMatchObject({ begins: { at: Date.parse(ago(50)), why: "kept" } });
});

it("a log that is quiet reaches back all the same", async () => {
  const quiet = `${ago(2_000)} INFO: up\n${ago(1)} ERROR: late\n`;
  const found = await search([running("api-a", ago(9_000), quiet)], day);
  expect(found).toMatchObject({ matched: 1 });
  expect(found).not.toHaveProperty("begins");
});

it("of a log that was cut, nothing is told of what is older than what was read", async () => {
  const found = await search([running("api-a", ago(9_000))], day, { tail: 1 });
  expect(found.begins).toEqual({ at: Date.parse(ago(1)), why: "cut" });
});
