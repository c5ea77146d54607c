import { expect, it } from "vitest";
import { demoVariables } from "../../demo/variables.ts";
import { alertWith } from "../../src/domain/alerts/labelled-alert.ts";
import { classOf, type EscalationMatrix, matrixOf } from "../../src/domain/escalation/matrix.ts";
import { demoFiles } from "../stories/demo-files.ts";

const minute = 60_000;
const hour = 60 * minute;

async function matrixOfDemo(id: string): Promise<EscalationMatrix> {
  const { systems, oncall, alerts } = await demoFiles(demoVariables);
  const escalation = systems.find((system) => system.id === id)?.escalation;
  if (!escalation) throw new Error(`the demo's ${id} has no escalation`);
  return matrixOf(id, escalation, { contacts: oncall.contacts, onCall: alerts.onCall[id] ?? [] });
}

/** Each level: when, and the titles of whom it calls. */
async function levelsFor(system: string, severity: string, alertname = "Something"): Promise<readonly string[]> {
  const plan = classOf(await matrixOfDemo(system), alertWith({ system, severity, alertname }));
  return (plan?.levels ?? []).map(({ afterMs = 0, daily, contacts }) => {
    const when = daily ? `daily ${daily.time}` : `${afterMs / minute} min`;
    return `${when}: ${contacts.map(({ title }) => title).join(", ")}`;
  });
}

it("AlphaPulse calls everybody for a P1 at once, for a P2 after half an hour, for a P3 after four, and tells a P4 once a day (AP18)", async () => {
  const p1 = ["0 min: System Administrator, Trading Team Lead, Exchange Support, Infrastructure Team"];
  expect(await levelsFor("alphapulse", "P1")).toEqual(p1);
  expect(await levelsFor("alphapulse", "critical")).toEqual(p1);
  expect(await levelsFor("alphapulse", "P2")).toEqual([expect.stringMatching(/^30 min: /)]);
  expect(await levelsFor("alphapulse", "P3")).toEqual([expect.stringMatching(/^240 min: /)]);
  expect(await levelsFor("alphapulse", "P4")).toEqual([expect.stringMatching(/^daily /)]);
  const { classes } = await matrixOfDemo("alphapulse");
  expect(classes.slice(0, 2).map(({ respondMs }) => respondMs)).toEqual([5 * minute, 5 * minute]);
});

it("LOGOS has all hands for a P0, the engineer on call for a P1, and its four targets of resolution (LG5)", async () => {
  const { classes } = await matrixOfDemo("logos");
  expect(classes.map(({ id, resolveMs }) => [id, resolveMs])).toEqual([
    ["P0", hour / 2],
    ["P1", 2 * hour],
    ["P2", 8 * hour],
    ["P3", 24 * hour],
  ]);
  const [p0] = await levelsFor("logos", "critical", "PXLCoreDown");
  expect(p0).toBe("0 min: On-call engineer, Everybody in engineering, Stakeholders");
  // The guide calls these critical and P1: what P1 means counts.
  for (const name of ["HighErrorRate", "HighLatency"])
    expect(await levelsFor("logos", "critical", name)).toEqual([
      "0 min: On-call engineer",
      "60 min: On-call engineer, Stakeholders",
    ]);
  expect(await levelsFor("logos", "P2")).toEqual([expect.stringMatching(/^daily /)]);
  expect(classes.at(-1)?.levels[0]?.daily).toMatchObject({ weekdays: ["monday"] });
});

it("PRSM goes up four levels, at 0, 15, 30 and 60 minutes, and calls Security at once for what is about security (PR15)", async () => {
  expect(await levelsFor("prsm", "critical")).toEqual([
    "0 min: System Administrator",
    "15 min: DevOps Engineer, Database Administrator",
    "30 min: Security Team",
    "60 min: Engineering Leadership",
  ]);
  const [first] = await levelsFor("prsm", "critical", "UnauthorizedAccess");
  expect(first).toBe("0 min: Security Team, System Administrator");
});

it("PRSM has a warning answered within the hour, and calls nobody for what is only to be known (PR3)", async () => {
  const { classes } = await matrixOfDemo("prsm");
  expect(classes.find(({ id }) => id === "warning")?.respondMs).toBe(hour);
  expect(await levelsFor("prsm", "warning")).toEqual(["30 min: System Administrator", "60 min: DevOps Engineer"]);
  expect(await levelsFor("prsm", "info")).toEqual([]);
});

it("a P1 is what its own system means by it, and is called by that: nothing trades, something is slow, all is out (A12)", async () => {
  const titles = ["alphapulse", "logos", "prsm"].map(async (system) => {
    const alert = alertWith({ system, severity: "P1", alertname: "Something" });
    return classOf(await matrixOfDemo(system), alert)?.title;
  });
  expect(await Promise.all(titles)).toEqual(["Critical", "Degraded", "System-wide outage"]);
});

it("every name of a shipped matrix has somebody behind it, so that each level reaches a person or a channel (A13)", async () => {
  for (const id of ["alphapulse", "logos", "prsm"])
    for (const { id: name, levels } of (await matrixOfDemo(id)).classes)
      for (const { number, contacts } of levels)
        for (const { title, people, roles, channels } of contacts)
          expect(people.length + roles.length + channels.length, `${id} ${name} ${number}: ${title}`).toBeGreaterThan(
            0,
          );
});
