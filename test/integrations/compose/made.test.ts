import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Connected, countsOf, doStep, readOf } from "./asking.ts";
import { container, program } from "./programs.ts";

const config = JSON.stringify({ services: { api: {}, worker: {} }, volumes: {} });

/** One that does what it is told, and warns of its files as `warned` says. */
function answering(containers: readonly object[], warned: readonly string[] = []): Connected {
  return program(`
    if (words.includes("config")) {
      console.log(${JSON.stringify(config)});
      for (const line of ${JSON.stringify(warned)}) console.error(line);
    } else if (words.includes("ps")) console.log(${JSON.stringify(containers.map((each) => JSON.stringify(each)).join("\n"))});
  `);
}

describe("a variable that the files name and nothing sets", () => {
  const warning = (name: string): string => `The "${name}" variable is not set. Defaulting to a blank string.`;
  const warns = (): Connected =>
    answering(
      [container],
      [
        `time="2026-11-29T18:00:00Z" level=warning msg=${JSON.stringify(warning("API_KEY"))}`,
        `WARN[0000] ${warning("API_URL")}`,
      ],
    );

  it.each([{ recreate: "api" }, { scale: { api: 2 } }, { up: "worker" }])(
    "keeps %j from making containers with a blank",
    async (asked) => {
      expect(await doStep(warns(), asked)).toEqual({
        outcome: "refused",
        detail: expect.stringMatching(
          /^nothing was sent: nothing sets API_KEY, API_URL, .*blank: set it in the env file/,
        ),
      });
    },
  );

  it.each([{ up: "api" }, { restart: "api" }, { scale: { api: 0 } }])(
    "does not matter to %j, which makes none",
    async (asked) => {
      expect(await doStep(warns(), asked)).toMatchObject({ outcome: "done" });
    },
  );
});

describe("how many containers there are", () => {
  it("counts also those that do not run just now, by which a scale is weighed and told", async () => {
    const five = Array.from({ length: 5 }, (_, at) => ({
      ...container,
      Name: `logos-api-${at + 1}`,
      State: at === 0 ? "running" : "restarting",
    }));
    const stack = answering(five);
    expect(await countsOf(stack)).toEqual({ api: 1, worker: 0 });
    const now = z.record(z.string(), z.number()).parse(await readOf(stack, { containers: {} }));
    expect(now).toEqual({ api: 5, worker: 0 });
    expect(await doStep(stack, { scale: { all: "{now}", worker: "{n}" } }, { now, n: 0 })).toMatchObject({
      outcome: "done",
      detail: expect.stringMatching(/; every other service has as many as it had$/),
    });
  });
});
