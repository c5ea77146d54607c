import { expect, it } from "vitest";
import { acknowledgeAlert } from "../../../src/acts/alerts/acknowledge.ts";
import { declareIncident } from "../../../src/acts/incidents/declare-incident.ts";
import { fillTimelines } from "../../../src/acts/incidents/fill-timelines.ts";
import { addNote } from "../../../src/acts/incidents/respond.ts";
import { type JournalEntry, nobody } from "../../../src/domain/journal.ts";
import type { Place } from "../../../src/domain/messages/place.ts";
import type { Store } from "../../../src/domain/store.ts";
import { timelineEnd } from "../../../src/reads/incidents.ts";
import { newId } from "../../../src/records/ids.ts";
import { putInvocation } from "../../../src/records/invocation.ts";
import { postedAlert } from "../../fakes/posted-alerts.ts";
import { openDesk } from "../alerts/desk.ts";
import { by, place } from "../stage.ts";

const asked = { title: "It hangs", severity: "P1", system: "logos", place } as const;
const systemNamed = (name: string) => (["logos", "lg"].includes(name) ? { id: "logos" } : undefined);

/** One round after another until nothing is left to write. */
async function fill(store: Store): Promise<void> {
  for (;;) {
    const { write, more } = await fillTimelines(store, systemNamed);
    const { outcome } = await store.commit({ id: newId(), ...write });
    if (outcome !== "committed") throw new Error(`the round was not written: ${outcome}`);
    if (!more) return;
  }
}

async function told(store: Store, number = 1): Promise<string[]> {
  const { entries } = await timelineEnd(store, number, 500);
  return entries.map(({ who, text, source }) => `${who?.name ?? "-"}: ${text}${source === undefined ? "" : " *"}`);
}

const disk = (startsAt: string, more = {}) => postedAlert({ startsAt, ...more });

it("tells alerts of its system from what fires at the start on, who has them, and that they are over, each once", async () => {
  const desk = openDesk({});
  const { store, clock } = desk;
  await desk.post(disk("2025-12-31T23:59:00Z"));
  await declareIncident(store, asked, by("ana", "1"));
  await declareIncident(store, { ...asked, system: "other" }, by("ana", "2"));
  await fill(store);
  const alert = {
    code: "c0de",
    ownSeverity: "",
    system: "logos",
    summary: "The disk of db-1 is full",
    since: clock.now,
  };
  await acknowledgeAlert(store, { source: "am", id: "c0de", severity: "critical", ...alert }, by("boris", "3"));
  clock.now += 5_000;
  const short = { labels: { instance: "db-2" }, annotations: { summary: "db-2 is slow" } };
  await desk.post(disk("2026-01-01T00:00:03Z", short));
  await desk.post(disk("2026-01-01T00:00:03Z", { ...short, status: "resolved", endsAt: "2026-01-01T00:00:04Z" }));
  await desk.post(disk("2025-12-31T23:59:00Z", { status: "resolved", endsAt: "2026-01-01T00:00:04Z" }));
  await fill(store);
  await fill(store);
  expect(await told(store)).toEqual([
    "ana: declares P1: It hangs",
    "-: The disk of db-1 is full fires (critical) *",
    "boris: has The disk of db-1 is full *",
    "-: db-2 is slow is over *",
    "-: The disk of db-1 is full is over *",
    "-: db-2 is slow fires (critical) *",
  ]);
  expect(await told(store, 2)).toEqual(["ana: declares P1: It hangs"]);
});

it("tells whom an escalation called, and that nobody stands behind a level", async () => {
  const { store, clock } = openDesk({});
  await declareIncident(store, asked, by("ana", "1"));
  const { now } = clock;
  const paged = { kind: "alert.paged", at: now, who: nobody, page: "p1", system: "logos", class: "P1" } as const;
  const alerts = ["4f2a09c1be33"];
  const journal: JournalEntry[] = [
    { ...paged, level: 1, alerts, called: ["Boris", "Dana"], missed: [] },
    { ...paged, level: 2, alerts, called: [], missed: [] },
  ];
  await store.commit({ id: newId(), journal });
  await fill(store);
  expect((await told(store)).slice(1)).toEqual([
    "-: level 1 of P1 is called, as nobody has 4f2a09c1be33: Boris, Dana *",
    "-: level 2 of P1 is called, as nobody has 4f2a09c1be33: nobody stands behind it *",
  ]);
});

it("counts a storm instead of naming each of it", async () => {
  const desk = openDesk({});
  const { store } = desk;
  await declareIncident(store, asked, by("ana", "1"));
  await fill(store);
  await desk.post(...Array.from({ length: 60 }, (_, at) => postedAlert({ labels: { instance: `db-${at}` } })));
  await fill(store);
  const lines = await told(store);
  expect(lines.length).toBeLessThan(12);
  expect(lines.join("\n")).toMatch(/53 more alerts fire: /);
});

it("tells requests with who decided and who ran them, and commands with what they said, but nothing that was private", async () => {
  const { store, clock } = openDesk({});
  await declareIncident(store, asked, by("ana", "1"));
  clock.now += 1_000;
  const { now } = clock;
  const who = { person: "boris", name: "Boris", account: "slack:U2" };
  const request = { request: "r1", code: "K7QX", digest: "d", system: "logos", operation: "rollback", at: now };
  const invoked = (invocation: string, system: string): JournalEntry => ({
    kind: "invocation",
    at: now,
    who,
    invocation,
    command: "metrics",
    arguments: { system },
    place: "slack:C1",
    outcome: "answered",
    ms: 1,
  });
  const answered = (key: string, isPrivate: boolean, at: Place = place) =>
    putInvocation({
      format: 2,
      key,
      account: { surface: "slack", id: "U2" },
      place: at,
      content: { kind: "text", text: "metrics" },
      acceptedAt: now,
      answer: {
        card: { tone: "good", title: "Metrics of LOGOS: p95 is 90 ms", blocks: [], actions: [] },
        private: isPrivate,
        subject: { kind: "answer", invocation: key },
      },
    });
  await store.commit({
    id: "told",
    put: [answered("i1", false), answered("i2", true), answered("i3", false, { ...place, direct: true })],
    journal: [
      {
        ...request,
        kind: "request.opened",
        who,
        state: "PENDING",
        arguments: {},
        risk: "destructive",
        tier: "two",
        reason: "bad release",
      },
      { ...request, kind: "request.approved", who: { ...who, person: "chen", name: "Chen" }, state: "APPROVED" },
      {
        ...request,
        kind: "request.claimed",
        who: { person: null, account: null },
        state: "EXECUTING",
        owner: "42-beef",
      },
      {
        ...request,
        kind: "request.finished",
        who: { person: null, account: null },
        state: "FAILED",
        why: "no such tag",
      },
      ...["i1", "i2", "i3"].map((key) => invoked(key, "lg")),
      { ...request, system: "other", kind: "request.denied", who, state: "DENIED" },
    ],
  });
  await fill(store);
  await addNote(store, 1, "Looking at the release", by("ana", "2"));
  expect(await told(store)).toEqual([
    "ana: declares P1: It hangs",
    "Boris: asks for rollback (request K7QX): bad release *",
    "Chen: approves rollback (request K7QX) *",
    "-: rollback (request K7QX) is begun by process 42-beef *",
    "-: rollback (request K7QX) ended: FAILED: no such tag *",
    "Boris: metrics lg → Metrics of LOGOS: p95 is 90 ms *",
    "ana: Looking at the release",
  ]);
});

it("two that fill at the same time write it once", async () => {
  const desk = openDesk({});
  const { store } = desk;
  await declareIncident(store, asked, by("ana", "1"));
  await desk.post(disk("2025-12-31T23:59:00Z"));
  const rounds = await Promise.all([fillTimelines(store, systemNamed), fillTimelines(store, systemNamed)]);
  const ended = await Promise.all(rounds.map(({ write }) => store.commit({ id: newId(), ...write })));
  expect(ended.map(({ outcome }) => outcome).toSorted()).toEqual(["committed", "conflict"]);
  expect(await told(store)).toHaveLength(2);
});
