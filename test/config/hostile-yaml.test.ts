import { writeFile } from "node:fs/promises";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { backends } from "../fakes/backends.ts";
import { edited, inFolder, linesOf, people, problemsOf, variables } from "./config-folder.ts";

const bomb = `a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
g: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f, *f]
h: &h [*g, *g, *g, *g, *g, *g, *g, *g, *g, *g]
people: [*h, *h, *h, *h]
`;

describe("a file that is no config", () => {
  it.each([
    { name: "empty", text: "", at: "1:1", says: "the file is empty" },
    { name: "only a comment", text: "# later\n", at: "1:1", says: "the file is empty" },
    { name: "a list", text: "- people\n", at: "1:1", says: "the file is not a map of keys and values" },
    { name: "a word", text: "people\n", at: "1:1", says: "the file is not a map of keys and values" },
    { name: "a tab", text: "people:\n\t- id: ana\n", at: "2:1", says: "a tab is used as indentation" },
    {
      name: "a key twice",
      text: edited(people, "name: Ana", "name: Ana\n    name: Anna"),
      at: "4:5",
      says: "this key stands twice in one map",
    },
    {
      name: "a number and its text as keys",
      text: 'people: { 1: a, "1": b }\n',
      at: "1:17",
      says: "this key stands twice in one map",
    },
    { name: "a second document", text: `${people}---\n${people}`, at: "14:1", says: "a second document begins here" },
    { name: "a tag", text: "people: !people []\n", at: "1:9", says: "YAML tags" },
    { name: "an open quote", text: 'people: "\n', at: "2:1", says: "a colon, quote or bracket is missing" },
    { name: "an open bracket", text: "people: [\n", at: "2:1", says: "a bracket, brace or indentation does not fit" },
    { name: "a colon in a text", text: "people: a: b\n", at: "1:9", says: "a colon inside an unquoted text" },
    {
      name: "a reserved character",
      text: "people: @ana\n",
      at: "1:9",
      says: "an unquoted text may not begin with this character",
    },
    { name: "an alias to nothing", text: "people: *ana\n", at: "1:9", says: "this alias has no anchor above it" },
    { name: "an alias to itself", text: "people: &p [*p]\n", at: "1:13", says: "values are nested more than 40 deep" },
    {
      name: "a merge key",
      text: edited(people, "name: Ana", "name: Ana\n    <<: { timezone: UTC }"),
      at: "4:5",
      says: "merge keys are not read",
    },
    { name: "a map as key", text: "people: { [a]: b }\n", at: "1:11", says: "a key is no text" },
    { name: "a prototype", text: "__proto__: { people: [] }\n", at: "1:1", says: "no key may be called `__proto__`" },
    {
      name: "what every object has",
      text: "people: { constructor: [] }\n",
      at: "1:11",
      says: "no key may be called `constructor`",
    },
    { name: "an alias bomb", text: bomb, at: "1:1", says: "anchors and aliases unfold into more than 20000 values" },
    {
      name: "endless brackets",
      text: `people: ${"[".repeat(20_000)}`,
      at: undefined,
      says: "the file is nested too deeply",
    },
    { name: "half a megabyte", text: `people: ${"x".repeat(600_000)}\n`, at: "1:1", says: "the file is longer than" },
    {
      name: "another encoding",
      text: new Uint8Array([0x70, 0x3a, 0x20, 0xff, 0xfe]),
      at: "1:1",
      says: "this is not UTF-8 text",
    },
  ])("is refused: $name", async ({ text, at, says }) => {
    const problems = await problemsOf({ "people.yaml": text });
    const found = problems.find((problem) => problem.message.startsWith(says));
    expect(found, problems.map((problem) => problem.message).join("\n")).toMatchObject({
      file: "people.yaml",
      severity: "error",
    });
    expect(at ?? `${found?.line}:${found?.column}`).toBe(`${found?.line}:${found?.column}`);
    expect(found?.remedy).toMatch(/^[A-Z].*\.$/s);
  });

  it("lets anchors and aliases be that only save typing", async () => {
    const text = edited(
      edited(people, "systems: [radar] }]\n  - id: boris", "systems: &mine [radar] }]\n  - id: boris"),
      'systems: "*"',
      "systems: *mine",
    );
    expect(await linesOf({ "people.yaml": text })).toEqual([]);
  });

  it("points at the use of an alias whose content does not fit there", async () => {
    const text = edited(edited(people, "name: Ana", "name: &ana Ana"), "console: [boris]", "console: *ana");
    expect((await linesOf({ "people.yaml": text }))[0]).toMatch(
      /^people\.yaml:8:26: people\[1\]\.accounts\.console: a list is expected/,
    );
  });

  it("never shows the text around a fault of YAML, which may be a secret", async () => {
    for (const text of [
      "token: 'hunter2",
      "token: hunter2: x",
      "- a\nhunter2",
      "token: @hunter2",
      "hunter2:\n\t- x",
      "a: *hunter2",
    ]) {
      expect((await linesOf({ "people.yaml": text })).join("\n")).not.toContain("hunter2");
    }
  });
});

describe("files that are missing", () => {
  it.each([
    {
      path: "wardroom.yaml",
      says: "wardroom.yaml:1:1: this does not exist. Create it, or set WARDROOM_CONFIG to the folder that holds it.",
    },
    {
      path: "people.yaml",
      says: "people.yaml:1:1: this does not exist. Create it, or set WARDROOM_CONFIG to the folder that holds it.",
    },
    {
      path: "systems/radar.yaml",
      says: "systems:1:1: this does not exist. Create it, or set WARDROOM_CONFIG to the folder that holds it.",
    },
  ])("$path alone is complained about", async ({ path, says }) => {
    expect(await linesOf({ [path]: undefined })).toEqual([says]);
  });

  it("reads only YAML files among the systems", async () => {
    const others = { "systems/.hidden.yaml": "x", "systems/notes.md": "x", "systems/radar.yaml~": "x" };
    expect(await linesOf(others)).toEqual([]);
    expect(await linesOf({ ...others, "systems/radar.yaml": undefined })).toEqual([
      "systems:1:1: there is no system here. Add a file for each system, named after it: <id>.yaml.",
    ]);
  });

  it("says so of a file in a folder's place", async () => {
    expect(await linesOf({ "systems/radar.yaml": undefined, systems: "x" })).toEqual([
      "systems:1:1: this is a file, not a folder. Set WARDROOM_CONFIG to a folder.",
    ]);
  });
});

describe("any text at all", () => {
  const yamlish = fc
    .array(
      fc.constantFrom(
        "people:",
        "- ",
        "id: ",
        "ana",
        "\n",
        "  ",
        "[",
        "]",
        "{",
        "}",
        ": ",
        "&a ",
        "*a",
        '"',
        "'",
        "!t ",
        "${",
        "}",
        "|\n",
        "\t",
        "#",
        "1",
        "~",
        "? ",
        "---\n",
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(""));

  it("is read or refused, with places inside the file and a next step", async () => {
    await inFolder({}, async (folder) => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(yamlish, fc.string({ unit: "binary" })), async (text) => {
          await writeFile(`${folder}/people.yaml`, text);
          const result = await loadConfig(
            { folder, backends, surfaces: knownSurfaces },
            { variables, unset: "refuse" },
          );
          const lines = text.split(/\n/);
          expect("problems" in result && result.problems.length > 0).toBe(true);
          for (const { file, line, column, message, remedy } of "problems" in result ? result.problems : []) {
            expect(file.startsWith(folder)).toBe(true);
            expect(line).toBeLessThanOrEqual(lines.length);
            expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
            expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
            expect(message).not.toMatch(/\.$|undefined|\[object/);
            expect(remedy).toMatch(/[.?]$/);
          }
        }),
        // A line that the parser does not count: a block scalar that was never one.
        { numRuns: 150, examples: [["*a${|\npeople:  people:"]] },
      );
    });
  });
});
