import { describe, expect, it } from "vitest";
import type { ActiveAlert } from "../../src/domain/alerts/alert.ts";
import { alertCode } from "../../src/records/ack.ts";
import { inOneStore, now, run, textOf } from "./fixtures.ts";

const lag: ActiveAlert = {
  system: "trader",
  source: "rules",
  id: "lag",
  severity: "warning",
  ownSeverity: "P2",
  summary: "Lag",
  since: now - 720_000,
};
const world = { alerts: { trader: [{ source: "rules", firing: [lag] }] } };
const alerts = alertCode(lag);
const taking = [
  ["snooze", { alerts }, "24 h", "25h"],
  ["ack", { alerts }, "7 d", "8d"],
  ["silence", { alerts, comment: "disk exchange" }, "30 d", "31d"],
] as const;

describe.each(taking)("%s for: a time", (command, asked, most, longer) => {
  it.each(["soon", "1", "-1h"])("refuses %j, which is none, and does nothing", (wrong) =>
    inOneStore(async (ask, store) => {
      const answer = ask(command, { ...asked, for: wrong }, world);
      await expect(answer).rejects.toThrow(`for: does not understand ${wrong}. Nothing was done.`);
      await expect(answer).rejects.toHaveProperty("remedy", expect.stringContaining(`${most} at the most`));
      expect(await store.journal({ limit: 1 })).toEqual([]);
    }),
  );

  it("refuses what is over before it is read, and what is longer than it takes, and says what to do then", async () => {
    for (const short of ["0m", "59s"])
      await expect(run(command, { ...asked, for: short }, world)).rejects.toThrow("less than a minute");
    const answer = run(command, { ...asked, for: longer }, world);
    await expect(answer).rejects.toThrow(`for:${longer} is longer than ${most}. Nothing was done.`);
    await expect(answer).rejects.toHaveProperty("remedy", expect.stringMatching(/\w+/));
  });

  it("takes tomorrow for 08:00 of the next day", async () => {
    // The fixtures' clock stands at 12:00.
    expect(textOf((await run(command, { ...asked, for: "tomorrow" }, world)).card)).toContain("20 h");
  });
});
