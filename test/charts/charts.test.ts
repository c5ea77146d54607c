import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type ChartOptions, createCharts } from "../../src/charts/charts.ts";
import { specOf } from "./chart-spec.ts";
import { decode } from "./picture.ts";

function charts(options: ChartOptions = {}) {
  const made = createCharts(options);
  onTestFinished(() => made.close());
  return made;
}

describe("charts", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "wardroom-charts-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const program = async (name: string, text: string): Promise<URL> => {
    const path = join(folder, `${name}.mjs`);
    await writeFile(path, text);
    return pathToFileURL(path);
  };

  it("draws a PNG of the size for phones in another process", async () => {
    const png = await charts().draw(specOf());
    expect(await decode(png)).toMatchObject({ width: 1600, height: 800 });
  });

  it("draws several at once", async () => {
    const drawing = charts();
    const pngs = await Promise.all([1, 2, 3].map((value) => drawing.draw(specOf({ title: `Chart ${value}` }))));
    expect(new Set(pngs.map((png) => Buffer.from(png).toString("base64"))).size).toBe(3);
  });

  it("loads no drawing library into its own process, which ends although a drawing process is kept", async () => {
    const module = new URL("../../src/charts/charts.ts", import.meta.url);
    const script = `
      import { createCharts } from ${JSON.stringify(module.href)};
      const png = await createCharts({ idleMs: 600_000 }).draw(${JSON.stringify(specOf())});
      const libraries = process.report.getReport().sharedObjects.filter((path) => path.includes("skia"));
      console.log(JSON.stringify({ size: png.length, libraries }));
    `;
    // It would run into the test's time limit if the child held it.
    const { stdout } = await promisify(execFile)(process.execPath, [(await program("parent", script)).pathname]);
    const { size, libraries } = JSON.parse(stdout);
    expect(size).toBeGreaterThan(1_000);
    expect(libraries).toEqual([]);
  });

  it("ends the drawing process when idle and starts another for the next chart", async () => {
    // Draws its own process id in place of a picture.
    const entry = await program(
      "pid",
      `process.on("message", ({ id }) => process.send({ id, png: new TextEncoder().encode(String(process.pid)) }));
       process.on("disconnect", () => process.exit());`,
    );
    const drawing = charts({ entry, idleMs: 20 });
    const pid = async () => Number(Buffer.from(await drawing.draw(specOf())).toString());
    const [first, same] = await Promise.all([pid(), pid()]);
    expect(same).toBe(first);
    await expect.poll(() => isAlive(first), { timeout: 60_000 }).toBe(false);
    const second = await pid();
    expect(second).not.toBe(first);
  });

  it("ends the drawing process when its parent is killed", async () => {
    const module = new URL("../../src/charts/charts.ts", import.meta.url);
    const entry = await program(
      "told",
      `process.on("message", ({ id }) => process.send({ id, png: new TextEncoder().encode(String(process.pid)) }));
       process.on("disconnect", () => process.exit());`,
    );
    const script = await program(
      "killed",
      `import { createCharts } from ${JSON.stringify(module.href)};
       const png = await createCharts({ entry: new URL(${JSON.stringify(entry.href)}) }).draw(${JSON.stringify(specOf())});
       process.stdout.write(Buffer.from(png), () => process.kill(process.pid, "SIGKILL"));`,
    );
    const told = await promisify(execFile)(process.execPath, [script.pathname]).catch(
      (error: { stdout: string }) => error,
    );
    const child = Number(told.stdout);
    expect(child).toBeGreaterThan(1);
    await expect.poll(() => isAlive(child), { timeout: 60_000 }).toBe(false);
  });

  it("gives up a chart that takes too long, and draws the next", async () => {
    const entry = await program(
      "hangs",
      `process.on("message", ({ id }) => { if (id === 1) for (;;); else process.send({ id, png: new Uint8Array(3) }); });`,
    );
    const drawing = charts({ entry, deadlineMs: 1_500 });
    const [slow, behind] = await Promise.allSettled([drawing.draw(specOf()), drawing.draw(specOf())]);
    expect(slow).toMatchObject({ status: "rejected", reason: { name: "BackendError", fault: "timeout" } });
    expect(behind).toMatchObject({ status: "rejected", reason: { name: "BackendError" } });
    expect(
      await charts({
        entry: await program(
          "works",
          `process.on("message", ({ id }) => process.send({ id, png: new Uint8Array(3) }));`,
        ),
      }).draw(specOf()),
    ).toHaveLength(3);
    expect(await drawing.draw(specOf())).toHaveLength(3);
  });

  it.each([
    ["crashes", `process.on("message", () => process.abort());`, "the drawing process ended"],
    ["does not start", `throw new Error("boom");`, "the drawing process ended"],
    ["reports a failure", `process.on("message", ({ id }) => process.send({ id, error: "no canvas" }));`, "no canvas"],
  ])("fails clearly when the drawing process %s", async (name, text, message) => {
    const entry = await program(name.replaceAll(" ", "-"), text);
    await expect(charts({ entry }).draw(specOf())).rejects.toMatchObject({
      name: "BackendError",
      backend: "charts",
      fault: "broken",
      message: expect.stringMatching(new RegExp(`${message}|cannot be reached`)),
    });
  });

  it("ignores nonsense from the drawing process, and gives it nothing of the environment", async () => {
    const entry = await program(
      "nonsense",
      `process.on("message", ({ id }) => { process.send("what"); process.send({ id: 99, png: new Uint8Array(1) });
         process.send({ id, png: new TextEncoder().encode(JSON.stringify(Object.keys(process.env))) }); });`,
    );
    const names: string[] = JSON.parse(Buffer.from(await charts({ entry }).draw(specOf())).toString());
    expect(names.filter((name) => !name.startsWith("NODE_CHANNEL"))).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
