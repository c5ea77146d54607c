import { describe, expect, it } from "vitest";
import { createLogs } from "../../../src/integrations/logs.ts";
import { linesOfTurns } from "../../contracts/follow.contract.ts";
import { type Handler, json, openBackends } from "../backend.ts";
import { systemWith } from "../systems.ts";
import { cluster, core, list, pod, serving } from "./cluster.ts";

describe("the logs of a workload's pods", () => {
  it("find the lines of all pods, newest first", async () => {
    const now = Date.now();
    const line = (agoMs: number, text: string) => `${new Date(now - agoMs).toISOString()} ${text}\n`;
    const { at, server } = await cluster(
      serving({
        [`${core}/pods/api-a/log`]:
          line(3_000, "INFO: started") + line(1_000, "ERROR: password=hunter2hunter2 no database"),
        [`${core}/pods/api-b/log`]: line(2_000, "ERROR: timeout"),
      }),
    );
    const system = systemWith({ logs: [{ id: "api", kubernetes: { ...at, deployment: "api" } }] });
    const search = async (match?: string) =>
      createLogs(openBackends()).search(system, {
        source: "api",
        from: now - 60_000,
        to: now,
        limit: 10,
        deadlineMs: 3_000,
        ...(match && { match }),
      });
    const found = await search("ERROR");
    expect(found.lines.map(({ origin, text }) => `${origin} ${text}`)).toEqual([
      "api-a ERROR: password=[redacted] no database",
      "api-b ERROR: timeout",
    ]);
    expect(found).toMatchObject({ matched: 2, gaps: [], origins: ["api-a", "api-b"] });
    expect((await search()).matched).toBe(3);
    expect(server.calls.find(({ path }) => path.includes("/log"))?.path).toMatch(
      /container=api&limitBytes=8388608&sinceTime=.*tailLines=5000&timestamps=true/,
    );
  });

  const logOf = (path: string): string | undefined => /\/pods\/([\w-]+)\/log$/.exec(path)?.[1];
  const stamp = (at: number): string => new Date(at).toISOString();
  const lately = Date.now() - 60_000;

  /** As a kubelet gives them: the lines from the tail on, and of those so many bytes. */
  function kubelet(print: (name: string, index: number) => string, lines: number): Handler {
    return (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
      const name = logOf(pathname);
      if (name === undefined) return serving(many)(request, response);
      const tail = Number(searchParams.get("tailLines") ?? lines);
      let left = Number(searchParams.get("limitBytes") ?? Number.POSITIVE_INFINITY);
      response.writeHead(200, { "content-type": "text/plain" });
      for (let index = Math.max(0, lines - tail); index < lines && left > 0; index += 1) {
        const line = Buffer.from(`${stamp(lately + index)} ${print(name, index)}\n`).subarray(0, left);
        left -= line.length;
        response.write(line);
      }
      response.end();
    };
  }

  const many = { [`${core}/pods`]: list(...Array.from({ length: 52 }, (_, at) => pod(`api-${at}`))) };
  const searchOn = async (handler: Handler, query: object = {}, of: object = {}) => {
    const { at, server } = await cluster(handler);
    const system = systemWith({ logs: [{ id: "api", kubernetes: { ...at, deployment: "api", ...of } }] });
    const found = await createLogs(openBackends()).search(system, {
      source: "api",
      from: lately,
      to: Date.now(),
      limit: 10,
      deadlineMs: 20_000,
      ...query,
    });
    return { found, calls: server.calls.filter(({ path }) => path.includes("/log?")) };
  };

  it("are bounded over all pods together, the newest of long lines are read, and what was cut is told", async () => {
    const { found, calls } = await searchOn(
      kubelet((name, index) => `${name} ${index} ${"x".repeat(name === "api-1" ? 20_000 : 20)}`, 400),
      {},
      { tail: 300 },
    );
    const limits = calls.map(({ path }) => Number(new URL(path, "http://x").searchParams.get("limitBytes")));
    expect(limits.every((bytes) => bytes * 50 <= 64 << 20)).toBe(true);
    expect(found.origins).toHaveLength(50);
    expect(found.lines.map(({ text }) => text.slice(0, 12))).toContainEqual("api-1 399 xx");
    expect(found.gaps).toContainEqual({ why: "cut", origin: "api-2", lines: 300, bytes: expect.any(Number) });
    const long = found.gaps.find((gap) => gap.why === "cut" && gap.origin === "api-1");
    expect(long).toMatchObject({ lines: expect.any(Number) });
    expect(long && "lines" in long && long.lines).toBeLessThan(67);
    expect(found.gaps.filter(({ why }) => why === "left out")).toEqual([
      { why: "left out", origin: "api-50" },
      { why: "left out", origin: "api-51" },
    ]);
  });

  it("show of a line that is longer than may be read what was read of it", async () => {
    const { found } = await searchOn((request, response) => {
      if (logOf(new URL(request.url ?? "", "http://x").pathname) === undefined) return serving()(request, response);
      return kubelet((name) => `${name} ${"x".repeat(9 << 20)}`, 3)(request, response);
    });
    expect(found.matched).toBe(2);
    for (const { text } of found.lines)
      expect(text).toMatch(/^api-[ab] x+… \[cut here: the line is longer than 1 MiB\]$/);
    expect(found.gaps).toMatchObject([
      { why: "cut", origin: "api-a", lines: 1 },
      { why: "cut", origin: "api-b", lines: 1 },
    ]);
  });

  it("keep what was read of a pod that stopped answering, and of a line only what is whole", async () => {
    const { found } = await searchOn(
      (request, response) => {
        const name = logOf(new URL(request.url ?? "", "http://x").pathname);
        if (name === undefined) return serving()(request, response);
        response.writeHead(200, { "content-type": "text/plain" });
        const begun = `${stamp(lately + 1)} first\n  and more of it\n${stamp(lately + 2)} seco`;
        return name === "api-a" ? void response.write(begun) : response.end(`${begun}nd`);
      },
      { deadlineMs: 1_000 },
    );
    expect(found.lines.map(({ origin, text }) => `${origin} ${text}`)).toEqual([
      "api-b second",
      "api-a first\n  and more of it",
      "api-b first\n  and more of it",
    ]);
    expect(found.gaps).toEqual([{ why: "time" }]);
  });

  it("can be followed over all pods, also two lines of one moment", async () => {
    const printed: Record<string, string> = { "api-a": "", "api-b": "" };
    const { at } = await cluster((request, response) => {
      const { pathname } = new URL(request.url ?? "", "http://x");
      const name = /\/pods\/([\w-]+)\/log$/.exec(pathname)?.[1];
      const answers = name === undefined ? serving() : serving({ [`${core}/pods/${name}/log`]: printed[name] ?? "" });
      return answers(request, response);
    });
    const system = systemWith({ logs: [{ id: "it", kubernetes: { ...at, deployment: "api" } }] });
    const turns = await linesOfTurns({
      search: (range) => createLogs(openBackends()).search(system, { source: "it", deadlineMs: 3_000, ...range }),
      write(turn) {
        const line = `${new Date().toISOString()} turn ${turn}\n`;
        printed["api-a"] += line + line;
        printed["api-b"] += line;
      },
      counts: (text) => text.startsWith("turn"),
    });
    expect(turns).toEqual([
      [3, 0],
      [3, 0],
      [3, 0],
    ]);
  });

  it("say that a part is missing, and that a pod has not started", async () => {
    const { at } = await cluster((request, response) => {
      const { pathname } = new URL(request.url ?? "", "http://x");
      if (!pathname.endsWith("/log")) return serving()(request, response);
      const waits = pathname.includes("api-a");
      const message = waits ? 'container "api" in pod "api-a" is waiting to start: ImagePullBackOff' : "boom";
      return json({ kind: "Status", message }, waits ? 400 : 500)(request, response);
    });
    const system = systemWith({ logs: [{ id: "api", kubernetes: { ...at, deployment: "api" } }] });
    const query = { source: "api", from: 0, to: Date.now(), limit: 10, deadlineMs: 3_000 };
    expect(await createLogs(openBackends()).search(system, query)).toMatchObject({
      matched: 0,
      gaps: [
        { why: "trouble", origin: "api-b", detail: expect.stringContaining("answered 500 Internal Server Error") },
      ],
      origins: ["api-a (nothing yet)"],
    });
  });
});
