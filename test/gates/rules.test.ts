import { expect, test } from "vitest";
import { ambiguousNames, exportsOf } from "../../scripts/exported-names.ts";
import { forbiddenImports } from "../../scripts/import-rules.ts";
import { importsOf } from "../../scripts/source.ts";
import { missingPaths, missingScripts } from "./doc-rules.ts";
import { uncheckedPackages } from "./lockfile-rules.ts";
import { badNames, barrels, linesAgainst, textRules } from "./text-rules.ts";

const tree = (files: Readonly<Record<string, string>>) => new Map(Object.entries(files));

test.each([
  ['import { a } from "./a.ts";', "./a.ts"],
  ['import type { A } from "./a.ts";', "./a.ts"],
  ['import {\n  a,\n  b,\n} from "./a.ts";', "./a.ts"],
  ['export { a } from "./a.ts";', "./a.ts"],
  ['export * from "./a.ts";', "./a.ts"],
  ['import "./a.ts";', "./a.ts"],
  ['const a = await import("./a.ts");', "./a.ts"],
  ['type A = import("./a.ts").A;', "./a.ts"],
  ['const a = require("./a.ts");', "./a.ts"],
  ['const a = import.meta.resolve("./a.ts");', "./a.ts"],
])("an import is seen in %s", (code, specifier) => {
  expect(importsOf(`const before = "x";\n${code}\nconst after = "y";\n`)).toEqual([specifier]);
});

test.each([
  ["src/domain/a.ts", "../acts/b.ts"],
  ["src/domain/a.ts", "node:fs"],
  ["src/commands/a.ts", "../bot/pipeline/pipeline.ts"],
  ["src/commands/deep/a.ts", "../../store/sqlite/store.ts"],
  ["src/bot/console/a.ts", "../terminal/b.ts"],
  ["src/bot/console/page/a.js", "../../../acts/b.ts"],
  ["src/bot/pipeline/a.ts", "../console/b.ts"],
  ["src/integrations/wire/http.ts", "../../acts/b.ts"],
  ["src/integrations/files/a.ts", "../http/b.ts"],
  ["src/store/a.ts", "../integrations/wire/http.ts"],
  ["src/bot/discord/a.ts", "../../http/exchange.ts"],
  ["src/http/exchange.ts", "../domain/a.ts"],
  ["src/workers/a.ts", "../bot/b.ts"],
  ["src/ops/a.ts", "../config/environment.ts"],
  ["src/config/a.ts", "../compose/b.ts"],
  ["src/store/a.ts", "../../demo/b.ts"],
  ["src/main.ts", "../test/b.ts"],
  ["src/store/a.ts", "pino"],
])("%s may not import %s", (path, specifier) => {
  const code = `export const load = () => import("${specifier}");\n`;
  expect(forbiddenImports(tree({ [path]: code }))).toEqual([`${path} → ${specifier}`]);
});

test.each([
  ["src/main.ts", "./bot/console/a.ts"],
  ["src/compose/console.ts", "../store/a.ts"],
  ["src/integrations/files/a.ts", "../wire/http.ts"],
  ["src/integrations/files/a.ts", "../process/run-process.ts"],
  ["src/bot/slack/a.ts", "../../http/exchange.ts"],
  ["src/integrations/files/a.ts", "../../domain/systems/logs.ts"],
  ["src/ops/log.ts", "pino"],
])("%s may import %s", (path, specifier) => {
  expect(forbiddenImports(tree({ [path]: `import { a } from "${specifier}";\n` }))).toEqual([]);
});

test.each([
  ["no default export", "src/a.ts", "export default function run() {}"],
  ["no default export", "src/a.ts", "export { run as default };"],
  ["no barrel", "src/ops/a.ts", 'export * from "./b.ts";'],
  ["the environment is read in one place", "src/ops/a.ts", 'const port = process.env["PORT"];'],
  ["the environment is read in one place", "src/ops/a.ts", 'import { env } from "node:process";'],
  ["no checker is switched off without a reason", "src/a.ts", "// @ts-ignore"],
  ["no checker is switched off without a reason", "test/a.ts", "// oxlint-disable-next-line no-console"],
  ["no rule is switched off where the clock", "src/domain/a.ts", "// oxlint-disable-next-line x -- because"],
  ["no unfinished work", "src/a.ts", "// TODO later"],
  ["no path of a machine", "README.md", "cd /home/someone/wardroom"],
  ["no path of a machine", "src/a.ts", 'const at = "/root/x";'],
  ["no package registry", "package-lock.json", '"resolved": "http://127.0.0.1/x.tgz"'],
  ["no number of an issue", "CHANGELOG.md", "Mended the clock (fixes #12)."],
  ["no number of an issue", "src/a.ts", "// see issue 7"],
])("%s: found in %s", (name, path, line) => {
  const rules = textRules.filter((rule) => rule.name.startsWith(name));
  expect(rules).toHaveLength(1);
  expect(rules.flatMap((rule) => linesAgainst(rule, tree({ [path]: `\n${line}\n` })))).toEqual([`${path}:2: ${line}`]);
});

test.each(["src/ops/utils.ts", "src/helpers/a.ts", "test/http-helper.ts", "src/index.ts", "src/ops/BigName.ts"])(
  "%s is no name",
  (path) => {
    expect(badNames(tree({ [path]: "", "src/commands/index.ts": "", "src/ops/log.ts": "" }))).toEqual([path]);
  },
);

test("a file that only hands on is a barrel", () => {
  const files = { "src/a.ts": '// Parts.\nexport { b } from "./b.ts";\nexport type { C } from "./c.ts";\n' };
  expect(barrels(tree({ ...files, "src/b.ts": 'import { c } from "./c.ts";\nexport const b = c;\n' }))).toEqual([
    "src/a.ts",
  ]);
});

test("a document may name only what is there", () => {
  const text = "See `src/a.ts`, src/<part>.ts, src/{a,b}.ts, test/ and [more](docs/more.md), then npm run fly.";
  const files = tree({ "README.md": text, "src/a.ts": "" });
  expect(missingPaths(files)).toEqual(["README.md: test/", "README.md: docs/more.md", "README.md: docs/more.md"]);
  expect(missingScripts(files, ["check"])).toEqual(["README.md: npm run fly"]);
});

test.each([
  ["export const one = 1;", ["one"]],
  ["export async function two(): Promise<void> {}", ["two"]],
  ["export abstract class Three {}", ["Three"]],
  ["export interface Four {}\nexport type Five = Four;", ["Four", "Five"]],
  ["export const Six = z.string();\nexport type Six = z.output<typeof Six>;", ["Six"]],
  ['export { seven, eight as nine } from "./a.ts";', ["seven", "nine"]],
  ["const ten = 1;\nfunction eleven() {}", []],
])("the exported names are seen in %s", (code, names) => {
  expect(exportsOf(code)).toEqual(names);
});

test("a name that two files of src export is reported", () => {
  const files = tree({
    "src/a.ts": "export const one = 1;\nexport const two = 2;\n",
    "src/b/c.ts": "export function one(): void {}\nexport const three = 3;\n",
    "src/d.ts": "const one = 1;\n",
    "test/e.ts": "export const one = 1;\n",
  });
  expect(ambiguousNames(files)).toEqual(["one: src/a.ts, src/b/c.ts"]);
});

test("a package of the lockfile without a hash, or with a weak one, is named", () => {
  const whole = `sha512-${"A".repeat(86)}==`;
  const lockfile = {
    packages: {
      "": {},
      "node_modules/whole": { version: "1.0.0", integrity: whole },
      "node_modules/none": { version: "1.0.0" },
      "node_modules/weak": { version: "1.0.0", integrity: "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=" },
    },
  };
  expect(uncheckedPackages(JSON.stringify(lockfile))).toEqual(["node_modules/none", "node_modules/weak"]);
});
