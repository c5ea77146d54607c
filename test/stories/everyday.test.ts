import { describe, expect, it } from "vitest";
import type { Person } from "../../src/domain/people/person.ts";
import type { Channel } from "../../src/domain/people/policy.ts";
import { cardOf, openRoom } from "./room.ts";

/** A channel that shows AlphaPulse alone. */
const desk: Channel = {
  id: "desk",
  surface: "console",
  channel: "desk",
  systems: ["alphapulse"],
  allow: ["read", "ask", "approve"],
  requests: false,
  operator: false,
};

/** Olga works on AlphaPulse alone. */
const olga: Person = {
  id: "olga",
  name: "Olga",
  accounts: { console: ["olga"] },
  grants: [{ role: "operator", systems: ["alphapulse"] }],
};

const openWithDesk = () =>
  openRoom({
    change: ({ policy, ...config }) => ({
      ...config,
      policy: { ...policy, revision: "desk", channels: [...policy.channels, desk], people: [...policy.people, olga] },
    }),
  });

describe("everyday words", () => {
  it("that leave no doubt are answered, and the answer says as what they were read", async () => {
    const room = await openRoom();
    const well = cardOf(await room.says("ana", "how is alphapulse doing?"));
    expect(well.footer).toMatch(/^Read as: status alphapulse/);
    const pnl = cardOf(await room.says("ana", "what's the pnl of alphapulse"));
    expect(pnl.footer).toMatch(/^Read as: metrics alphapulse \w*pnl/);
  });

  it("that ask for a change are offered as exact commands, and nothing is asked for", async () => {
    const room = await openRoom();
    const offered = cardOf(await room.says("ana", "please close all positions of alphapulse"));
    expect(offered.summary).toContain("Nothing was done");
    const labels = (offered.actions ?? []).map(({ label }) => label);
    expect(labels.length).toBeGreaterThan(0);
    expect(labels.length).toBeLessThanOrEqual(4);
    expect(labels.every((label) => /^run alphapulse (?:flatten|close-out)/.test(label))).toBe(true);
    const waiting = JSON.stringify(cardOf(await room.says("boris", "confirm list")));
    expect(waiting).not.toContain("flatten");
    expect(waiting).not.toContain("close-out");
  });

  it("that name a system which is not shown there are answered as if there were none of that name", async () => {
    const room = await openWithDesk();
    const told = async (who: readonly [string, string], line: string): Promise<string> => {
      const [account, channel] = who;
      const card = cardOf(await room.says(account, line, channel));
      const { title, summary, blocks, footer, actions = [] } = card;
      return JSON.stringify({ title, summary, blocks, footer, actions: actions.map(({ label }) => label) });
    };
    const spoken = [
      "how is {} doing?",
      "errors of {} in the last 30 minutes",
      "what's up with {}",
      "did you silence {}",
      "is the restart of {} done?",
    ];
    const typed = [
      "stop {}",
      "stop {} now",
      "please halt {}!!",
      "logs {}",
      "status {}",
      "logs errors {}",
      "flatten {} reason:it-burns",
    ];
    const asked = [
      ...spoken.map((line) => ({ who: ["ana", "desk"], line }) as const),
      ...[...spoken, ...typed].map((line) => ({ who: ["olga", "ops"], line }) as const),
    ];
    for (const { who, line } of asked) {
      const ofHidden = await told(who, line.replace("{}", "logos"));
      const ofNone = await told(who, line.replace("{}", "vault"));
      expect(ofHidden.replaceAll("logos", "NAME"), `${who[0]}: ${line}`).toBe(ofNone.replaceAll("vault", "NAME"));
      expect(ofHidden, line).not.toContain("Read as");
      expect(ofHidden, line).not.toMatch(/LOGOS PXL|PulseGuard|prsm/);
    }
  });

  it("after what was begun or done ask for nothing once more", async () => {
    const room = await openRoom();
    const begun = cardOf(await room.says("ana", "how is flatten going"));
    expect(begun.footer).toMatch(/^Read as: confirm list/);
    const silenced = cardOf(await room.says("ana", "did you silence alphapulse"));
    expect(silenced.footer).toMatch(/^Read as: alerts silences/);
    const yes = cardOf(await room.says("boris", "ok do it"));
    expect(yes.footer).toMatch(/^Read as: confirm next/);
    const other = cardOf(await room.says("ana", "whats up with secretsystem"));
    expect((other.actions ?? []).map(({ label }) => label)).toEqual(["status"]);
  });

  it("to stop a system that nothing stops name no other system's stop", async () => {
    const room = await openRoom();
    const guard = cardOf(await room.says("chen", "stop pulseguard"));
    expect(guard.title).toBe("PulseGuard has nothing that stops it");
    expect(JSON.stringify(guard)).not.toMatch(/emergency-stop|logos|alphapulse/);
    const looker = cardOf(await room.says("dana", "stop logos"));
    expect(looker.title).toBe("Not allowed here: run");
    expect(looker.actions ?? []).toEqual([]);
    const cluster = cardOf(await room.says("chen", "stop prsm"));
    expect(cluster.title).toBe("PRSM has no stop of its own");
    expect(JSON.stringify(cluster)).not.toMatch(/emergency-stop|logos|alphapulse/);
    expect((cluster.actions ?? []).map(({ label }) => label)).toEqual(["shutdown prsm…", "pause prsm…"]);
  });
});
