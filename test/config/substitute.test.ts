import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { substitute } from "../../src/config/substitute.ts";
import { edited, goodConfig, linesOf, people, problemsOf, system, variables } from "./config-folder.ts";

describe("substitute", () => {
  it.each([
    { text: "plain", gives: "plain" },
    { text: "${A}", gives: "one" },
    { text: "x${A}y${B}z", gives: "xoney${A}z" },
    { text: "$${A}", gives: "${A}" },
    { text: "costs $5 {A} $A", gives: "costs $5 {A} $A" },
    { text: "$$${A}", gives: "$${A}" },
  ])("turns $text into $gives", ({ text, gives }) => {
    expect(substitute(text, { A: "one", B: "${A}" }).text).toBe(gives);
  });

  it.each(["${}", "${ A}", "${1A}", "${A", "${A-b}", "${A:-default}"])("does not take %s for a reference", (text) => {
    expect(substitute(text, { A: "one" })).toEqual({ text, used: [], unset: [], malformed: [text], kept: [] });
  });

  it("leaves alone what holds no reference", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const harmless = text.replaceAll("${", "");
        expect(substitute(harmless, {})).toEqual({ text: harmless, used: [], unset: [], malformed: [], kept: [] });
      }),
    );
  });

  it("puts any value in as it is, and never looks at it again", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        expect(substitute("a${V}b", { V: value }).text).toBe(`a${value}b`);
      }),
    );
  });
});

describe("references in a file", () => {
  it("are replaced after YAML was read, so a value never becomes structure", async () => {
    const name = 'x", id: evil }, - { id: evil # *a &b !c';
    const title = 'x", id: evil }\n- { id: evil # *a &b !c';
    const texts = {
      "people.yaml": edited(people, "name: Ana", "name: ${NAME}"),
      "systems/radar.yaml": edited(system, "title: Load,", 'title: "${TITLE}",'),
    };
    const config = await goodConfig(texts, { variables: { ...variables, NAME: name, TITLE: title } });
    expect(config.policy.people.map((person) => person.name)).toEqual([name, "Boris", "Chen"]);
    expect(config.systems.flatMap(({ metrics }) => metrics.map((metric) => metric.title))).toEqual([title]);
  });

  it("stay text: a number from the environment is no number", async () => {
    const texts = { "systems/radar.yaml": edited(system, "warn: 1,", "warn: '${WARN}',") };
    expect(await linesOf(texts, { variables: { ...variables, WARN: "1" } })).toEqual([
      "systems/radar.yaml:6:36: metrics[0].warn: a number is expected, not the text `${WARN}`. Write the number alone, without quotes and unit.",
    ]);
  });

  it("are told to be quoted where YAML takes their braces for its own", async () => {
    const texts = { "systems/radar.yaml": edited(system, "title: Load,", "title: ${LOAD},") };
    expect(await linesOf(texts)).toEqual([
      'systems/radar.yaml:6:24: a ${NAME} in { } or [ ] needs quotes. Write it as "${NAME}".',
    ]);
  });

  it("are named with their place when they are not set or empty", async () => {
    const texts = { "people.yaml": edited(people, "name: Ana", 'name: "Ana of ${TEAM} ${TEAM}"') };
    const line =
      "people.yaml:3:19: people[0].name: the variable TEAM is not set (first of 2 places). Set TEAM in the bot's environment.";
    expect(await linesOf(texts)).toEqual([line]);
    expect(await linesOf(texts, { variables: { ...variables, TEAM: "" } })).toEqual([line]);
  });

  it("are warnings where that is asked for, and what they stand for is not judged", async () => {
    const problems = await problemsOf({}, { variables: {}, unset: "warn" });
    expect(problems.map(({ severity, line, column, path }) => ({ severity, line, column, path }))).toEqual([
      { severity: "warning", line: 4, column: 23, path: "health[0].http" },
    ]);
  });

  it("are refused where they are malformed", async () => {
    const texts = { "people.yaml": edited(people, "name: Ana", 'name: "Ana ${TEAM:-x}"') };
    expect(await linesOf(texts)).toEqual([
      "people.yaml:3:16: people[0].name: this is not a reference to a variable. Write ${NAME} with letters, digits and _, or $${ for the characters themselves.",
    ]);
  });

  it("are refused in keys", async () => {
    const texts = { "people.yaml": edited(people, "name: Ana", "name: Ana\n    ${FIELD}: UTC") };
    expect((await problemsOf(texts)).map(({ line, column, message }) => ({ line, column, message }))).toContainEqual({
      line: 4,
      column: 5,
      message: "a reference in a key is never replaced",
    });
  });
});

describe("secrets", () => {
  const secret = "hunter2-correct-horse";

  it.each([
    { key: "token", value: secret },
    { key: "api_key", value: secret },
    { key: "dbPassword", value: "12345678" },
    { key: "key", value: secret },
    { key: "tokens", value: `[${secret}]` },
  ])("are refused in the open under $key, and never shown", async ({ key, value }) => {
    const step = `json: { ${key}: ${value} }, method: POST`;
    const lines = await linesOf({ "systems/radar.yaml": edited(system, "method: POST", step) });
    expect(lines.join("\n")).toMatch(/^systems\/radar\.yaml:18:\d+: .*: a secret stands here in the open\. /m);
    expect(lines.join("\n")).not.toContain(value.replaceAll(/[[\]]/g, ""));
  });

  it.each([
    "xoxb-1234567890-abcdefghijkl",
    "https://bot:hunter2@radar.internal/",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    '"-----BEGIN RSA PRIVATE KEY-----\\nMIIE"',
  ])("are known by their form wherever they stand: %s", async (value) => {
    const lines = await linesOf({ "systems/radar.yaml": edited(system, "summary: Busy", `summary: ${value}`) });
    expect(lines).toEqual([expect.stringContaining("this holds a token, a password or a private key in the open")]);
    expect(lines.join("\n")).not.toContain("hunter2");
  });

  it.each([
    "'password = hunter2'",
    "'the password: correct-horse, then battery'",
    "'api_key : \"zq 83 kd\"'",
    "'(token: zq83kdla9)'",
    "'Authorization: Bearer zq83kdla9s8d7f6'",
  ])("are known with blanks and signs in them: %s", async (value) => {
    const lines = await linesOf({ "systems/radar.yaml": edited(system, "summary: Busy", `summary: ${value}`) });
    expect(lines).toEqual([expect.stringContaining("this holds a token, a password or a private key in the open")]);
  });

  it.each(["'The token: see the wiki'", "'The API key is kept in the safe'", "'Session tokens: 12'"])(
    "are not what only speaks of them: %s",
    async (value) => {
      expect(await linesOf({ "systems/radar.yaml": edited(system, "summary: Busy", `summary: ${value}`) })).toEqual([]);
    },
  );

  it("are taken by reference", async () => {
    const step = "json: { token: '${WIPE_TOKEN}' }, method: POST";
    const texts = { "systems/radar.yaml": edited(system, "method: POST", step) };
    const config = await goodConfig(texts, { variables: { ...variables, WIPE_TOKEN: secret } });
    expect(JSON.stringify(config.systems)).not.toContain(secret);
    expect(config.secrets.get("WIPE_TOKEN")).toBe(secret);
  });

  it.each([
    { name: "a role", text: edited(people, "role: operator", "role: ${ROLE_TOKEN}") },
    {
      name: "a system",
      text: edited(people, "role: operator, systems: [radar]", "role: operator, systems: ['${ROLE_TOKEN}']"),
    },
    { name: "an id twice", text: people.replaceAll(/- id: (boris|chen)/g, "- id: ${ROLE_TOKEN}") },
    { name: "an account twice", text: people.replaceAll(/\[boris\]|\[chen\]/g, "['${ROLE_TOKEN}']") },
    { name: "a time zone", text: edited(people, "name: Ana", "name: Ana\n    timezone: ${ROLE_TOKEN}") },
  ])("never come back in a message about $name", async ({ text }) => {
    const lines = await linesOf({ "people.yaml": text }, { variables: { ...variables, ROLE_TOKEN: "sesame-open" } });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join("\n")).not.toContain("sesame");
  });

  it("let counts and flags be", async () => {
    const step = "json: { max_tokens: 512 }, method: POST";
    const texts = {
      "systems/radar.yaml": edited(edited(system, "method: POST", step), "title: Load,", "title: Load, key: true,"),
    };
    expect(await linesOf(texts)).toEqual([]);
  });
});
