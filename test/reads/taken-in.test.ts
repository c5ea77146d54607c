import { expect, it } from "vitest";
import { acceptBatch, quarantineBody } from "../../src/acts/alerts/accept-batch.ts";
import { explodeNext } from "../../src/acts/alerts/explode-batch.ts";
import type { ActiveAlert, Watched } from "../../src/domain/alerts/alert.ts";
import { withReport } from "../../src/domain/alerts/episode.ts";
import { batchIn, reportedAlert } from "../../src/domain/alerts/reported-alert.ts";
import { withoutTwins } from "../../src/domain/alerts/same-alert.ts";
import type { Store } from "../../src/domain/store.ts";
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
  const some = await firingByPost(store, "logos", { limit: 2 });
  expect(alertsIn(some).map(({ ownSeverity }) => ownSeverity)).toEqual(["critical", "P2"]);
  expect(some.at(-1)?.reading).toMatchObject({ ok: false, detail: expect.stringContaining("more alerts were posted") });
  expect(await firingByPost(store, "logo")).toEqual([]);

  await store.commit({ id: "harm", put: [{ key: "alert/harmed", value: {}, index: { firing: "logos/0/0" } }] });
  const harmed = await firingByPost(store, "logos");
  expect(alertsIn(harmed)).toHaveLength(3);
  expect(harmed.at(-1)?.reading).toMatchObject({ ok: false, detail: "1 record cannot be read: alert/harmed" });
});

const lost = { labels: { severity: "critical" }, startsAt: "soon" };

/** Posts a batch, and puts it on record unless it is to wait. */
async function post(
  store: Store,
  alerts: readonly unknown[],
  {
    waits = false,
    ...more
  }: { readonly waits?: boolean; readonly groupKey?: string; readonly truncatedAlerts?: number } = {},
): Promise<void> {
  const text = JSON.stringify({ alerts, ...more });
  const batch = batchIn(text);
  if ("unusable" in batch) throw new Error(batch.unusable);
  const id = await acceptBatch(store, bodyOf(text), batch);
  const system = (name: string) => (name === "PRSM" ? { id: "prsm" } : undefined);
  if (!waits) while (await explodeNext({ store, system }, id, batch.alerts));
}

function bodyOf(text: string) {
  const sender = { id: "am", kind: "alertmanager" as const, system: "logos" };
  return { sender, text, bytes: text.length, digest: "d" };
}

/** What of a system's posted alerts is told as not read. */
async function unread(store: Store, system = "logos"): Promise<readonly string[]> {
  const find = (name: string) => (name === "PRSM" ? { id: "prsm" } : { id: name });
  const watched = await firingByPost(store, system, { find });
  return watched.flatMap(({ source, reading }) => (reading.ok ? [] : [`${source}: ${reading.detail}`]));
}

it("what was accepted and is not on record yet is told as not read, of every system that it may tell of", async () => {
  const store = scratchStore();
  const alerts = [postedAlert({ labels: { severity: "critical" } }), postedAlert({ labels: { system: "PRSM" } })];
  await post(store, alerts, { waits: true });
  expect(await unread(store)).toEqual([expect.stringMatching(/^posted by am: 2 alerts of what came since .* not on/)]);
  expect(await unread(store, "prsm")).toHaveLength(1);
  expect(await unread(store, "pulseguard")).toEqual([]);
  const recorded = scratchStore();
  await post(recorded, alerts);
  expect([await unread(recorded), await unread(recorded, "prsm")]).toEqual([[], []]);
});

it("an alert in quarantine is told as not read until its group comes whole, or comes no more", async () => {
  const clock = { now: 1_000 };
  const store = scratchStore(clock);
  await post(store, [postedAlert({}), lost, { ...lost, labels: { system: "PRSM" } }], { groupKey: "a" });
  const told = [
    expect.stringMatching(/^posted by am: not all that came at .*: its startsAt is no time\. .*alerts why /),
  ];
  expect([await unread(store), await unread(store, "prsm")]).toEqual([told, told]);
  // Another group says nothing of it.
  await post(store, [postedAlert({})], { groupKey: "b" });
  expect(await unread(store)).toEqual(told);
  await post(store, [postedAlert({})], { groupKey: "a" });
  expect([await unread(store), await unread(store, "prsm")]).toEqual([[], []]);

  await post(store, [postedAlert({})], { truncatedAlerts: 3 });
  expect(await unread(store)).toEqual([expect.stringContaining("the sender left out 3 alerts of it")]);
  clock.now += 25 * 3_600_000;
  expect(await unread(store)).toEqual([]);
});

it("a whole body in quarantine is told as not read until its sender posts one that can be used", async () => {
  const store = scratchStore();
  await quarantineBody(store, bodyOf("{"), "it is no JSON");
  expect(await unread(store)).toEqual([expect.stringContaining("could be used: it is no JSON")]);
  await post(store, [lost], { groupKey: "a" });
  expect(await unread(store)).toHaveLength(2);
  await post(store, [postedAlert({})], { groupKey: "a" });
  expect(await unread(store)).toEqual([]);
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
