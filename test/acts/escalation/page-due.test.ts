import fc from "fast-check";
import { expect, it } from "vitest";
import { acknowledgeAlert } from "../../../src/acts/alerts/acknowledge.ts";
import { lapseAcks } from "../../../src/acts/alerts/lapse-acks.ts";
import { silenceAlerts } from "../../../src/acts/alerts/silence.ts";
import { unacknowledgeAlert } from "../../../src/acts/alerts/unacknowledge.ts";
import { auditEscalations } from "../../../src/acts/escalation/audit.ts";
import { pageDue } from "../../../src/acts/escalation/page-due.ts";
import { readMatchers } from "../../../src/domain/alerts/read-matchers.ts";
import type { JournalEntry } from "../../../src/domain/journal.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import { System } from "../../../src/domain/systems/system.ts";
import { escalationKey } from "../../../src/records/escalation.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { postedAlert } from "../../fakes/posted-alerts.ts";
import { type Desk, openDesk, standing } from "../alerts/desk.ts";

const minute = 60_000;
const routes = [{ id: "all", channels: ["ops"], groupWait: "0s" }];
const boris = { person: "boris", name: "Boris", account: "console:boris" };

function logos(more: object = {}): System {
  return System.parse({
    id: "logos",
    title: "LOGOS",
    escalation: {
      contacts: {
        admin: { title: "Administrator", people: ["ana"] },
        lead: { title: "Lead", people: ["chen"] },
        nobody: { title: "Leadership" },
      },
      classes: [
        {
          id: "P1",
          severities: ["critical"],
          levels: [
            { contacts: ["admin"] },
            { after: "15m", contacts: ["lead"] },
            { after: "30m", contacts: ["admin", "lead"] },
            { after: "60m", contacts: ["nobody"] },
          ],
        },
        { id: "P2", severities: ["warning"], levels: [{ after: "30m", contacts: ["admin"] }] },
      ],
      ...more,
    },
  });
}

function opened(rules: Policy = policy()): Desk {
  return openDesk({ routes }, rules, logos());
}

/** The code of the only alert there is. */
async function codeOn(desk: Desk): Promise<string> {
  const [document] = await desk.store.list("escalation", "system", { limit: 1 });
  return document?.key.slice(escalationKey("").length) ?? "";
}

async function paged(desk: Desk): Promise<readonly Extract<JournalEntry, { kind: "alert.paged" }>[]> {
  const links = await desk.store.journal({ limit: 1_000 });
  return links.flatMap(({ entries }) => entries).filter((each): each is never => each.kind === "alert.paged");
}

const levels = async (desk: Desk): Promise<number[]> => (await paged(desk)).map(({ level }) => level);
const pages = (desk: Desk, channel = "ops") => standing(desk, channel, "page");
const alertCard = (desk: Desk): string => JSON.stringify(standing(desk, "ops").map(({ card }) => card));

async function takes(desk: Desk, invocation: string, lastsMs?: number): Promise<void> {
  const code = await codeOn(desk);
  const alert = { code, system: "logos", source: "am", id: "f", ownSeverity: "critical", summary: "full" };
  const firing = { ...alert, severity: "critical" as const, since: Date.UTC(2026, 0, 1) };
  await acknowledgeAlert(desk.store, firing, { ...boris, invocation }, lastsMs);
}

it("level by level is called by name while nobody has it, each card says how far it is, and who takes it ends that", async () => {
  const desk = opened();
  await desk.post(postedAlert({}));
  await desk.page(1_000);
  const [first] = pages(desk);
  expect(first?.calls.map(({ name }) => name)).toEqual(["ana"]);
  expect(first?.card.title).toContain("nobody has “The disk of db-1 is full”: level 1");
  expect(first?.card.actions?.[0]).toMatchObject({
    label: "I have it",
    command: "ack",
    args: { alerts: await codeOn(desk) },
  });
  expect(alertCard(desk)).toContain("P1: level 1 told 00:00:01 UTC, level 2 due 00:15:00 UTC (in 14 min)");

  await desk.page(15 * minute);
  expect(pages(desk).map(({ calls }) => calls[0]?.name)).toEqual(["ana", "chen"]);
  await takes(desk, "i1");
  await desk.page(120 * minute);
  expect(pages(desk).map(({ card }) => card.title)).toEqual([
    "logos: Boris has “The disk of db-1 is full”",
    "logos: Boris has “The disk of db-1 is full”",
  ]);
  expect(pages(desk)[0]?.card.actions).toEqual([]);
  expect(alertCard(desk)).toContain("Boris has it");

  await unacknowledgeAlert(desk.store, await codeOn(desk), { ...boris, invocation: "i2" });
  await desk.page(14 * minute);
  expect(await levels(desk)).toEqual([1, 2]);
  await desk.page(minute);
  expect(await levels(desk)).toEqual([1, 2, 3]);
  await desk.post(postedAlert({ status: "resolved", endsAt: new Date(desk.clock.now).toISOString() }));
  await desk.page(500 * minute);
  expect(await levels(desk)).toEqual([1, 2, 3]);
  expect(pages(desk).every(({ card }) => card.title.endsWith("over") && card.tone === "good")).toBe(true);
});

it("after a pause the highest level that is due is called once, however many look, and the missed are on record", async () => {
  const desk = opened();
  await desk.post(postedAlert({}));
  desk.clock.now += 40 * minute;
  await Promise.all([pageDue(desk.paging), pageDue(desk.paging), pageDue(desk.paging)]);
  expect(await paged(desk)).toMatchObject([{ level: 3, missed: [1, 2], called: ["ana", "chen"] }]);
  await desk.page(0);
  expect(pages(desk)).toHaveLength(1);
  expect(pages(desk)[0]?.card.summary).toContain("Nobody was told of level 1 and 2 in its time");
  expect(alertCard(desk)).toContain("level 1 missed, level 2 missed, level 3 told");
});

it("where nobody stands behind a level, the operators are told that", async () => {
  const rules = policy();
  const channels = rules.channels.map((each) => ({ ...each, operator: each.id === "quiet" }));
  const desk = opened({ ...rules, channels });
  await desk.post(postedAlert({}));
  await desk.page(61 * minute);
  const [page] = pages(desk, "quiet");
  expect(page?.card.summary).toContain("Nobody stands behind level 4 of P1: Leadership.");
  expect(page?.calls).toEqual([]);
});

it("a storm calls each level once a minute, with all its alerts", async () => {
  const desk = opened();
  const storm = (from: number) =>
    Array.from({ length: 150 }, (_, at) => postedAlert({ labels: { instance: `db-${from + at}` } }));
  await desk.post(...storm(0));
  await desk.page(1_000);
  await desk.post(...storm(150));
  await desk.page(1_000);
  expect(pages(desk)).toHaveLength(1);
  expect(pages(desk)[0]?.card.title).toBe("logos: nobody has 300 alerts: level 1");
  expect(pages(desk)[0]?.card.actions?.[0]?.label).toBe("I have the first 20");
  await desk.post(postedAlert({ labels: { instance: "later" } }));
  await desk.page(minute);
  expect(pages(desk)).toHaveLength(2);
});

it("a severity that changes is planned anew from when the alert was first told", async () => {
  const desk = opened();
  const told = (severity: string) => postedAlert({ fingerprint: "f1f1f1f1f1f1f1f1", labels: { severity } });
  await desk.post(told("warning"));
  await desk.page(20 * minute);
  expect(await paged(desk)).toEqual([]);
  await desk.post(told("critical"));
  await desk.page(0);
  expect(await paged(desk)).toMatchObject([{ class: "P1", level: 2, missed: [1] }]);
  await desk.post(told("warning"));
  await desk.page(10 * minute);
  expect((await paged(desk)).map((each) => [each.class, each.level])).toEqual([
    ["P1", 2],
    ["P2", 1],
  ]);
});

it("what is silenced calls nobody, and goes on when the silence is over", async () => {
  const desk = opened();
  await desk.post(postedAlert({ labels: { severity: "warning" } }));
  const match = '{alertname="DiskFull"}';
  const asked = { match, matchers: readMatchers(match).matchers, comment: "known", codes: [await codeOn(desk)] };
  await silenceAlerts(desk.store, { ...asked, ms: 60 * minute }, { ...boris, invocation: "s1" });
  await desk.page(45 * minute);
  expect(await paged(desk)).toEqual([]);
  await desk.page(16 * minute);
  await desk.page(31 * minute);
  expect(await levels(desk)).toEqual([1]);
});

it("an acknowledgement for a time that is over goes on as one that was given back", async () => {
  const desk = opened();
  await desk.post(postedAlert({}));
  await desk.page(0);
  await takes(desk, "i1", 60 * minute);
  desk.clock.now += 60 * minute;
  await lapseAcks(desk.store);
  await desk.page(14 * minute);
  expect(await levels(desk)).toEqual([1]);
  await desk.page(minute);
  expect(await levels(desk)).toEqual([1, 2]);
});

it("the auditor finds what is late, and plans what fires without a plan", async () => {
  const desk = opened();
  await desk.post(postedAlert({}));
  const code = await codeOn(desk);
  desk.clock.now += 3 * minute;
  expect(await auditEscalations(desk.paging)).toMatchObject({ stuck: [code], mended: [] });
  await desk.page(0);
  expect(await auditEscalations(desk.paging)).toEqual({ stuck: [], unreadable: 0, mended: [] });
  await desk.store.commit({ id: crypto.randomUUID(), remove: [escalationKey(code)] });
  expect(await auditEscalations(desk.paging)).toMatchObject({ mended: [code] });
  await desk.page(0);
  expect(await levels(desk)).toEqual([1, 1]);
});

it("a clock that is set back calls nobody twice, and keeps nobody from being called", async () => {
  const desk = opened();
  await desk.post(postedAlert({}));
  await desk.page(0);
  await desk.page(10 * minute);
  desk.clock.now -= 300 * minute;
  await desk.page(0);
  expect(await levels(desk)).toEqual([1]);
  // The store's time goes on from the newest it has seen, a tenth slower.
  await desk.page(6 * minute);
  expect(await levels(desk)).toEqual([1, 2]);
  await desk.page(10 * minute);
  expect(await levels(desk)).toEqual([1, 2]);
  await desk.page(7 * minute);
  expect(await levels(desk)).toEqual([1, 2, 3]);
});

/** A look every minute but while the bot is away, told apart from what is kept by counting minutes alone. */
it("whatever people and restarts do, on the store no level is called twice and none that is due is left out", async () => {
  const happening = fc.constantFrom("ack", "unack", "minute", "hour", "away", "two looks");
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 14 }), async (happenings) => {
      const desk = opened();
      await desk.post(postedAlert({}));
      let [free, isHeld] = [0, false];
      const due = (): number[] => [0, 15, 30, 60].flatMap((after, at) => (free >= after ? [at + 1] : []));
      const pass = (minutes: number): void => {
        desk.clock.now += minutes * minute;
        if (!isHeld) free += minutes;
      };
      const look = async (): Promise<void> => {
        await pageDue(desk.paging);
        if (isHeld) return;
        const told = (await paged(desk)).flatMap(({ level, missed }) => [...missed, level]);
        expect(told.toSorted((one, other) => one - other)).toEqual(due());
      };
      await look();
      for (const [at, each] of happenings.entries()) {
        if (each === "ack") {
          await takes(desk, `i${at}`);
          isHeld = true;
        }
        if (each === "unack") {
          await unacknowledgeAlert(desk.store, await codeOn(desk), { ...boris, invocation: `u${at}` });
          isHeld = false;
        }
        if (each === "minute") pass(1);
        if (each === "hour")
          for (let minutes = 0; minutes < 60; minutes += 15) {
            pass(15);
            await look();
          }
        if (each === "away") pass(37);
        if (each === "two looks") await Promise.all([pageDue(desk.paging), pageDue(desk.paging)]);
        await look();
      }
    }),
    { numRuns: 25 },
  );
});
