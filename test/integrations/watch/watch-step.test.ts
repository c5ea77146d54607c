import { describe, expect, it } from "vitest";
import { createBackends } from "../../../src/compose/world.ts";
import { type StepCall, StepValue } from "../../../src/domain/systems/steps.ts";
import { createStepRunner } from "../../../src/integrations/steps.ts";
import { OperationFile, planner } from "../../fakes/backends.ts";
import { openBackend, openHttp } from "../backend.ts";

/** A document that a server answers with, and a watch on it as a file writes it. */
async function watching(terms: object, answers: unknown) {
  const state = { answers };
  const server = await openBackend((_request, response) => {
    response.writeHead(state.answers === undefined ? 503 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(state.answers ?? null));
  });
  const { steps } = planner.plan(
    OperationFile.parse({
      summary: "Watch",
      risk: "change",
      arguments: { n: { type: "integer", title: "N" } },
      steps: [{ id: "w", title: "W", watch: { json: { url: server.url }, ...terms } }],
    }),
    { n: 3 },
  );
  const [step] = steps;
  if (!step) throw new Error("there is no step");
  const runner = createStepRunner(createBackends({ http: openHttp() }));
  let progress: StepValue | undefined;
  return {
    state,
    step,
    /** One look, so long after it was begun. */
    async look(elapsedMs: number) {
      const call: StepCall = { key: "k", elapsedMs, progress };
      const outcome = await runner.run(step, call);
      if (outcome.outcome === "waiting") progress = StepValue.parse(JSON.parse(JSON.stringify(outcome.progress)));
      return outcome;
    },
    probe: () => runner.probe(step, "k"),
  };
}

describe("a watch", () => {
  it("is done once its condition holds, with the arguments in it", async () => {
    const at = await watching({ is: "value.ready == n" }, { ready: 2 });
    expect(await at.look(0)).toMatchObject({ outcome: "waiting", againInMs: 5_000 });
    at.state.answers = { ready: 3 };
    expect(await at.look(5_000)).toMatchObject({ outcome: "done", detail: "ready 3, read once" });
  });

  it("says what it read in words, what holds something in brackets", async () => {
    const read = { of: { api: { ready: 2, up: true } }, names: ["a", "b"], why: null, none: [] };
    const at = await watching({ is: "value.of.api.ready == n" }, read);
    const { detail } = await at.look(0);
    expect(detail).toMatch(/^of \(api \(ready 2, up true\)\), names \(a, b\), why null, none none, /);
  });

  it("has to hold so many times in a row", async () => {
    const at = await watching({ is: "value.ready == n", times: 2, every: "1s" }, { ready: 3 });
    expect((await at.look(0)).outcome).toBe("waiting");
    at.state.answers = { ready: 2 };
    expect((await at.look(1_000)).outcome).toBe("waiting");
    at.state.answers = { ready: 3 };
    expect((await at.look(2_000)).outcome).toBe("waiting");
    expect((await at.look(3_000)).outcome).toBe("done");
  });

  it("has to hold for as long as it says, and what breaks it off starts it anew", async () => {
    const at = await watching({ is: "value.ready == n", for: "30m", every: "1m" }, { ready: 3 });
    for (let minute = 0; minute < 30; minute += 1) expect((await at.look(minute * 60_000)).outcome).toBe("waiting");
    at.state.answers = undefined;
    const unread = await at.look(30 * 60_000);
    expect(unread).toMatchObject({ outcome: "waiting" });
    expect(unread.detail).toContain("503");
    at.state.answers = { ready: 3 };
    expect((await at.look(31 * 60_000)).outcome).toBe("waiting");
    // Within is half an hour and ten minutes when it does not say: it can no longer hold for long enough.
    expect(await at.look(39 * 60_000 + 59_000)).toMatchObject({ outcome: "unknown" });
  });

  it("is done when it has held for that long", async () => {
    const at = await watching({ is: "value.ready == n", for: "30m", every: "1m" }, { ready: 3 });
    for (let minute = 0; minute < 30; minute += 1) await at.look(minute * 60_000);
    expect(await at.look(30 * 60_000 + 1_000)).toMatchObject({ outcome: "done", detail: "ready 3, for 30 min" });
  });

  it("counts anew where nobody looked for a while, as after a crash", async () => {
    const at = await watching({ is: "value.ready == n", for: "5m", every: "1m", within: "2h" }, { ready: 3 });
    for (let minute = 0; minute < 4; minute += 1) await at.look(minute * 60_000);
    const after = await at.look(20 * 60_000);
    expect(after).toMatchObject({ outcome: "waiting", detail: expect.stringContaining("nobody looked for 17 min") });
    for (let minute = 21; minute < 25; minute += 1) expect((await at.look(minute * 60_000)).outcome).toBe("waiting");
    expect(await at.look(25 * 60_000 + 1_000)).toMatchObject({ outcome: "done", detail: "ready 3, for 5 min" });
  });

  it("ends at once where it fails", async () => {
    const at = await watching({ is: "value.ready == n", fails: "value.crashes > 2" }, { ready: 0, crashes: 3 });
    expect(await at.look(0)).toEqual({
      outcome: "refused",
      detail: "ready 0, crashes 3, which its system takes for a failure",
    });
  });

  it("ends at once where it fails, also while what it waits for cannot be judged", async () => {
    const at = await watching({ is: "value.ready == n", fails: "value.crashes > 2" }, { crashes: 3 });
    expect(await at.look(0)).toEqual({
      outcome: "refused",
      detail: "crashes 3, which its system takes for a failure",
    });
  });

  it.each([
    ["what is missing", { other: 1 }],
    ["text where a number was meant", { ready: "three" }],
    ["nothing", null],
    ["a list", []],
  ])("is not done by %s", async (_, answers) => {
    const at = await watching({ is: "value.ready >= n" }, answers);
    const seen = await at.look(0);
    expect(seen.outcome).toBe("waiting");
    expect(seen.detail).toContain("cannot be judged");
  });

  it("is unknown when its time is over", async () => {
    const at = await watching({ is: "value.ready == n", within: "30s" }, { ready: 2 });
    expect(await at.look(29_000)).toMatchObject({
      outcome: "unknown",
      detail: expect.stringMatching(/^ready 2, after 29(?:\.\d)? s, and still not so$/),
    });
  });

  it("is looked up by a look where it need hold no longer than that, and never for what nobody watched", async () => {
    const brief = await watching({ is: "value.ready == n", times: 2, every: "10ms" }, { ready: 3 });
    expect(await brief.probe()).toMatchObject({ outcome: "done" });
    const long = await watching({ is: "value.ready == n", for: "30m" }, { ready: 3 });
    expect(await long.probe()).toEqual({ outcome: "unknown", detail: "ready 3; nobody watched it for 30m" });
  });

  it("may take as long as it says, and says on the card what it waits for", async () => {
    const at = await watching({ is: "value.errors < 0.02", for: "2h", every: "1m", fails: "value.errors > 0.5" }, {});
    expect(at.step.budgetMs).toBe(2 * 3_600_000 + 600_000);
    expect(at.step.description).toMatch(
      /^GET http:\/\/127\.0\.0\.1:\d+\/?: until value\.errors < 0\.02 for 2h, within 130 min; fails when value\.errors > 0\.5$/,
    );
  });

  it("that is not waited for as long as it has to hold is refused", () => {
    const watch = { json: { url: "http://127.0.0.1:1/" }, is: "true", for: "30m", within: "10m" };
    const written = { summary: "W", risk: "change", steps: [{ id: "w", title: "W", watch }] };
    expect(() => OperationFile.parse(written)).toThrow("it is not waited for as long as it has to hold");
  });
});
