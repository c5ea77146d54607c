import { expect, it } from "vitest";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import { checkConfig } from "../../src/config/check-config.ts";
import { backends } from "../fakes/backends.ts";
import { edited, inFolder, people, system, type Texts, variables, wardroom } from "./config-folder.ts";

async function check(texts: Texts, options: { variables: Record<string, string>; withoutEnv?: boolean }) {
  return inFolder(texts, async (folder) => {
    let written = "";
    const code = await checkConfig(
      { folder, backends, surfaces: knownSurfaces },
      { ...options, write: (text) => (written += text) },
    );
    return { code, lines: written.replaceAll(`${folder}/`, "").trimEnd().split("\n") };
  });
}

it("says that a config is good, and what it holds", async () => {
  const { code, lines } = await check({}, { variables });
  expect(code).toBe(0);
  expect(lines).toEqual([
    expect.stringMatching(/^The config is good: 1 system, 3 people, 1 channel, policy [0-9a-f]{12}\.$/),
  ]);
});

it("prints each problem as file:line:column and ends with 1", async () => {
  const text = edited(edited(people, "name: Ana", "nme: Ana"), "role: approver", "role: 7");
  const { code, lines } = await check({ "people.yaml": text }, { variables });
  expect(code).toBe(1);
  expect(lines).toEqual([
    "people.yaml:3:5: error: people[0].nme: `nme` is not a key that is known here. Did you mean `name`?",
    "people.yaml:9:22: error: people[1].grants[0].role: a text is expected, not the number `7`. An id is 1 to 39 of a-z, 0-9 and -, starting with a letter.",
    "The config cannot be used: 2 errors.",
  ]);
});

it("prints what keeps the config from being used before what is only doubtful", async () => {
  const doubted = await check(
    { "wardroom.yaml": wardroom.replace("alternatives: []", "alternatves: []"), "people.yaml": people },
    { variables: {}, withoutEnv: true },
  );
  expect(doubted.lines[0]).toMatch(/^wardroom\.yaml:\d+:\d+: error: policy/);
  expect(doubted.lines[1]).toMatch(/^systems\/radar\.yaml:4:23: warning: /);
});

it("tells what a name that stands twice leads to only once that is mended", async () => {
  const { lines } = await check({ "wardroom.yaml": edited(wardroom, "{ id: lead,", "{ id: approver,") }, { variables });
  expect(lines).toEqual([
    "wardroom.yaml:6:11: error: roles[3].id: a role called `approver` already stands at wardroom.yaml:5. Give each its own name.",
    "The config cannot be used: 1 error.",
  ]);
});

it("takes variables that are not set as warnings where it is told to", async () => {
  const { code, lines } = await check({}, { variables: {}, withoutEnv: true });
  expect(code).toBe(0);
  expect(lines).toEqual([
    "systems/radar.yaml:4:23: warning: health[0].http: the variable RADAR_URL is not set (first of 5 places). Set RADAR_URL in the bot's environment.",
    expect.stringMatching(/^The config is good: .*, 1 warning\.$/),
  ]);
});

it("takes them as errors otherwise, as the start does", async () => {
  const { code, lines } = await check({}, { variables: {} });
  expect(code).toBe(1);
  expect(lines).toEqual([
    "systems/radar.yaml:4:23: error: health[0].http: the variable RADAR_URL is not set (first of 5 places). Set RADAR_URL in the bot's environment.",
    "The config cannot be used: 1 error.",
  ]);
});

it("does not blame a file for a value that only an unset variable could give, and says what it left out", async () => {
  const text = edited(system, '/health" }', '/health", timeout: "${PATIENCE}" }');
  const { code, lines } = await check({ "systems/radar.yaml": text }, { variables: {}, withoutEnv: true });
  expect(code).toBe(0);
  expect(lines.at(-1)).toBe("No error was found, 2 warnings: what depends on unset variables was not checked.");
});
