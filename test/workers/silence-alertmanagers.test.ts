import { expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { endSilence, silenceAlerts } from "../../src/acts/alerts/silence.ts";
import { endMirrored } from "../../src/acts/alerts/silence-there.ts";
import { showSubject } from "../../src/cards/subjects.ts";
import { readMatchers } from "../../src/domain/alerts/read-matchers.ts";
import { AlertsInFile } from "../../src/domain/alerts/routing.ts";
import { nobody } from "../../src/domain/journal.ts";
import { createAlertPeers } from "../../src/integrations/alertmanager/peers.ts";
import { createSilencePeers } from "../../src/integrations/alertmanager/silences.ts";
import { createHttp } from "../../src/integrations/wire/http.ts";
import { silencesElsewhere, silencesNow } from "../../src/reads/silences.ts";
import { readSubject } from "../../src/reads/subject.ts";
import { newId } from "../../src/records/ids.ts";
import { noticeQueue, readNotice } from "../../src/records/notice.ts";
import { putSilence, readSilence } from "../../src/records/silence.ts";
import { reconcileSlot } from "../../src/workers/reconcile-alerts.ts";
import { silenceSlot } from "../../src/workers/silence-alertmanagers.ts";
import { textOf } from "../commands/fixtures.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { startAlertmanager } from "../fakes/alertmanager-process.ts";
import { scratchStore } from "../fakes/scratch-store.ts";

const Listed = z.array(
  z.object({ status: z.object({ state: z.string() }), createdBy: z.string(), comment: z.string() }),
);
const by = { person: "ana", name: "Ana", account: "console:ana" };
const match = '{alertname="CpuHigh"}';

async function house() {
  const am = await startAlertmanager({ url: "http://127.0.0.1:9/", token: "none" });
  onTestFinished(() => am.stop());
  const clock = { now: Date.now() };
  const store = scratchStore(clock);
  const http = createHttp();
  onTestFinished(() => http.close());
  const sender = { id: "am", system: "logos", auth: { tokens: ["env:TOKEN"] }, api: { peers: [am.url] } };
  const alerts = () => AlertsInFile.parse({ senders: [sender] });
  const rules = policy();
  const policyInForce = async () => ({
    ...rules,
    channels: rules.channels.map((each) => ({ ...each, operator: each.id === "ops" })),
  });
  const slot = silenceSlot({ store, policyInForce, silencePeers: createSilencePeers(http), alerts });
  const reconcile = reconcileSlot({ store, peers: createAlertPeers(http), alerts });
  return {
    am,
    store,
    clock,
    round: () => slot.run(),
    look: async () => {
      const { write } = await reconcile.run();
      expect((await store.commit({ id: newId(), ...write })).outcome).toBe("committed");
    },
    /** States of the silences that Alertmanager has, each with who made it and why. */
    has: async () => {
      const answer = await fetch(`${am.url}/api/v2/silences`);
      const listed = Listed.parse(await answer.json());
      return listed.map(({ status, createdBy, comment }) => `${status.state} ${createdBy}: ${comment}`).toSorted();
    },
    /** What the operators were told of silences that were made again, a text each. */
    toldRemade: async () => {
      const told: string[] = [];
      for (const item of await store.claim(noticeQueue("console"), { leaseMs: 1, limit: 10 })) {
        const { subject } = readNotice(item);
        const data = subject?.kind === "silence-remade" ? await readSubject(store, subject) : undefined;
        if (data) told.push(textOf(showSubject(data).card));
      }
      clock.now += 1_000;
      return told;
    },
    kept: () =>
      silenceAlerts(
        store,
        {
          match,
          matchers: readMatchers(match).matchers,
          ms: 3_600_000,
          comment: "load test",
          codes: [],
          there: [{ sender: "am", match }],
        },
        { ...by, invocation: newId() },
      ),
  };
}

it("a silence is made in a real Alertmanager once, also where its answer was lost, and ended there", async () => {
  const { store, round, has, kept } = await house();
  const silence = await kept();
  await round();
  const made = `active Ana: load test (wardroom ${silence.id})`;
  expect(await has()).toEqual([made]);
  // As if the process had died before it could write what Alertmanager answered.
  await store.commit({ id: newId(), put: [putSilence(silence, silence.from)] });
  await round();
  await round();
  expect(await has()).toEqual([made]);
  expect((await readSilence(store, silence.id))?.silence.there?.[0]?.id).toMatch(/^[\da-f-]{36}$/);

  await endSilence(store, silence.id, { ...by, invocation: newId() });
  await round();
  await round();
  expect(await has()).toEqual([made.replace("active", "expired")]);
  expect((await readSilence(store, silence.id))?.silence.there).toMatchObject([{ over: true }]);
});

it("what a silence that was made in a real Alertmanager hides there is known once it ends soon", async () => {
  const { am, store, clock, look } = await house();
  const startsAt = new Date(clock.now - 3_600_000).toISOString();
  await am.silences("alertname", "DiskFull");
  await am.fires([
    { labels: { alertname: "DiskFull" }, annotations: { summary: "Full disk" }, startsAt },
    { labels: { alertname: "Other" }, startsAt },
  ]);
  const hidden = async () => {
    await look();
    return (await silencesElsewhere(store, clock.now)).map(({ hides }) => hides);
  };
  expect(await hidden()).toEqual([undefined]);
  clock.now += 3_300_000;
  const patience = { timeout: 60_000, interval: 100 };
  await vi.waitFor(
    async () => expect(await hidden()).toEqual([[{ labels: { alertname: "DiskFull" }, summary: "Full disk" }]]),
    patience,
  );
});

it("a silence of the bot that somebody ends in a real Alertmanager is over here too, and is told as nobody's here", async () => {
  const { am, store, round, look, kept } = await house();
  const silence = await kept();
  await round();
  await look();
  expect(await silencesNow(store, Date.now())).toHaveLength(1);
  const there = (await readSilence(store, silence.id))?.silence.there?.[0]?.id ?? "";
  expect((await fetch(`${am.url}/api/v2/silence/${there}`, { method: "DELETE" })).ok).toBe(true);
  await look();
  expect(await silencesNow(store, Date.now())).toEqual([]);
  const entries = (await store.journal({ limit: 10 })).flatMap((link) => link.entries);
  expect(entries.find(({ kind }) => kind === "alert.unsilenced")).toMatchObject({ silence: silence.id, who: nobody });
  // It is neither made there again nor taken for one of somebody else's.
  await round();
  await look();
  expect(await silencesElsewhere(store, Date.now())).toEqual([]);
  expect((await readSilence(store, silence.id))?.silence.there).toMatchObject([{ over: true }]);
});

it("a silence that a real Alertmanager lost with its data is made again for what remains, and told once", async () => {
  const { am, store, round, look, has, kept, toldRemade } = await house();
  const silence = await kept();
  await round();
  // What it kept, it has after a start, and there is nothing to mend or tell.
  await am.restart("kept");
  await look();
  await round();
  const made = `active Ana: load test (wardroom ${silence.id})`;
  await am.restart("lost");
  expect(await has()).toEqual([]);
  await look();
  expect((await silencesNow(store, Date.now()))[0]?.there?.[0]).not.toHaveProperty("id");
  await round();
  expect(await has()).toEqual([made]);
  const [again] = z
    .array(z.object({ endsAt: z.string() }))
    .parse(await (await fetch(`${am.url}/api/v2/silences`)).json());
  expect(Math.abs(Date.parse(again?.endsAt ?? "") - silence.until)).toBeLessThan(1_000);
  await look();
  await round();
  expect(await has()).toEqual([made]);
  expect(await toldRemade()).toEqual([
    expect.stringMatching(/Alertmanager of am had lost a silence, which was made again there.*load test/),
  ]);
  expect(await silencesNow(store, Date.now())).toHaveLength(1);
  // Lost once more it is made once more, and its message says how often.
  await am.restart("lost");
  await look();
  await round();
  expect(await has()).toEqual([made]);
  expect(await toldRemade()).toEqual([expect.stringContaining("2 times so far")]);
});

it("a silence that somebody ended in a real Alertmanager is not made again after a start, whatever that kept", async () => {
  const { am, store, round, look, has, kept, toldRemade } = await house();
  const silence = await kept();
  await round();
  await look();
  const there = (await readSilence(store, silence.id))?.silence.there?.[0]?.id ?? "";
  expect((await fetch(`${am.url}/api/v2/silence/${there}`, { method: "DELETE" })).ok).toBe(true);
  await am.restart("kept");
  await look();
  await round();
  expect((await has()).filter((each) => each.startsWith("active"))).toEqual([]);
  expect(await silencesNow(store, Date.now())).toEqual([]);
  await am.restart("lost");
  await look();
  await round();
  expect(await has()).toEqual([]);
  expect(await toldRemade()).toEqual([]);
});

it("an Alertmanager that is gone is asked until it takes it, and why it did not is known meanwhile", async () => {
  const { am, store, round, has, kept } = await house();
  await am.kill();
  await kept();
  await round();
  expect((await silencesNow(store, Date.now()))[0]?.there?.[0]?.fault).toContain("refused");
  await am.restart();
  await round();
  expect(await has()).toHaveLength(1);
  expect((await silencesNow(store, Date.now()))[0]?.there?.[0]).not.toHaveProperty("fault");
});

it("silences that were made in a real Alertmanager are known, the bot's own not twice, and are ended there", async () => {
  const { am, store, round, look, has, kept } = await house();
  await kept();
  await round();
  await am.silences("alertname", "DiskFull");
  await look();
  const elsewhere = await silencesElsewhere(store, Date.now());
  expect(elsewhere).toMatchObject([
    { match: '{alertname="DiskFull"}', by: "somebody", comment: "made elsewhere", sender: "am", system: "logos" },
  ]);
  const id = elsewhere[0]?.id ?? "";
  await endMirrored(store, { sender: "am", id }, { ...by, invocation: newId() });
  // A look in between takes nothing back.
  await look();
  await round();
  expect((await has()).filter((each) => each.startsWith("expired"))).toEqual(["expired somebody: made elsewhere"]);
  await look();
  expect(await silencesElsewhere(store, Date.now())).toEqual([]);
});
