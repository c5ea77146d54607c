import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { ambiguousNames } from "../scripts/exported-names.ts";
import { forbiddenImports, homelessFiles } from "../scripts/import-rules.ts";
import { codeIn, importsOf, readTree } from "../scripts/source.ts";
import { missingPaths, missingScripts } from "./gates/doc-rules.ts";
import { uncheckedPackages } from "./gates/lockfile-rules.ts";
import { badNames, barrels, linesAgainst, textRules } from "./gates/text-rules.ts";

const tree = readTree();

test("the rules see the code they are about", () => {
  expect(codeIn(tree, "src").length).toBeGreaterThan(20);
  expect(importsOf(tree.get("src/domain/commands/command.ts") ?? "")).toContain("../messages/card.ts");
});

test("everything in src stands in a layer and imports only what that layer may", () => {
  expect(homelessFiles(tree)).toEqual([]);
  expect(forbiddenImports(tree)).toEqual([]);
});

test("an exported name stands for one thing", () => {
  expect(ambiguousNames(tree)).toEqual([]);
});

test.each(textRules)("$name", (rule) => {
  expect(linesAgainst(rule, tree)).toEqual([]);
});

test("names of files say what is in them", () => {
  expect(badNames(tree)).toEqual([]);
});

test("no file only hands on what others export", () => {
  expect(barrels(tree)).toEqual([]);
});

test("every path that a document names is there", () => {
  expect(missingPaths(tree)).toEqual([]);
});

test("every script that a document names is there", () => {
  const manifest = z.object({ scripts: z.record(z.string(), z.string()) });
  const { scripts } = manifest.parse(JSON.parse(tree.get("package.json") ?? ""));
  expect(missingScripts(tree, Object.keys(scripts))).toEqual([]);
});

test("every package of the lockfile has the hash of its bytes", () => {
  expect(uncheckedPackages(readFileSync("package-lock.json", "utf8"))).toEqual([]);
});
