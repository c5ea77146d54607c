import { describe, expect, it } from "vitest";
import { acknowledgeAlert } from "../../../src/acts/alerts/acknowledge.ts";
import { settleFates } from "../../../src/acts/alerts/settle-fates.ts";
import { alertAccountCard, batchAccountCard } from "../../../src/cards/alert-account.ts";
import { readMatchers } from "../../../src/domain/alerts/read-matchers.ts";
import type { Card } from "../../../src/domain/messages/card.ts";
import type { Troubles } from "../../../src/domain/messages/trouble.ts";
import { alertAccountOf } from "../../../src/reads/alert-account.ts";
import { lastTold } from "../../../src/reads/last-told.ts";
import { alertsAt } from "../../../src/reads/shown-at.ts";
import { fatesOf, putFates } from "../../../src/records/alert-fate.ts";
import { toldKey } from "../../../src/records/alert-told.ts";
import { episodeKey, parseEpisode, shortCode } from "../../../src/records/episode.ts";
import { readTotals } from "../../../src/records/ledger.ts";
import { putSilence } from "../../../src/records/silence.ts";
import { lookAtLedger } from "../../../src/workers/watch-ledger.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { postedAlert } from "../../fakes/posted-alerts.ts";
import { type Desk, openDesk, standing } from "./desk.ts";

const untold: Troubles = { raise() {}, clear() {} };
const all = { routes: [{ id: "all", channels: ["ops"] }] };
const warning = (instance: string, more: object = {}): object =>
  postedAlert({ labels: { severity: "warning", instance }, annotations: { summary: `${instance} is full` }, ...more });
const over = (at: number): object => ({ status: "resolved", endsAt: new Date(at).toISOString() });

const down = { labels: { alertname: "InstanceDown" }, annotations: { summary: "It is down" } };

/** What became of each new event of a batch. */
async function fatesIn(desk: Desk, batch: string): Promise<readonly string[]> {
  await settleFates(desk.store);
  return (await fatesOf(desk.store, batch)).flatMap(({ events }) => events.map(([, fate]) => fate));
}

describe("one message for alerts that are grouped", () => {
  it("what is critical goes out at once, and everything else once it has waited for others", async () => {
    const desk = openDesk(all);
    await desk.post(warning("db-1"));
    await desk.send(9_000);
    expect(standing(desk, "ops")).toEqual([]);
    await desk.post(warning("db-2"));
    await desk.send(1_000);
    expect(standing(desk, "ops")).toMatchObject([{ card: { title: "logos: DiskFull: 2 firing" }, times: 1 }]);

    const urgent = openDesk(all);
    await urgent.post(postedAlert({}));
    await urgent.send(0);
    expect(standing(urgent, "ops")).toMatchObject([{ card: { title: "logos: The disk of db-1 is full" } }]);
  });

  it("what fires on with the same beginning, minutes after its sender said that it was over, is told anew and is firing", async () => {
    const desk = openDesk(all);
    await desk.post(warning("db-1"));
    await desk.send(10_000);
    await desk.post(warning("db-1", over(desk.clock.now)));
    await desk.send(60_000);
    expect(standing(desk, "ops")).toMatchObject([{ card: { tone: "good" } }]);
    await desk.send(600_000);
    await desk.post(warning("db-1"));
    await desk.send(60_000);
    const titles = standing(desk, "ops").map(({ card }) => card.title);
    expect(titles).toEqual(["logos: db-1 is full"]);
    expect(standing(desk, "ops", "alert-changes").map(({ card }) => card.title)).toContain("1 new");
  });

  it("half of a character in what its sender calls it keeps neither it nor those beside it from being told", async () => {
    const desk = openDesk(all);
    await desk.post(postedAlert({ labels: { alertname: "Full \ud83d" } }), postedAlert({ labels: { system: "prsm" } }));
    await desk.send(0);
    expect(standing(desk, "ops").map(({ card }) => card.title)).toEqual(
      Array(2).fill("logos: The disk of db-1 is full"),
    );
  });

  it("changes are said under it, what its first post showed is not, and the next trouble has a message of its own", async () => {
    const desk = openDesk(all);
    await desk.post(warning("db-1"));
    await desk.post(warning("db-2"));
    await desk.send(10_000);
    await desk.send(60_000);
    expect(standing(desk, "ops", "alert-changes").filter(({ card }) => card.blocks.length === 0)).toEqual([]);

    const ended = desk.clock.now;
    await desk.post(warning("db-1", over(ended)), warning("db-2", over(ended)));
    await desk.send(60_000);
    expect(standing(desk, "ops")).toMatchObject([{ card: { tone: "good", title: "logos: DiskFull: 2 resolved" } }]);
    expect(standing(desk, "ops", "alert-changes")).toMatchObject([{ card: { title: "2 resolved" } }]);

    desk.clock.now += 600_000;
    await desk.post(warning("db-1", { startsAt: new Date(desk.clock.now).toISOString() }));
    await desk.send(10_000);
    expect(standing(desk, "ops").map(({ card }) => card.tone)).toEqual(["good", "warning"]);
  });

  it("what comes again at once is the same message, and says how often it came", async () => {
    const desk = openDesk(all);
    await desk.post(warning("db-1"));
    await desk.send(10_000);
    for (let time = 0; time < 3; time += 1) {
      const startsAt = new Date(desk.clock.now).toISOString();
      await desk.post(warning("db-1", { ...over(desk.clock.now) }));
      await desk.post(warning("db-1", { startsAt }));
      await desk.post(warning("db-1", { startsAt, ...over(desk.clock.now) }));
      await desk.send(30_000);
    }
    expect(standing(desk, "ops")).toHaveLength(1);
    expect(JSON.stringify(standing(desk, "ops")[0]?.card)).toContain("came 4 times");
  });

  it.each(["critical", "warning", "info"])("many changes of what is %s become one edit, soon", async (severity) => {
    const desk = openDesk(all);
    const other = (at: number) => warning(`db-${at}`, { labels: { severity, instance: `db-${at}` } });
    await desk.post(other(0));
    await desk.send(10_000);
    for (let at = 1; at <= 40; at += 1) {
      await desk.post(other(at));
      await desk.send(25);
    }
    // What comes on and on holds no edit up for ever, and none is made for each.
    await desk.send(30_000);
    const [message] = standing(desk, "ops");
    expect(message?.card.title).toBe("logos: DiskFull: 41 firing");
    expect(message?.times).toBe(2);
  });

  it("what comes late of an episode before says nothing of the one that fires", async () => {
    const desk = openDesk(all);
    const startsAt = new Date(desk.clock.now + 60_000).toISOString();
    await desk.post(warning("db-1", { startsAt }));
    await desk.post(warning("db-1", over(desk.clock.now + 30_000)));
    await desk.send(10_000);
    expect(standing(desk, "ops")).toMatchObject([{ card: { title: "logos: db-1 is full" } }]);
  });
});

describe("notified after ack", () => {
  it("nobody is called for what somebody has by the time that it is told", async () => {
    const rules = policy();
    const [person] = rules.people;
    const onCall = { logos: [person?.id ?? ""] };
    const called = openDesk({ ...all, onCall }, rules);
    await called.post(postedAlert({}));
    await called.send(0);
    expect(standing(called, "ops")[0]?.calls.map(({ name }) => name)).toEqual([person?.name]);

    const desk = openDesk({ ...all, onCall }, rules);
    await desk.post(postedAlert({}));
    const code = shortCode({ sender: "am", fingerprint: await fingerprintIn(desk) });
    const alert = {
      code,
      system: "logos",
      source: "am",
      id: "x",
      severity: "critical",
      ownSeverity: "critical",
    } as const;
    const by = { person: "chen", name: "Chen", account: "console:chen", invocation: "i1" };
    await acknowledgeAlert(desk.store, { ...alert, summary: "full", since: desk.clock.now }, by);
    await desk.send(0);
    expect(standing(desk, "ops")).toMatchObject([{ calls: [] }]);
    expect(JSON.stringify(standing(desk, "ops")[0]?.card)).toContain("Chen has it");
  });

  it("what was told last, here or by name, and what nobody has, is what a bare ack takes", async () => {
    const desk = openDesk(all);
    const ask = { accounts: ["console:ana"], place: { surface: "console", channel: "ops" } };
    expect(await lastTold(desk.store, ask)).toEqual([]);
    await desk.post(postedAlert({}));
    desk.clock.now += 1_000;
    await desk.post(warning("db-2", { labels: { alertname: "Lag", severity: "warning" } }));
    const [code] = await lastTold(desk.store, ask);
    await desk.send(20_000);
    expect(JSON.stringify(standing(desk, "ops").at(-1)?.card)).toContain(code);
    // As does what is asked of the message itself.
    const [id = ""] = [...desk.messages].find(([, { card }]) => JSON.stringify(card).includes(code ?? "")) ?? [];
    expect(await alertsAt(desk.store, { surface: "console", channel: "ops", id })).toEqual([code]);
    expect(await lastTold(desk.store, { ...ask, place: { surface: "console", channel: "quiet" } })).toEqual([]);
  });

  it("whoever is called by one account and asks by another of theirs, elsewhere, was told of it by name", async () => {
    const desk = openDesk({
      routes: [{ id: "all", channels: ["ops"], severities: { critical: { mention: ["chen"] } } }],
    });
    await desk.post(postedAlert({}));
    const elsewhere = { surface: "terminal", channel: "terminal" };
    const told = (...accounts: string[]) => lastTold(desk.store, { accounts, place: elsewhere });
    expect(await told("terminal:chen", "console:chen")).toHaveLength(1);
    expect(await told("terminal:ana", "console:ana")).toEqual([]);
  });
});

async function fingerprintIn({ store }: Desk): Promise<string> {
  const [document] = await store.list("alert", "firing");
  if (!document) throw new Error("nothing fires");
  return parseEpisode(document).fingerprint;
}

describe("every event has exactly one outcome", () => {
  it("shown once its messages say it, told nowhere once they were given up", async () => {
    const desk = openDesk(all);
    const batch = await desk.post(postedAlert({}), warning("db-2"));
    expect(await fatesIn(desk, batch)).toEqual(["owed", "owed"]);
    await desk.send(0);
    expect(await fatesIn(desk, batch)).toEqual(["shown", "shown"]);
    const lost = await desk.post(warning("db-3"));
    await desk.send(60_000, { lost: true });
    expect(await fatesIn(desk, lost)).toEqual(["dead"]);
    await lookAtLedger({ store: desk.store, troubles: untold });
    expect((await readTotals(desk.store))?.totals).toMatchObject({ batches: 2, fates: { shown: 2, dead: 1 } });
  });

  it.each<["muted" | "inhibited" | "silenced", Parameters<typeof openDesk>[0]]>([
    ["muted", { ...all, maintenance: [{ id: "move", match: 'severity="warning"', times: [{}] }] }],
    [
      "inhibited",
      {
        ...all,
        inhibit: [
          { id: "down", source: 'alertname="InstanceDown"', target: 'alertname="DiskFull"', equal: ["instance"] },
        ],
      },
    ],
    ["silenced", all],
  ])("%s, until nothing keeps it back any more", async (fate, written) => {
    const desk = openDesk(written);
    const match = 'instance="db-1"';
    const until = desk.clock.now + 60_000;
    const by = { person: "ana", name: "Ana" };
    const { matchers } = readMatchers(match);
    if (fate === "silenced") {
      const silence = { id: "s1", match, matchers, from: 0, until, by, comment: "known", codes: [] };
      await desk.store.commit({ id: "silence", put: [putSilence(silence, 0)] });
    }
    if (fate === "inhibited") await desk.post(postedAlert(down));
    const batch = await desk.post(warning("db-1"));
    expect(await fatesIn(desk, batch)).toEqual([fate]);
    await desk.send(20_000);
    const named = () => standing(desk, "ops").filter(({ card }) => card.title.includes("db-1 is full"));
    expect(named()).toEqual([]);

    if (fate === "inhibited") await desk.post(postedAlert({ ...down, ...over(until) }));
    if (fate === "muted") desk.route(all);
    await desk.lookAtHeld(60_000);
    await desk.send(20_000);
    expect(named()).toMatchObject([{ card: { tone: "warning" } }]);
    expect(await fatesIn(desk, batch)).toEqual([fate]);
  });

  it("what no route takes goes to the operators, and is told nowhere where there are none", async () => {
    const elsewhere = { routes: [{ id: "other", match: 'system="crm"', channels: ["ops"] }] };
    const rules = policy();
    const operated = rules.channels.map((each) => (each.id === "quiet" ? { ...each, operator: true } : each));
    const desk = openDesk(elsewhere, { ...rules, channels: operated });
    await desk.post(postedAlert({}));
    await desk.send(0);
    expect(standing(desk, "quiet")).toMatchObject([
      { card: { footer: expect.stringContaining("No route takes it") as unknown } },
    ]);
    const without = openDesk(elsewhere, rules);
    expect(await fatesIn(without, await without.post(postedAlert({})))).toEqual(["dead"]);
  });
});

it("a batch with one unroutable alert: the others are told where they belong, that one to the operators or nowhere, and each has its fate", async () => {
  const logos = { routes: [{ id: "db", match: 'instance=~"db-.+"', channels: ["ops"] }] };
  const rules = policy();
  const operated = rules.channels.map((each) => (each.id === "quiet" ? { ...each, operator: true } : each));
  const stray = postedAlert({ labels: { instance: "web-1" }, annotations: { summary: "web-1 is full" } });
  for (const [channels, fate] of [
    [operated, "shown"],
    [rules.channels, "dead"],
  ] as const) {
    const desk = openDesk(logos, { ...rules, channels });
    const batch = await desk.post(postedAlert({}), stray, postedAlert({ labels: { instance: "db-2" } }));
    await desk.send(0);
    expect(standing(desk, "ops")).toMatchObject([{ card: { title: "logos: DiskFull: 2 firing" } }]);
    expect(standing(desk, "quiet")).toHaveLength(fate === "shown" ? 1 : 0);
    expect(await fatesIn(desk, batch)).toEqual(["shown", fate, "shown"]);
  }
});

it("an alert resolved while its first post is under way: the message that stands is brought up to date, once and by itself", async () => {
  const desk = openDesk(all);
  await desk.post(postedAlert({}));
  let batch = "";
  await desk.sendWhile(async () => {
    batch ||= await desk.post(postedAlert({ ...over(desk.clock.now + 1_000) }));
  });
  expect(standing(desk, "ops")).toMatchObject([{ card: { tone: "bad" }, times: 1 }]);
  expect(await fatesIn(desk, batch)).toEqual(["owed"]);
  await desk.send(60_000);
  expect(standing(desk, "ops")).toMatchObject([
    { card: { tone: "good", title: "logos: The disk of db-1 is full: resolved" }, times: 2 },
  ]);
  expect(await fatesIn(desk, batch)).toEqual(["shown"]);
});

describe("alerts why tells", () => {
  const rules = policy();
  const viewer = () => {
    const [person] = rules.people;
    if (!person) throw new Error("there is nobody");
    return { person, place: { surface: "console", channel: "ops" }, policy: rules };
  };

  it("where an alert is shown and what keeps it back, and never that it is told nowhere while that is not decided", async () => {
    const desk = openDesk(all);
    await desk.post(postedAlert({}));
    await desk.send(0);
    const identity = { sender: "am", fingerprint: await fingerprintIn(desk) };
    const asked = () => alertAccountOf(desk.store, viewer(), shortCode(identity));
    expect(await asked()).toMatchObject({ whereabouts: { shown: ["ops"], owed: [] } });
    const told = toldKey(episodeKey({ ...identity, startsAt: "2026-01-01T00:00:00.123Z" }));
    await desk.store.commit({ id: "forgotten", remove: [told] });
    const account = await asked();
    if (account?.kind !== "alert") throw new Error("it is not on record");
    const route: Card = { tone: "good", title: "It would be told", blocks: [] };
    expect(alertAccountCard(account, route, desk.clock.now).summary).toMatch(
      /Where it is told is not on record yet\.$/,
    );
  });

  it("of a batch that all is well only where each alert of it has come to people or is kept from them", async () => {
    const desk = openDesk({ routes: [{ id: "db", match: 'instance=~"db-.+"', channels: ["ops"] }] }, rules);
    const tone = async (batch: string) => {
      const account = await alertAccountOf(desk.store, viewer(), batch);
      if (account?.kind !== "batch") throw new Error("it is not on record");
      return batchAccountCard(account, desk.clock.now).tone;
    };
    const routed = await desk.post(postedAlert({}));
    expect(await tone(routed)).toBe("unknown");
    await desk.send(0);
    expect(await tone(routed)).toBe("good");
    expect(await tone(await desk.post(postedAlert({ labels: { instance: "web-1" } })))).toBe("warning");
  });
});

it("what is owed to a channel that takes nothing keeps the books of nothing open that came after it and is shown", async () => {
  const desk = openDesk(all);
  const waiting = [...Array(201).keys()].map((from) =>
    putFates({ batch: "before", from, at: desk.clock.now + from, events: [[from, "owed", [["silent.1", 1]]]] }),
  );
  await desk.store.commit({ id: "before", put: waiting });
  desk.clock.now += 1_000;
  const batch = await desk.post(postedAlert({}));
  await desk.send(0);
  expect(await fatesIn(desk, batch)).toEqual(["shown"]);
});
