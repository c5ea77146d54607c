import { describe, expect, it } from "vitest";
import { goodConfig, linesOf, wardroom } from "./config-folder.ts";

const file = (oncall: string, alerts = "{}"): { readonly "wardroom.yaml": string } => ({
  "wardroom.yaml": `${wardroom}oncall:\n${oncall}alerts: ${alerts}\n`,
});
const rotation =
  "  rotations:\n    - { id: night, layers: [{ people: [ana, [boris]], from: 2026-11-30, every: 2w }] }\n";

it("a rotation may stand where somebody is called", async () => {
  const { oncall, alerts } = await goodConfig(file(rotation, "{ onCall: { radar: [night, ana] } }"));
  expect(oncall.rotations).toMatchObject([{ zone: "UTC", layers: [{ people: [["ana"], ["boris"]], every: 14 }] }]);
  expect(alerts.onCall).toEqual({ radar: ["night", "ana"] });
});

it("a calendar is named from the folder of the file that names it", async () => {
  const { oncall } = await goodConfig({
    ...file("  rotations: [{ id: night, calendar: { file: shifts/night.ics } }]\n"),
    "shifts/night.ics": "BEGIN:VCALENDAR",
  });
  expect(oncall.rotations[0]?.calendar?.file).toMatch(/^\/.*\/shifts\/night\.ics$/);
});

describe("what names nobody, or could mean somebody else, is told at its place", () => {
  it.each([
    [
      "a person who is not there",
      rotation.replace("ana", "anna"),
      "there is no person called `anna`",
      "Did you mean `ana`?",
    ],
    [
      "an id that a person has",
      rotation.replace("night", "ana"),
      "`ana` is a person too",
      "Give the rotation another id",
    ],
    ["two of one id", `${rotation}${rotation.split("\n")[1]}\n`, "a rotation called `night` already stands at", ""],
    ["a channel that is not there", `${rotation}  announce: [opps]\n`, "there is no channel called `opps`", "`ops`"],
    [
      "a channel of a rotation that is not there",
      rotation.replace("id: night,", "id: night, announce: [opps],"),
      "oncall.rotations[0].announce[0]: there is no channel called `opps`",
      "`ops`",
    ],
    ["no such zone", rotation.replace("id: night,", "id: night, zone: Berlin,"), "a zone has a name as in", ""],
    [
      "a calendar that is not fetched over http",
      "  rotations: [{ id: night, calendar: { url: 'webcal://calendar.example/a.ics' } }]\n",
      "oncall.rotations[0].calendar.url",
      "http",
    ],
    [
      "whom a calendar means by a name",
      "  rotations: [{ id: night, calendar: { url: 'https://calendar.example/a.ics', names: { First: anna } } }]\n",
      "there is no person called `anna`",
      "Did you mean `ana`?",
    ],
    [
      "a calendar that is not there",
      "  rotations: [{ id: night, calendar: { file: nowhere.ics } }]\n",
      "nowhere.ics cannot be read: this does not exist",
      "Name it from the folder of this file",
    ],
    ["a day that is none", rotation.replace("2026-11-30", "2026-11-31"), "a day is written 2026-11-30", ""],
  ])("%s", async (_what, oncall, message, remedy) => {
    const [line, ...others] = await linesOf(file(oncall));
    expect(others).toEqual([]);
    expect(line).toMatch(/^wardroom\.yaml:\d+:\d+: /);
    expect(line).toContain(message);
    expect(line).toContain(remedy);
  });

  it("somebody to call who is neither a person nor a rotation", async () => {
    const lines = await linesOf(file(rotation, "{ onCall: { radar: [nigth] } }"));
    expect(lines).toEqual([expect.stringContaining("there is no person or rotation called `nigth`")]);
  });
});
