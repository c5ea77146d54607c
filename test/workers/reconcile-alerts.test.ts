import { expect, it, onTestFinished, vi } from "vitest";
import { acceptBatch } from "../../src/acts/alerts/accept-batch.ts";
import { explodeNext } from "../../src/acts/alerts/explode-batch.ts";
import type { Episode } from "../../src/domain/alerts/episode.ts";
import { batchIn } from "../../src/domain/alerts/reported-alert.ts";
import { AlertsInFile } from "../../src/domain/alerts/routing.ts";
import type { Store } from "../../src/domain/store.ts";
import { createAlertPeers } from "../../src/integrations/alertmanager/peers.ts";
import { createHttp } from "../../src/integrations/wire/http.ts";
import { firingByPost } from "../../src/reads/taken-in.ts";
import { readBody, uncountedBatches } from "../../src/records/batch.ts";
import { episodesOf, firingFrom } from "../../src/records/episode.ts";
import { newId } from "../../src/records/ids.ts";
import { reconciledOf } from "../../src/records/reconciled.ts";
import { reconcileSlot } from "../../src/workers/reconcile-alerts.ts";
import { startAlertmanager } from "../fakes/alertmanager-process.ts";
import { postedBatch } from "../fakes/posted-alerts.ts";
import { scratchStore } from "../fakes/scratch-store.ts";

const minute = 60_000;

/** Puts on record what waits for it. */
async function explodeAll(store: Store): Promise<void> {
  for (const { batch } of (await uncountedBatches(store, 1_000)).found) {
    const text = await readBody(store, batch.id);
    const body = text === undefined ? undefined : batchIn(text);
    if (body && "alerts" in body) await explodeNext({ store, system: () => undefined }, batch.id, body.alerts);
  }
}

/** Has the sender's webhook tell that an alert fires. */
async function posts(store: Store, fires: object): Promise<void> {
  const text = postedBatch([{ ...fires, status: "firing" }]);
  const posted = { sender: { id: "am", kind: "alertmanager", system: "logos" } as const, text, bytes: 1, digest: "d" };
  await acceptBatch(store, posted, { alerts: [fires], leftOut: 0 });
  await explodeAll(store);
}

/** Looks at Alertmanagers by a clock that the test moves, a minute further for each. */
function looking(...urls: readonly string[]) {
  const clock = { now: Date.now() };
  const store = scratchStore(clock);
  const http = createHttp();
  onTestFinished(() => http.close());
  const sender = { id: "am", system: "logos", auth: { tokens: ["env:TOKEN"] }, api: { peers: urls } };
  const using = { alerts: AlertsInFile.parse({ senders: [sender] }) };
  const slot = reconcileSlot({ store, peers: createAlertPeers(http), alerts: () => using.alerts });
  const look = async (): Promise<void> => {
    clock.now += minute;
    const { write } = await slot.run();
    expect((await store.commit({ id: newId(), ...write })).outcome).toBe("committed");
    // What is taken in is taken in later than the look began.
    clock.now += 1;
    await explodeAll(store);
  };
  const looks = async (count: number): Promise<void> => {
    for (let time = 0; time < count; time += 1) await look();
  };
  return { clock, store, using, looks, firing: () => namesOf(store) };
}

async function namesOf(store: Store): Promise<readonly string[]> {
  return (await firingFrom(store, "am")).found.map(({ labels }) => labels["alertname"] ?? "").toSorted();
}

/** The newest episode of an alert by its name. */
async function episodeOf(store: Store, name: string): Promise<Episode | undefined> {
  return (await episodesOf(store, "", 100)).found.find(({ labels }) => labels["alertname"] === name);
}

function alert(alertname: string): { readonly [field: string]: object | string } {
  return {
    labels: { alertname, severity: "warning" },
    annotations: { summary: `${alertname} of logos` },
    startsAt: new Date(Date.now() - 10 * minute).toISOString(),
    endsAt: new Date(Date.now() + 60 * minute).toISOString(),
  };
}

async function alertmanager() {
  // What it posts is lost.
  const started = await startAlertmanager({ url: "http://127.0.0.1:9/", token: "none" });
  onTestFinished(() => started.stop());
  const has = async (count: number): Promise<void> => {
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${started.url}/api/v2/alerts?active=true`);
        const alerts = await answer.text();
        expect(alerts).not.toContain('"unprocessed"');
        expect(alerts.split('"fingerprint"').length - 1).toBe(count);
      },
      { timeout: 60_000, interval: 50 },
    );
  };
  return { ...started, has };
}

it("what a real Alertmanager posts in vain is found, and one that was killed resolves nothing before it had its time", async () => {
  const am = await alertmanager();
  const { store, looks, firing } = looking(am.url);
  const [disk, cpu, quiet] = [alert("DiskFull"), alert("CpuHigh"), alert("Silenced")];
  await am.silences("alertname", "Silenced");
  await am.fires([disk, cpu, quiet]);
  await am.has(3);
  await looks(12);
  expect(await firing()).toEqual(["CpuHigh", "DiskFull"]);

  // By what it was told itself it knows that this is the sender's own.
  await posts(store, disk);
  await looks(1);
  await am.restart();
  await am.has(0);
  await looks(9);
  expect(await firing()).toEqual(["CpuHigh", "DiskFull"]);
  await am.fires([disk]);
  await am.has(1);
  await looks(4);
  expect(await firing()).toEqual(["DiskFull"]);
  expect(await episodeOf(store, "CpuHigh")).toMatchObject({ state: "resolved", unsent: true });
  expect(await episodeOf(store, "DiskFull")).toMatchObject({ told: { recorded: 1 } });

  await am.fires([cpu]);
  await am.has(2);
  await looks(1);
  expect(await firing()).toEqual(["CpuHigh", "DiskFull"]);
  expect(await episodeOf(store, "CpuHigh")).not.toHaveProperty("unsent");
});

it("a real Alertmanager that does not answer resolves nothing, and is told as a source that cannot be read", async () => {
  const [am, other] = [await alertmanager(), await alertmanager()];
  const { store, using, looks, firing } = looking(am.url, other.url);
  const disk = alert("DiskFull");
  for (const each of [am, other]) {
    await each.fires([disk]);
    await each.has(1);
  }
  await looks(11);
  expect(await firing()).toEqual(["DiskFull"]);
  expect((await firingByPost(store, "logos")).map(({ source }) => source)).toEqual(["posted by am"]);

  await other.kill();
  await am.fires([{ ...disk, endsAt: new Date(Date.now() - 1_000).toISOString() }]);
  await am.has(0);
  await looks(5);
  expect(await firing()).toEqual(["DiskFull"]);
  const [, unread] = await firingByPost(store, "logos");
  expect(unread).toMatchObject({ source: "Alertmanager of am", reading: { ok: false, fault: "unreachable" } });

  // Who is not asked any more is not missed.
  using.alerts = { ...using.alerts, reconcile: "off" };
  await looks(1);
  expect((await firingByPost(store, "logos")).map(({ source }) => source)).toEqual(["posted by am"]);
  expect(await reconciledOf(store)).toEqual({ found: [], unreadable: [] });
});

it("a real Alertmanager that is another's ends nothing, and is told", async () => {
  const other = await alertmanager();
  await other.fires([alert("CpuHigh")]);
  await other.has(1);
  const { store, looks, firing } = looking(other.url);
  await posts(store, alert("DiskFull"));
  await looks(16);
  expect(await firing()).toEqual(["CpuHigh", "DiskFull"]);
  const [, told] = await firingByPost(store, "logos");
  expect(told).toMatchObject({ source: "Alertmanager of am", reading: { ok: false } });
  expect(JSON.stringify(told)).toContain("may be another's");
});

it("what is posted after it was found is known, however many digits its time has", async () => {
  const am = await alertmanager();
  const { store, looks } = looking(am.url);
  const startsAt = new Date(Date.now() - 10 * minute).toISOString().replace("Z", "456789Z");
  const disk = { ...alert("DiskFull"), startsAt };
  await am.fires([disk]);
  await am.has(1);
  await looks(1);
  await posts(store, disk);
  expect((await episodesOf(store, "", 10)).found).toMatchObject([{ told: { recorded: 1, duplicate: 1 } }]);
});
