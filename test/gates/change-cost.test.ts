import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root, toolEnvironment } from "../../scripts/gates.ts";
import { readTree } from "../../scripts/source.ts";
import { type Plant, plants } from "./plants/plant.ts";

const copy = mkdtempSync(join(tmpdir(), "wardroom-cost-"));
const architecture = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
const contributing = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");

beforeAll(() => {
  const folders = ["src", "demo", "systems", "schema", "docs", "scripts", "test", "bench", "bin"];
  const files = ["package.json", "tsconfig.json", ".env.example"];
  for (const path of readTree().keys()) {
    if (folders.includes(path.split("/", 1)[0] ?? "") || files.includes(path)) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      cpSync(join(root, path), join(copy, path));
    }
  }
  linkPackages();
  // Without a repository of its own the scripts would see no files.
  writeFileSync(join(copy, ".gitignore"), "node_modules\n");
  run("git", "init", "-q");
  for (const plant of plants) put(plant);
  run("node", "scripts/schema.ts");
}, 300_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What the types gate found of the tree without the plants: what they do not touch is not checked once more. */
const typesKnown = "node_modules/.cache/types.json";

/** Each package by itself, so that what is known of the types stands in the copy at the paths that it names. */
function linkPackages(): void {
  mkdirSync(dirname(join(copy, typesKnown)), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules")))
    if (name !== ".cache") symlinkSync(join(root, "node_modules", name), join(copy, "node_modules", name));
  if (existsSync(join(root, typesKnown))) cpSync(join(root, typesKnown), join(copy, typesKnown));
}

function put({ files, edits }: Plant): void {
  for (const [path, text] of Object.entries(files)) {
    if (existsSync(join(root, path))) throw new Error(`${path} is there already`);
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
  for (const { path, at, before = "", after = "" } of edits) {
    const text = readFileSync(join(copy, path), "utf8");
    if (text.split(at).length !== 2) throw new Error(`${path} does not hold this once: ${at}`);
    writeFileSync(
      join(copy, path),
      text.replace(at, () => `${before}${at}${after}`),
    );
  }
}

/** What a program says; it is to end well. */
function run(...[program = "", ...args]: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: copy, env: toolEnvironment(), encoding: "utf8" });
  return status === 0 ? stdout : `${program} ended with ${status}: ${stdout}${stderr}`;
}

/** The paths of a cell of the table, in order. */
function pathsIn(cell: string | undefined): string[] {
  return [...(cell ?? "").matchAll(/`([^`]+)`/g)].flatMap(([, path]) => path ?? []).toSorted();
}

/** Columns of the table's row of a change: what is new, what has lines added, what a script writes. */
function rowOf(change: string): readonly string[] {
  const row = architecture.split("\n").find((line) => line.startsWith(`| ${change} `));
  return (row ?? "").split("|").slice(2, 5);
}

/** Paths as the table writes them: a folder that is new is one, and the thing's own name is left open. */
function asWritten(plant: Plant, paths: readonly string[]): string[] {
  const named = paths.map((path) => {
    const folder = `${dirname(path)}/`;
    const isNew = !existsSync(join(root, folder));
    return (isNew ? folder : path).replaceAll(plant.name, "<name>");
  });
  return [...new Set(named)].toSorted();
}

test.each(plants)("$change costs what the table in ARCHITECTURE.md says", (plant) => {
  const [added, edited, generated] = rowOf(plant.change);
  expect(pathsIn(added)).toEqual(asWritten(plant, Object.keys(plant.files)));
  expect(pathsIn(edited)).toEqual([...new Set(plant.edits.map(({ path }) => path))].toSorted());
  expect(pathsIn(generated)).toEqual([...(plant.generated ?? [])].toSorted());
});

test.each(plants)("CONTRIBUTING.md names every file that has lines added for $change", ({ heading, edits }) => {
  const section = contributing.split("\n## ").find((each) => each.startsWith(`${heading}\n`));
  const unnamed = edits.map(({ path }) => path).filter((path) => !(section ?? "").includes(`\`${path}\``));
  expect(unnamed).toEqual([]);
});

test("with these files and lines alone the tree is sound", () => {
  const known = ["--incremental", "--tsBuildInfoFile", typesKnown, "--preserveSymlinks"];
  expect(run("tsc", "-p", ".", ...known)).toBe("");
  expect(run("node", "scripts/check-layers.ts")).toBe("");
  const changed = (path: string) => readFileSync(join(copy, path), "utf8") !== readFileSync(join(root, path), "utf8");
  const schemas = ["schema/people.json", "schema/system.json", "schema/wardroom.json"];
  expect(schemas.filter(changed)).toEqual(plants.flatMap(({ generated = [] }) => generated).toSorted());
}, 300_000);

test("with these files and lines alone each of them works", () => {
  expect(JSON.parse(run("node", "test/gates/plants/prove.ts"))).toEqual({
    "a command": "Hello Pager",
    "an operation of a system": true,
    "a backend behind ports that are there": 6,
    "a surface": true,
  });
}, 300_000);
