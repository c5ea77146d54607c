import { expect, it } from "vitest";
import type { ActiveAlert, Watched } from "../../src/domain/alerts/alert.ts";
import { withReport } from "../../src/domain/alerts/episode.ts";
import { reportedAlert } from "../../src/domain/alerts/reported-alert.ts";
import { withoutTwins } from "../../src/domain/alerts/same-alert.ts";
import { firingByPost } from "../../src/reads/taken-in.ts";
import { putEpisode } from "../../src/records/episode.ts";
import { postedAlert } from "../fakes/posted-alerts.ts";
import { scratchStore } from "../fakes/scratch-store.ts";

function episode(labels: Readonly<Record<string, string>>, more: object = {}) {
  const report = reportedAlert(postedAlert({ labels, ...more }), 0);
  if ("unusable" in report) throw new Error(report.unusable);
  return withReport(undefined, report, { sender: "am", system: "logos", at: 0, batch: "b" }).episode;
}

function alertsIn(watched: readonly Watched[]): readonly ActiveAlert[] {
  return watched.flatMap(({ reading }) => (reading.ok ? reading.value : []));
}

it("the worst of what was posted are listed, and that there are more, or that one cannot be read, is told", async () => {
  const store = scratchStore();
  const severities = ["info", "P2", "critical"];
  const put = severities.map((severity) => putEpisode(episode({ severity })));
  await store.commit({ id: "put", put });
  const some = await firingByPost(store, "logos", 2);
  expect(alertsIn(some).map(({ ownSeverity }) => ownSeverity)).toEqual(["critical", "P2"]);
  expect(some.at(-1)?.reading).toMatchObject({ ok: false, detail: expect.stringContaining("more alerts were posted") });
  expect(await firingByPost(store, "logo")).toEqual([]);

  await store.commit({ id: "harm", put: [{ key: "alert/harmed", value: {}, index: { firing: "logos/0/0" } }] });
  const harmed = await firingByPost(store, "logos");
  expect(alertsIn(harmed)).toHaveLength(3);
  expect(harmed.at(-1)?.reading).toMatchObject({ ok: false, detail: "1 record cannot be read: alert/harmed" });
});

it("an alert that was posted and is read live stands once, by its fingerprint or by its labels", async () => {
  const store = scratchStore();
  const posted = episode({ cluster: "eu" }, { fingerprint: "00ff00ff00ff00ff" });
  await store.commit({ id: "put", put: [putEpisode(posted)] });
  const live = (alert: Pick<ActiveAlert, "id"> & Partial<ActiveAlert>): ActiveAlert => ({
    system: "logos",
    source: "prometheus",
    severity: "critical",
    ownSeverity: "critical",
    summary: alert.id,
    ...alert,
  });
  const value = [
    live({ id: "00ff00ff00ff00ff" }),
    live({ id: "by labels", labels: { alertname: "DiskFull", instance: "db-1" } }),
    live({ id: "another", labels: { alertname: "DiskFull", instance: "db-2" } }),
    live({ id: "nothing known" }),
  ];
  const watched = [{ source: "prometheus", reading: { ok: true, value, at: 0, latencyMs: 0 } as const }];
  const all = alertsIn(withoutTwins(watched, await firingByPost(store, "logos")));
  expect(all.map(({ id }) => id)).toEqual(["another", "nothing known", "00ff00ff00ff00ff"]);
});
