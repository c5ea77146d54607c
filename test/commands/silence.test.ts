import { describe, expect, it } from "vitest";
import type { ActiveAlert } from "../../src/domain/alerts/alert.ts";
import { alertCode } from "../../src/records/ack.ts";
import { erik, inOneStore, now, textOf } from "./fixtures.ts";

const lag: ActiveAlert = {
  system: "trader",
  source: "rules",
  id: "lag",
  severity: "warning",
  ownSeverity: "P2",
  summary: "Lag <!channel>",
  since: now - 720_000,
};
const page: ActiveAlert = { ...lag, id: "down", severity: "critical", ownSeverity: "P1", summary: "Trading stopped" };
const firing = (...alerts: ActiveAlert[]) => ({ alerts: { trader: [{ source: "rules", firing: alerts }] } });
const code = alertCode(lag);

describe("silence", () => {
  it("says what it meets now, is listed with its reason, and ends when it is ended", () =>
    inOneStore(async (ask) => {
      const kept = await ask("silence", { alerts: code, for: "2h", comment: "disk exchange" }, firing(lag, page));
      expect(kept.card.title).toBe("Silenced for 2 h by Ana");
      expect(textOf(kept.card)).toContain("It meets 1 alert now:");
      const [id = ""] = /[0-9a-f]{8}$/.exec(kept.card.footer ?? "") ?? [];
      expect(textOf((await ask("alerts silences", {}, firing())).card)).toContain("disk exchange");
      expect((await ask("unsilence", { silence: id }, firing())).card.title).toBe("The silence is over");
      await expect(ask("unsilence", { silence: id }, firing())).rejects.toThrow(`No silence ${id} holds`);
      expect((await ask("alerts silences", {}, firing())).card.title).toBe("Nothing is silenced");
    }));

  it.each([
    ["too long for anybody", code, "31d", "31d is longer than 30 d"],
    ["anything there is", `{system=~".+"}`, "1h", "may not respond on every system"],
    ["a time that is none", code, "soon", "does not understand soon"],
    ["an alert that does not fire", "deadbeef", "1h", "No alert deadbeef is firing"],
  ])("refuses %s", (_what, alerts, time, why) =>
    inOneStore(async (ask) => {
      const asked = ask("silence", { alerts, for: time, comment: "because" }, firing(lag, page));
      await expect(asked).rejects.toThrow(why);
      expect((await ask("alerts silences", {}, firing())).card.title).toBe("Nothing is silenced");
    }),
  );

  it("takes the right to respond on every system that it concerns", () =>
    inOneStore(async (ask) => {
      const reader = { person: { ...erik, grants: [{ role: "auditor", systems: ["trader"] }] } };
      const asked = ask("silence", { alerts: code, for: "1h", comment: "because" }, { ...firing(lag), ...reader });
      await expect(asked).rejects.toThrow("respond");
    }));
});

it("one over several systems takes the right on each", () =>
  inOneStore(async (ask) => {
    const spike: ActiveAlert = { ...lag, system: "guard", id: "spike", summary: "Spike" };
    const both = {
      alerts: { trader: [{ source: "rules", firing: [lag] }], guard: [{ source: "rules", firing: [spike] }] },
    };
    const asked = { alerts: '{system=~"guard|trader"}', for: "1h", comment: "load test" };
    const one = { person: { ...erik, grants: [{ role: "operator", systems: ["trader"] }] } };
    await expect(ask("silence", asked, { ...both, ...one })).rejects.toThrow("guard");
  }));

it("alerts shows those alone that are asked for, and how many more fire", () =>
  inOneStore(async (ask) => {
    await ask("ack", { alerts: code }, firing(lag, page));
    const open = await ask("alerts", { state: "open" }, firing(lag, page));
    expect(textOf(open.card)).toContain("Trading stopped");
    expect(textOf(open.card)).not.toContain("Lag");
    expect(textOf(open.card)).toContain("1 alert besides fires");
    const warnings = await ask("alerts", { severity: "warning", older: "10m" }, firing(lag, page));
    expect(warnings.card.title).toBe("1 of 2 firing shown");
    const none = await ask("alerts", { older: "20m" }, firing(lag, page));
    // No all-clear while anything fires.
    expect(none).toMatchObject({ alerts: [], card: { tone: "neutral", title: "None of 2 firing shown" } });
    await expect(ask("alerts", { older: "long" }, firing(lag))).rejects.toThrow("does not understand long");
  }));

it("alerts matching shows what a silence would meet and does nothing, and alerts says of each how long it is silenced", () =>
  inOneStore(async (ask) => {
    const shown = await ask("alerts matching", { alerts: "{alertname=lag}" }, firing(lag, page));
    expect(shown.card.title).toBe("Nothing is silenced yet");
    expect(textOf(shown.card)).toContain("It meets 1 alert now:");
    expect(textOf(shown.card)).toContain("One person may do that alone.");
    const wide = await ask("alerts matching", { alerts: `{system="trader"}` }, firing(lag, page));
    expect(textOf(wide.card)).toContain("It takes two people, because Trading stopped is never muted.");
    expect(shown.card.actions?.map(({ args }) => args["for"])).toEqual(["1h", "4h", "tomorrow"]);
    expect(textOf((await ask("alerts", {}, firing(lag))).card)).not.toContain("silenced");
    await ask("silence", { alerts: code, for: "tomorrow", comment: "disk exchange" }, firing(lag, page));
    // 08:00 of the next day: the fixtures' clock stands at 12:00.
    expect(textOf((await ask("alerts", {}, firing(lag, page))).card)).toContain("silenced for another 20 h");
    expect((await ask("alerts", { state: "silenced" }, firing(lag, page))).alerts).toEqual([code]);
  }));
