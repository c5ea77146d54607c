import { describe, expect, it } from "vitest";
import { declareIncident } from "../../src/acts/incidents/declare-incident.ts";
import type { ActiveAlert } from "../../src/domain/alerts/alert.ts";
import { alertCode } from "../../src/records/ack.ts";
import { ana, dana, erik, inOneStore, now, run, textOf } from "./fixtures.ts";

const page: ActiveAlert = {
  system: "trader",
  source: "rules",
  id: "a",
  severity: "critical",
  ownSeverity: "P1",
  summary: "Trading stopped",
  since: now - 720_000,
};
const ticket: ActiveAlert = { ...page, id: "b", severity: "warning", summary: "Lag" };
const [code, other] = [alertCode(page), alertCode(ticket)];
const firing = (...alerts: ActiveAlert[]) => ({ alerts: { trader: [{ source: "rules", firing: alerts }] } });

describe("ack", () => {
  it("is told where alerts are listed, for as long as the episode lasts", () =>
    inOneStore(async (ask, store) => {
      const { card, alerts } = await ask("ack", { alerts: code }, firing(page, ticket));
      expect(card.title).toBe("Acknowledged by Ana");
      expect(alerts).toEqual([code]);
      const listed = await ask("alerts", {}, firing(page, ticket));
      expect(textOf(listed.card)).toContain(`Trading stopped (P1, since 12 min ago) · ${code} · Ana has it`);
      expect(listed.card.actions).toMatchObject([{ command: "ack", args: { alerts: other } }]);
      const moved = await ask("alerts", {}, firing({ ...page, since: now + 60_000 }));
      expect(textOf(moved.card)).toContain("Ana has it");
      const again = await ask("alerts", {}, firing({ ...page, since: now + 180_000 }));
      expect(textOf(again.card)).toContain(code);
      expect(textOf(again.card)).not.toContain("Ana has it");
      const links = await store.journal({ limit: 10 });
      expect(links.flatMap((link) => link.entries)).toMatchObject([
        { kind: "alert.acknowledged", alert: code, system: "trader", who: { person: "ana" } },
      ]);
    }));

  it("takes several, and the first who said it stands", () =>
    inOneStore(async (ask, store) => {
      await ask("ack", { alerts: code }, firing(page, ticket));
      const second = { person: { ...ana, id: "zoe", name: "Zoe" } };
      const { card } = await ask(
        "ack",
        { alerts: `${code.toUpperCase()}, ${other}` },
        { ...firing(page, ticket), ...second },
      );
      expect(card.title).toBe("Acknowledged by Zoe");
      expect(textOf(card)).toContain("Trading stopped: Ana has it");
      expect(card.actions).toHaveLength(1);
      const third = await ask("ack", { alerts: code }, { ...firing(page), ...second });
      expect(third.card.title).toBe("Acknowledged before");
      expect((await store.journal({ limit: 10 })).length).toBe(2);
    }));

  it("takes it for a time", () =>
    inOneStore(async (ask) => {
      const taken = await ask("ack", { alerts: code, for: "2h" }, firing(page));
      expect(taken.card.footer).toContain("2 h at the most");
    }));

  it("says what else fires there, and who has it", () =>
    inOneStore(async (ask) => {
      const zoe = { ...ana, id: "zoe", name: "Zoe" };
      await ask("ack", { alerts: other }, { ...firing(page, ticket), person: zoe });
      const { card } = await ask("ack", { alerts: code }, firing(page, ticket, { ...ticket, id: "c" }));
      expect(textOf(card)).toContain("2 more fire on trader: Zoe has 1, nobody has 1.");
    }));

  describe("by what alerts are", () => {
    const streams = [...Array(3).keys()].map((at) => ({ ...ticket, id: `s${at}`, summary: `Lag of stream ${at}` }));
    const ownSeverity = "warning";
    const all = firing(page, ...streams.map((each) => ({ ...each, ownSeverity })));

    it("shows what it takes and does nothing, and a press takes those and no others", () =>
      inOneStore(async (ask, store) => {
        const { card } = await ask("ack", { alerts: "system=trader severity!=info", for: "2h" }, all);
        expect(card.title).toBe("Nothing is acknowledged yet");
        expect(textOf(card)).toContain(
          `1 alert that nobody should sleep through is not among them: Trading stopped (${code})`,
        );
        expect(await store.journal({ limit: 10 })).toEqual([]);
        const [take] = card.actions ?? [];
        expect(take).toMatchObject({ label: "Acknowledge these 3", command: "ack" });
        // One of them is over meanwhile, and another has begun.
        const later = firing(page, ...streams.slice(1).map((each) => ({ ...each, ownSeverity })), ticket);
        const done = await ask("ack", take?.args ?? {}, later);
        expect(done.card.title).toBe("Acknowledged by Ana");
        expect(done.alerts).toEqual(streams.slice(1).map(alertCode));
        expect(done.card.footer).toContain("2 h at the most");
      }));

    it("by words of theirs; those that somebody has are named and left", () =>
      inOneStore(async (ask) => {
        const [first = ""] = streams.map(alertCode);
        await ask("ack", { alerts: first }, all);
        const { card } = await ask("ack", { about: "STREAM" }, all);
        expect(card.actions).toMatchObject([{ label: "Acknowledge these 2" }]);
        expect(textOf(card)).toContain(`1 alert of it somebody has already: Lag of stream 0 (${first}, Ana has it).`);
      }));

    it("takes what is critical where its severity is named, and says where nothing is met", async () => {
      const severe = await run("ack", { alerts: "{severity=P1}" }, all);
      expect(severe.card.actions).toMatchObject([{ label: "Acknowledge it", args: { alerts: code } }]);
      const none = await run("ack", { alerts: "system=elsewhere" }, all);
      expect(none.card).toMatchObject({ title: '{system="elsewhere"} meets nothing that would be acknowledged' });
      await expect(run("ack", { alerts: "system=" }, all)).rejects.toThrow("a value is expected");
    });

    it("snoozes the same way, with what was asked besides", async () => {
      const { card } = await run("snooze", { alerts: "system=trader", for: "2h", whom: "channel" }, all);
      expect(card.title).toBe("Nothing is snoozed yet");
      expect(card.actions).toMatchObject([{ command: "snooze", args: { for: "2h", whom: "channel", gone: "skip" } }]);
    });

    it("of systems where one may only read says that", async () => {
      const reader = { ...erik, grants: [{ role: "auditor", systems: ["trader"] }] };
      const { card } = await run("ack", { alerts: "system=trader" }, { ...all, person: reader });
      expect(textOf(card)).toContain("4 alerts of it stand on systems where you may not do that.");
      expect(card.actions).toEqual([]);
    });
  });

  it("without a code lists what somebody has, to be taken back", () =>
    inOneStore(async (ask) => {
      expect((await ask("unack", {}, firing(page))).card.title).toContain("Nobody has acknowledged any alert");
      await ask("ack", { alerts: code }, firing(page, ticket));
      const { card } = await ask("unack", {}, firing(page, ticket));
      expect(card.title).toBe("1 of 2 firing is acknowledged");
      expect(textOf(card)).toContain(`trader: Trading stopped: Ana has it since just now · ${code}`);
      expect(card.actions).toMatchObject([{ label: "Take back Trading stopped", args: { alert: code } }]);
    }));

  it("is taken back", () =>
    inOneStore(async (ask) => {
      await ask("ack", { alerts: code }, firing(page));
      expect((await ask("unack", { alert: code }, firing(page))).card.title).toBe("Acknowledgement taken back");
      expect((await ask("unack", { alert: code }, firing(page))).card.title).toBe("Nobody had acknowledged that");
      expect(textOf((await ask("alerts", {}, firing(page))).card)).not.toContain("Ana has it");
    }));

  it("takes all or none: what does not fire, what could not be read, and what is another's to answer for", () =>
    inOneStore(async (ask, store) => {
      const several = ask("ack", { alerts: `${code} deadbeef` }, firing(page));
      await expect(several).rejects.toThrow("No alert deadbeef is firing that you may see here. Nothing was");
      const unread = { alerts: { trader: [{ source: "rules", firing: "fails" as const }] } };
      await expect(ask("ack", { alerts: code }, unread)).rejects.toThrow("could not be read: it may fire there");
      await expect(ask("ack", { alerts: code }, { ...firing(page), person: dana })).rejects.toThrow("No alert");
      const reader = { ...erik, grants: [{ role: "auditor", systems: ["trader"] }] };
      await expect(ask("ack", { alerts: code }, { ...firing(page), person: reader })).rejects.toThrow("respond");
      expect(await store.journal({ limit: 10 })).toEqual([]);
    }));

  it("says what was done where nothing was", async () => {
    await expect(run("ack", { alerts: ",,,,,,,,," })).rejects.toThrow("That names no alert");
    await expect(run("unack", { alert: "deadbeef" })).rejects.toThrow("Nothing was done");
  });

  it("of an alert without a time of its own counts half a day", () =>
    inOneStore(async (ask) => {
      const { since: _, ...timeless } = page;
      await ask("ack", { alerts: code }, firing(timeless));
      expect(textOf((await ask("alerts", {}, firing(timeless))).card)).toContain("Ana has it");
    }));
});

describe("an incident", () => {
  it("is opened, noted, shown and closed, with every line of it on its timeline and in the journal", () =>
    inOneStore(async (ask, store) => {
      const opened = await ask("incident declare", { title: "The exchange is\nsilent", severity: "P1", system: "td" });
      expect(opened.card).toMatchObject({ tone: "bad", title: "Incident 1: The exchange is silent" });
      await ask("incident note", { incident: 1, text: "Restarted the gateway" });
      expect((await ask("incident list")).card.title).toBe("1 open incident");
      expect(textOf((await ask("home")).card)).toContain("Incident 1, P1: The exchange is silent (trader)");
      const closed = await ask("incident resolve", { incident: 1, cause: "It is back", impact: "none" });
      expect(closed.card).toMatchObject({
        tone: "good",
        actions: [{ label: "Post-mortem" }, { label: "Learned…" }, { label: "Reopen…" }],
      });
      const shown = textOf((await ask("incident show", { incident: 1 })).card);
      for (const line of ["declares P1", "Restarted the gateway", "It is back"]) expect(shown).toContain(line);
      expect((await ask("incident list")).card.title).toBe("No incident is open");
      await expect(ask("incident note", { incident: 1, text: "late" })).rejects.toThrow("Incident 1 is closed");
      const kinds = (await store.journal({ limit: 10 })).flatMap((link) => link.entries.map((entry) => entry.kind));
      expect(kinds).toEqual(["incident.opened", "incident.noted", "incident.closed"]);
      expect((await ask("incident declare", { title: "Another", severity: "P2" })).card.title).toBe(
        "Incident 2: Another",
      );
    }));

  it("of a system that one may not see is not there, and keeping one takes the right to respond", () =>
    inOneStore(async (ask) => {
      await ask("incident declare", { title: "td The exchange is silent", severity: "P2" });
      expect((await ask("incident list", {}, { person: dana })).card.title).toBe("No incident is open");
      await expect(ask("incident show", { incident: 1 }, { person: dana })).rejects.toThrow("There is no incident 1.");
      await expect(ask("incident show", { incident: 9 })).rejects.toThrow("There is no incident 9.");
      const reader = { ...erik, grants: [{ role: "auditor", systems: ["trader"] }] };
      await expect(
        ask("incident resolve", { incident: 1, cause: "so", impact: "none" }, { person: reader }),
      ).rejects.toThrow("respond");
    }));

  it("is opened once by one delivery", () =>
    inOneStore(async (ask, store) => {
      const by = { person: "ana", name: "Ana", account: "console:ana", invocation: "slack:T1:U1:E1" };
      const asked = {
        title: "Silence",
        severity: "P2" as const,
        system: undefined,
        place: { surface: "slack" as const, channel: "C1" },
      };
      const first = await declareIncident(store, asked, by);
      expect(await declareIncident(store, asked, by)).toEqual(first);
      expect((await ask("incident list")).card.title).toBe("1 open incident");
    }));

  it("with many lines shows the last, and says how many are left out", () =>
    inOneStore(async (ask) => {
      await ask("incident declare", { title: "Long", severity: "P2" });
      for (let each = 1; each <= 20; each += 1) await ask("incident note", { incident: 1, text: `Line ${each}.` });
      const { card } = await ask("incident show", { incident: 1 });
      expect(card.footer).toBe("Earlier entries of the timeline are left out here.");
      expect(textOf(card)).toContain("Line 20.");
      expect(textOf(card)).not.toContain("Line 5.");
    }));
});

it("needs a title that says something", async () => {
  await expect(run("incident declare", { title: "   \n  ", severity: "P2" })).rejects.toThrow(
    "An incident needs a title",
  );
});
