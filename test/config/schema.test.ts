import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
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
    expect(properties["id"]?.description).toBeUndefined();
  });

  it("say once what stands at several places, and refer to nothing that is not there", () => {
    const text = schemas.get("schema/system.json") ?? "";
    const { definitions } = z.looseObject({ definitions: z.record(z.string(), z.json()) }).parse(JSON.parse(text));
    const referred = new Set([...text.matchAll(/"\$ref": "(.*)"/g)].map(([, to]) => to));
    expect(referred).toEqual(new Set(Object.keys(definitions).map((name) => `#/definitions/${name}`)));
    const said = Object.values(definitions).map((each) => JSON.stringify(each));
    expect(new Set(said).size).toBe(said.length);
    // Without that it is three times as long.
    expect(text.length).toBeLessThan(300_000);
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
