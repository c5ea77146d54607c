import { expect, it } from "vitest";
import { withReport } from "../../src/domain/alerts/episode.ts";
import { AlertsInFile, routingOf } from "../../src/domain/alerts/routing.ts";
import { putEpisode } from "../../src/records/episode.ts";
import { newId } from "../../src/records/ids.ts";
import { erik, inOneStore, now, textOf } from "./fixtures.ts";

const shadow = { id: "trial", match: 'alertname="Disk"', channels: ["quiet"], shadow: true };
const routing = routingOf(AlertsInFile.parse({ routes: [shadow, { id: "all", channels: ["ops"] }] }), []);

function episode(system: string, at: number, summary: string) {
  const report = {
    fingerprint: summary,
    startsAt: "x",
    since: at,
    state: "firing" as const,
    labels: { alertname: "Disk", severity: "warning" },
    annotations: { summary },
  };
  return putEpisode(withReport(undefined, report, { sender: "am", system, at, batch: "b" }).episode);
}

it("shows what came in for routes in shadow, of systems that whoever asks may read and of the time asked for", () =>
  inOneStore(async (ask, store) => {
    expect((await ask("alerts shadow")).card.title).toBe("No route is in shadow");
    const put = [
      episode("trader", now - 60_000, "of today <!channel>"),
      episode("trader", now - 3 * 86_400_000, "of this week"),
      episode("elsewhere", now - 60_000, "of elsewhere"),
    ];
    await store.commit({ id: newId(), put });
    const reader = { routing, person: { ...erik, grants: [{ role: "auditor", systems: ["trader"] }] } };
    const week = textOf((await ask("alerts shadow", {}, reader)).card);
    expect(week).toContain("2 alerts of the last 7 d");
    expect(week).toContain("of this week");
    expect(week).not.toContain("of elsewhere");
    const day = textOf((await ask("alerts shadow", { range: "1d" }, reader)).card);
    expect(day).toContain("of today");
    expect(day).not.toContain("of this week");
  }));
