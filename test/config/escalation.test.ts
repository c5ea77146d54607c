import { describe, expect, it } from "vitest";
import { goodConfig, linesOf, system, wardroom } from "./config-folder.ts";

const classes = `  classes:
    - { id: P1, severities: [critical], levels: [{ contacts: [admin] }, { after: 15m, contacts: [lead] }] }
`;
const matrix = (contacts: string, more = classes): string => `escalation:\n  contacts: ${contacts}\n${more}`;
const good = "{ admin: { title: Admin, phone: +49 30 1234 }, lead: { people: [chen] } }";

const files = (radar: string, oncall = "") => ({
  "systems/radar.yaml": `${system}${radar}`,
  ...(oncall !== "" && { "wardroom.yaml": `${wardroom}${oncall}` }),
});

it("a system has its matrix, and wardroom.yaml says who stands behind its names", async () => {
  const { systems, oncall } = await goodConfig(
    files(matrix(good), "oncall: { contacts: { radar: { admin: { people: [ana], by: [mention] } } } }\n"),
  );
  expect(systems[0]?.escalation?.classes[0]?.levels).toMatchObject([{ contacts: ["admin"] }, { after: 900_000 }]);
  expect(oncall.contacts).toMatchObject({ radar: { admin: { people: ["ana"] } } });
});

describe("what would call nobody is told at its place (A13)", () => {
  it.each([
    ["[PHONE]", "`[PHONE]` is a placeholder nobody has filled in"],
    ["[EMAIL]", "`[EMAIL]` is a placeholder nobody has filled in"],
    ["at day [PHONE], at night the desk", "`[PHONE]` is a placeholder nobody has filled in"],
    ["TBD", "`TBD` is a placeholder nobody has filled in"],
  ])("a placeholder, as %s", async (phone, words) => {
    const contacts = `{ admin: { people: [ana], phone: "${phone}" }, lead: { people: [chen] } }`;
    const lines = await linesOf(files(matrix(contacts)));
    expect(lines).toEqual([expect.stringContaining(words)]);
    expect(lines[0]).toMatch(/^systems\/radar\.yaml:\d+:\d+: escalation\.contacts\.admin\.phone: /);
    const here = `oncall: { contacts: { radar: { admin: { email: "${phone}" } } } }\n`;
    const [line] = await linesOf(files(matrix(good), here));
    expect(line).toMatch(/^wardroom\.yaml:\d+:\d+: oncall\.contacts\.radar\.admin\.email: /);
  });

  it.each([
    ["a name that is no contact", matrix(good, classes.replace("[lead]", "[laed]")), "", "no contact called `laed`"],
    ["a person who is not there", matrix(good.replace("chen", "chan")), "", "no person or rotation called `chan`"],
    ["a role", matrix(good.replace("people: [chen]", "roles: [leed]")), "", "no role called `leed`"],
    ["a channel", matrix(good.replace("people: [chen]", "channels: [opps]")), "", "no channel called `opps`"],
    ["levels out of order", matrix(good, classes.replace("15m", "0s")), "", "each level comes later"],
    [
      "conditions that are none",
      matrix(good, classes.replace("id: P1,", "id: P1, match: 'severity',")),
      "",
      "classes[0].match",
    ],
    ["a system", matrix(good), "oncall: { contacts: { radr: {} } }\n", "no system called `radr`"],
    [
      "a contact of a system",
      matrix(good),
      "oncall: { contacts: { radar: { boss: { people: [ana] } } } }\n",
      "no contact of radar called `boss`",
    ],
    [
      "someone who could not answer",
      matrix(good.replace("people: [chen]", "people: [chen], by: [direct]")),
      "",
      "warning: escalation.contacts.lead.by: they are written to directly",
    ],
    [
      "a level of nobody",
      matrix(good),
      "alerts: { routes: [{ id: all, channels: [ops] }] }\n",
      "warning: escalation.classes[0].levels[0]: nobody stands behind Admin",
    ],
  ])("%s", async (_what, radar, oncall, words) => {
    expect((await linesOf(files(radar, oncall))).join("\n")).toContain(words);
  });
});
