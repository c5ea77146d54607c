import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ComposeEngine, type ComposeStack, startStack } from "../fakes/compose-stack.ts";
import { countsOf, doStep, onStack, readOf, systemOn } from "../integrations/compose/asking.ts";
import { linesOfTurns } from "./follow.contract.ts";

/** What Compose does on any engine, and what the bot makes of it: the stand-in keeps this, and so does the real one. */
export function composeContract(name: string, open: () => ComposeEngine): void {
  describe(`${name} as a stack`, () => {
    let stack: ComposeStack;
    beforeAll(() => {
      stack = startStack(open());
    });
    afterAll(() => stack.remove());

    it("is read: counts, states, images, limits by fixed ports, its services and volumes", async () => {
      const { project } = stack.connection;
      expect(await countsOf(stack)).toEqual({ gateway: 1, "overlay-chrono": 2, gui: 1 });
      expect(await readOf(stack, { most: {} })).toEqual({ gui: 1 });
      expect(await readOf(stack, { replicas: {} })).toEqual({ gateway: 1, "overlay-chrono": 2, gui: 1 });
      expect(await systemOn(stack).fact({ runs: {} })).toBe("what the files name");
      expect(await readOf(stack, { states: {} })).toMatchObject({
        "overlay-chrono": { containers: 2, running: 2, well: 2, state: "running", health: "" },
      });
      expect(await readOf(stack, { images: {} })).toMatchObject({
        gateway: { image: "local/wardroom-test:1", id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), mixed: false },
      });
      const asked = systemOn(stack);
      expect(await asked.list("services")).toContainEqual({ value: "overlay-chrono", label: "2 running" });
      expect(await asked.list("volumes")).toEqual([{ value: `${project}_data`, label: "" }]);
      expect(await asked.metric({ count: "running" })).toBe(4);
      expect(await asked.fact({ service: "gateway", of: "state" })).toBe("running");
      expect(await asked.health({ service: "overlay-chrono" })).toEqual({ detail: "2 containers running" });
      expect(await asked.identity({})).toEqual({ is: "proven" });
      const { columns, rows } = await asked.table();
      expect(columns.map((column) => column.name)).toEqual([
        "service",
        "container",
        "state",
        "health",
        "image",
        "since",
      ]);
      expect(rows[0]).toEqual([
        "gateway",
        `${project}-gateway-1`,
        "running",
        null,
        "local/wardroom-test:1",
        expect.stringMatching(/^Up /),
      ]);
    });

    it("says which service was meant, and proves itself by its files", async () => {
      const asked = systemOn(stack);
      const unknown = /there is no service overlay-chrno: did you mean overlay-chrono\?/;
      expect(await asked.health({ service: "overlay-chrno" })).toMatch(unknown);
      expect(await doStep(stack, { restart: "overlay-chrno" })).toMatchObject({
        outcome: "refused",
        detail: expect.stringMatching(unknown),
      });
      const other = onStack(stack, { files: ["docker-compose.yml"] });
      expect(await systemOn(other).identity({})).toMatchObject({
        is: "contradicted",
        why: expect.stringContaining("docker-compose.prod.yml, not "),
      });
      expect(await asked.identity({ label: "com.acme.system", value: "logos" })).toMatchObject({ is: "unread" });
    });

    it("scales one service and leaves every other as it was, twice over, to none and back", async () => {
      const scale = { all: "{now}", "{service}": "{n}" };
      const to = async (service: string, n: number): Promise<unknown> =>
        doStep(stack, { scale }, { service, n, now: await countsOf(stack) });
      expect(await to("overlay-chrono", 3)).toEqual({
        outcome: "done",
        detail: "scaled: overlay-chrono has 3 running containers; every other service has as many as it had",
      });
      expect(await to("gateway", 2)).toMatchObject({ outcome: "done" });
      expect(await countsOf(stack)).toEqual({ gateway: 2, "overlay-chrono": 3, gui: 1 });
      expect(await to("overlay-chrono", 0)).toMatchObject({ outcome: "done" });
      expect(await systemOn(stack).health({ service: "overlay-chrono" })).toMatch(/overlay-chrono has no container/);
      expect(await to("gateway", 1)).toMatchObject({ outcome: "done" });
      expect(await countsOf(stack)).toEqual({ gateway: 1, "overlay-chrono": 0, gui: 1 });
      expect(await to("overlay-chrono", 2)).toMatchObject({ outcome: "done" });
    });

    it("cannot have more containers than its fixed port allows, and nothing is sent", async () => {
      expect(await doStep(stack, { scale: { gui: 2 } })).toEqual({
        outcome: "refused",
        detail: "nothing was sent: gui has a fixed port or name, so there can be 1 container of it, not 2",
      });
      expect(await readOf(stack, { states: {} })).toMatchObject({ gui: { containers: 1 } });
    });

    it("is restarted, stopped, started and made anew with as many containers as there were", async () => {
      await doStep(stack, { scale: { "overlay-chrono": 3 } });
      expect(await doStep(stack, { restart: ["overlay-chrono", "gateway"] })).toMatchObject({ outcome: "done" });
      stack.byHand("kill", "gateway");
      expect(await systemOn(stack).health({ service: "gateway" })).toMatch(
        /0 of 1 container running; gateway-1 exited with 137/,
      );
      expect(await doStep(stack, { stop: "overlay-chrono" })).toMatchObject({ outcome: "done" });
      expect(await countsOf(stack)).toEqual({ gateway: 0, "overlay-chrono": 0, gui: 1 });
      expect(await doStep(stack, { up: "overlay-chrono" })).toEqual({
        outcome: "done",
        detail: "started: overlay-chrono has 3 running containers",
      });
      expect(await countsOf(stack)).toEqual({ gateway: 0, "overlay-chrono": 3, gui: 1 });
      const before = stack.byHand("ps", "--all", "--no-trunc", "--format", "json").stdout;
      writeFileSync(join(stack.connection.cwd, "stack.env"), "MODE=paper\nIMAGE=local/wardroom-test:1\n");
      expect(await doStep(stack, { recreate: ["overlay-chrono", "gateway"] })).toMatchObject({ outcome: "done" });
      expect(await countsOf(stack)).toEqual({ gateway: 1, "overlay-chrono": 3, gui: 1 });
      const after = stack.byHand("ps", "--all", "--no-trunc", "--format", "json").stdout;
      const ids = (text: string): string[] => [...text.matchAll(/"ID":"(\w+)"/g)].map(([, id = ""]) => id);
      expect(ids(after).filter((id) => ids(before).includes(id))).toHaveLength(1);
    });

    it("shows afterwards whether a change whose answer was lost has happened", async () => {
      const lost = async (asked: object, begunMsAgo: number): Promise<unknown> =>
        doStep(stack, asked, {}, { begunMsAgo });
      const service = "overlay-chrono";
      for (const asked of [{ restart: service }, { recreate: service }]) {
        expect(await lost(asked, 0)).toMatchObject({
          outcome: "unknown",
          detail: expect.stringMatching(/may still be under way: \S+overlay-chrono-\d was (started|made) before/),
        });
        expect(await doStep(stack, asked)).toMatchObject({ outcome: "done" });
        expect(await lost(asked, 3_600_000)).toMatchObject({ outcome: "done" });
      }
      stack.byHand("kill", "gateway");
      expect(await lost({ restart: "gateway" }, 3_600_000)).toMatchObject({
        outcome: "unknown",
        detail: expect.stringContaining("gateway-1 exited with 137"),
      });
      expect(await lost({ stop: "gateway" }, 0)).toMatchObject({ outcome: "done" });
      expect(await lost({ up: "gateway" }, 0)).toMatchObject({ outcome: "unknown" });
      expect(await doStep(stack, { up: "gateway" })).toMatchObject({ outcome: "done" });
      expect(await lost({ stop: "gateway" }, 0)).toMatchObject({ outcome: "unknown" });
      // Whatever came of it, nothing runs otherwise.
      expect(await lost({ pull: "gateway" }, 0)).toMatchObject({
        outcome: "refused",
        detail: expect.stringMatching(/its files name no digest, .*; no container of \S+ was changed/),
      });
    });

    it("has logs of all services or of some, without secrets, in the shape that every log has", async () => {
      const all = await systemOn(stack).logs({});
      expect(all).toMatchObject({ gaps: [], malformed: 0, format: "plain" });
      expect(all.origins).toEqual(expect.arrayContaining(["gateway-1", "overlay-chrono-1", "overlay-chrono-2"]));
      expect(all.matched).toBeGreaterThan(2);
      expect(all.lines).toContainEqual({
        at: expect.any(Number),
        text: "ready token=[redacted]",
        origin: "gateway-1",
      });
      expect(JSON.stringify(all)).not.toContain("Tr0ub4dor");
      const errors = await systemOn(stack).logs(
        { services: ["gateway", "overlay-chrono"] },
        { level: "error", limit: 1 },
      );
      expect(errors.lines).toMatchObject([{ text: "level=error clock lost", level: "error" }]);
      const before = { from: Date.now() - 600_000, to: Date.now() - 300_000 };
      expect(await systemOn(stack).logs({}, before)).toMatchObject({ matched: 0, lines: [], gaps: [] });
      const day = { from: Date.now() - 86_400_000, to: Date.now() };
      expect(await systemOn(stack).logs({}, day)).toMatchObject({
        begins: { at: expect.any(Number), why: "container" },
      });
      await expect(systemOn(stack).logs({ services: ["gatway"] })).rejects.toThrow("no such service: gatway");
    });

    it("can be followed: what a container says when it starts anew comes once", async () => {
      const turns = await linesOfTurns({
        search: (range) => systemOn(stack).logs({ services: ["gateway"] }, range),
        write: () => stack.byHand("restart", "gateway"),
        counts: (text) => text.startsWith("ready"),
      });
      expect(turns).toEqual([
        [1, 0],
        [1, 0],
        [1, 0],
      ]);
    });

    it("loses no volume that is in use, none of another project, and one by its exact name", async () => {
      const volume = `${stack.connection.project}_data`;
      expect(await doStep(stack, { removeVolume: volume })).toMatchObject({
        outcome: "refused",
        detail: expect.stringContaining("volume is in use"),
      });
      expect(await doStep(stack, { removeVolume: "somebody_elses" })).toMatchObject({
        outcome: "refused",
        detail: expect.stringContaining(`has no volume somebody_elses: it has ${volume}`),
      });
      expect(await doStep(stack, { remove: "gateway" })).toMatchObject({ outcome: "done" });
      expect(await doStep(stack, { removeVolume: volume })).toEqual({
        outcome: "done",
        detail: "the volume is gone",
      });
      expect(await systemOn(stack).list("volumes")).toEqual([]);
    });

    it("takes only the image whose digest its files name", async () => {
      const digest = `sha256:${"a".repeat(64)}`;
      expect(await doStep(stack, { recreate: "gui", digest: "{digest}" }, { digest })).toMatchObject({
        outcome: "refused",
        detail: expect.stringContaining(`the files do not name the image ${digest} for gui`),
      });
    });

    it("puts another service back when it is scaled as the manual has it, which the bot does not do", async () => {
      await doStep(stack, { scale: { "overlay-chrono": 5 } });
      stack.byHand("up", "-d", "--scale", "gateway=2");
      expect(await countsOf(stack)).toMatchObject({ gateway: 2, "overlay-chrono": 2 });
      const words = [
        "up",
        "-d",
        "--no-deps",
        "--no-recreate",
        "--scale",
        "overlay-chrono=3",
        "--scale",
        "gateway=2",
        "overlay-chrono",
      ];
      expect(stack.byHand(...words)).toMatchObject({ status: 1, stderr: "no such service: gateway: disabled\n" });
    });
  });
}
