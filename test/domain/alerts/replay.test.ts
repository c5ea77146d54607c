import { expect, it } from "vitest";
import type { Episode } from "../../../src/domain/alerts/episode.ts";
import { noOutcomes } from "../../../src/domain/alerts/episode.ts";
import { replayed } from "../../../src/domain/alerts/replay.ts";
import { AlertsInFile, routingOf } from "../../../src/domain/alerts/routing.ts";

const night = Date.UTC(2026, 0, 1, 3);

function episode(alertname: string, firstAt: number, severity: "critical" | "warning" = "warning"): Episode {
  return {
    sender: "am",
    fingerprint: `${alertname}${firstAt}`,
    startsAt: "x",
    since: firstAt,
    state: "resolved",
    labels: { alertname, severity },
    annotations: {},
    system: "logos",
    severity,
    ownSeverity: severity,
    firstAt,
    lastAt: firstAt,
    firstIn: "b",
    lastIn: "b",
    told: noOutcomes,
  };
}

const routing = routingOf(
  AlertsInFile.parse({
    routes: [
      {
        id: "trial",
        match: 'alertname="Disk"',
        channels: ["quiet"],
        groupBy: ["alertname"],
        mute: [{ zone: "UTC", from: "02:00", to: "05:00" }],
        shadow: true,
      },
      { id: "critical", match: 'severity="critical"', channels: ["ops"] },
    ],
  }),
  [],
);

it("each alert is judged as of when it was first told of, and a route in shadow takes nothing from those after it", () => {
  const hour = 3_600_000;
  const replay = replayed(routing, [
    episode("Disk", night + 6 * hour, "critical"),
    episode("Disk", night + 5 * hour),
    episode("Disk", night),
    episode("Lag", night),
  ]);
  expect(replay).toMatchObject({
    episodes: 4,
    toOperators: 3,
    routes: [
      { route: "trial", shadow: true, told: 2, muted: 1, messages: 1, channels: new Map([["quiet", 2]]) },
      { route: "critical", shadow: false, told: 1, muted: 0, messages: 1, channels: new Map([["ops", 1]]) },
    ],
  });
});
