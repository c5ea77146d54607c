import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { referencePages, undescribedKeys } from "../../scripts/reference.ts";
import { generateSchemas } from "../../scripts/schema.ts";

const root = new URL("../../", import.meta.url);
const schemas = await generateSchemas();

describe("schema/*.json", () => {
  it.each([...schemas])("%s is what the code generates; if not, run: npm run schema", async (path, text) => {
    expect(await readFile(new URL(path, root), "utf8")).toBe(text);
  });

  it("are all generated", async () => {
    const files = await readdir(new URL("schema/", root));
    expect(files.map((file) => `schema/${file}`).toSorted()).toEqual([...schemas.keys()].toSorted());
  });

  const Fields = z.looseObject({
    properties: z.record(z.string(), z.looseObject({ description: z.string().optional() })),
  });

  it("carry the docstrings of the fields, each on its own field", () => {
    const { properties } = Fields.parse(JSON.parse(schemas.get("schema/system.json") ?? ""));
    expect(properties["aliases"]?.description).toBe("The instance names this system goes by when people ask for it.");
    expect(properties["title"]?.description).not.toBe(properties["aliases"]?.description);
  });

  it("say once what stands at several places, and refer to nothing that is not there", () => {
    const text = schemas.get("schema/system.json") ?? "";
    const { definitions } = z.looseObject({ definitions: z.record(z.string(), z.json()) }).parse(JSON.parse(text));
    const referred = new Set([...text.matchAll(/"\$ref": "(.*)"/g)].map(([, to]) => to));
    expect(referred).toEqual(new Set(Object.keys(definitions).map((name) => `#/definitions/${name}`)));
    const said = Object.values(definitions).map((each) => JSON.stringify(each));
    expect(new Set(said).size).toBe(said.length);
    // Without that it is three times as long.
    expect(text.length).toBeLessThan(400_000);
  });

  it("let a reference stand where an address or an id belongs", () => {
    const patterns = [...(schemas.get("schema/system.json") ?? "").matchAll(/"pattern": (".*")/g)].map(
      ([, pattern = ""]) => new RegExp(z.string().parse(JSON.parse(pattern))),
    );
    expect(patterns.length).toBeGreaterThan(10);
    expect(patterns.filter((pattern) => !pattern.test("${ALPHAPULSE_URL}/health"))).toEqual([]);
    expect(patterns.filter((pattern) => pattern.test(" "))).toEqual([]);
  });
});

describe("docs/reference-*.md", () => {
  it.each([...referencePages(schemas)])(
    "%s is made from the schema; if not, run: npm run schema",
    async (path, text) => {
      expect(await readFile(new URL(path, root), "utf8")).toBe(text);
    },
  );

  it("has a meaning for every key of every file", () => {
    expect(undescribedKeys(schemas)).toEqual([]);
    const text = JSON.stringify({ title: "x", properties: { one: { anyOf: [{ properties: { two: {} } }] } } });
    expect(undescribedKeys(new Map([["schema/x.json", text]]))).toEqual([
      "schema/x.json: one",
      "schema/x.json: one.two",
    ]);
  });

  it("says what has to be there, what is taken, and what is used when left out", () => {
    const page = referencePages(schemas).get("docs/reference-system.md") ?? "";
    expect(page).toContain("| `metrics[].id` | **must**: text |");
    expect(page).toContain('| `metrics[].bad` | `above`, `below` (`"above"`) |');
    // One kind of step has it and the others have not.
    expect(page).toContain("| `operations.<name>.steps[].http` | keys |");
  });
});

describe("the YAML files that ship", () => {
  it.each([
    {
      folder: "demo/config/",
      schema: /^# yaml-language-server: \$schema=\.\.\/\.\.\/schema\/(wardroom|people)\.json\n/,
    },
    { folder: "systems/", schema: /^# yaml-language-server: \$schema=\.\.\/schema\/system\.json\n/ },
  ])("in $folder name their schema in the first line", async ({ folder, schema }) => {
    const files = (await readdir(new URL(folder, root))).filter((file) => file.endsWith(".yaml"));
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(await readFile(new URL(`${folder}${file}`, root), "utf8")).toMatch(schema);
  });
});
