import { describe, expect, it } from "vitest";
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

const openWithDesk = () =>
  openRoom({
    change: (config) => ({ ...config, policy: { ...config.policy, channels: [...config.policy.channels, desk] } }),
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

  it("that name a system which is not shown there are answered with nothing of it and with nothing of another", async () => {
    const room = await openWithDesk();
    for (const line of ["logs logos", "how is logos doing?", "errors of pulseguard in the last 30 minutes"]) {
      const told = cardOf(await room.says("ana", line, "desk"));
      expect(told.footer ?? "", line).not.toContain("Read as");
      expect(JSON.stringify(told), line).not.toMatch(/LOGOS PXL|PulseGuard is/);
      expect(told.actions ?? [], line).toEqual([]);
    }
  });
});
