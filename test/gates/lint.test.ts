import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createFixture } from "./fixture.ts";

/** One planted violation: where it stands, what it says, and the rule that must name it. */
interface Plant {
  readonly file: string;
  readonly code: string;
  readonly rule: string;
}

const lines = (count: number): string => Array.from({ length: count }, (_line, index) => `  use(${index});`).join("\n");
const use = "declare function use(value: unknown): void;\n";

const plants: readonly Plant[] = [
  { file: "src/acts/default.ts", code: "export default 1;", rule: "import(no-default-export)" },
  { file: "src/ops/any.ts", code: "export const a: any = 1;", rule: "typescript(no-explicit-any)" },
  {
    file: "src/config/assertion.ts",
    code: "export const read = (text: string): { a: string } => JSON.parse(text) as { a: string };",
    rule: "typescript(no-unsafe-type-assertion)",
  },
  { file: "src/ops/console.ts", code: 'console.log("hello");\nexport {};', rule: "eslint(no-console)" },
  {
    file: "src/ops/five.ts",
    code: "export function five(a: number, b: number, c: number, d: number, e: number): number {\n  return a + b + c + d + e;\n}",
    rule: "eslint(max-params)",
  },
  {
    file: "src/store/floating.ts",
    code: "declare function save(): Promise<void>;\nexport function forget(): void {\n  save();\n}",
    rule: "typescript(no-floating-promises)",
  },
  {
    file: "src/store/misused.ts",
    code: "declare function on(hear: () => void): void;\nexport const start = (): void => on(async () => {});",
    rule: "typescript(no-misused-promises)",
  },
  {
    file: "src/domain/switch.ts",
    code: 'export function word(tone: "good" | "bad"): number {\n  switch (tone) {\n    case "good":\n      return 1;\n  }\n  return 0;\n}',
    rule: "typescript(switch-exhaustiveness-check)",
  },
  {
    file: "src/domain/thrown.ts",
    code: 'export function fail(): never {\n  throw "text";\n}',
    rule: "typescript(only-throw-error)",
  },
  {
    file: "src/domain/clock.ts",
    code: 'import { Temporal } from "temporal-polyfill";\nexport const today = (): string => Temporal.Now.plainDateISO().toString();',
    rule: "eslint(no-restricted-properties)",
  },
  {
    file: "test/ops/mock.test.ts",
    code: 'import { expect, test, vi } from "vitest";\nvi.mock("./x.ts");\ntest("a", () => expect(1).toBe(1));',
    rule: "eslint(no-restricted-properties)",
  },
  {
    file: "test/ops/idle.test.ts",
    code: 'import { test } from "vitest";\ntest("proves nothing", () => {});',
    rule: "vitest(expect-expect)",
  },
  {
    file: "test/ops/only.test.ts",
    code: 'import { expect, test } from "vitest";\ntest.only("alone", () => expect(1).toBe(1));',
    rule: "vitest(no-focused-tests)",
  },
  {
    file: "test/ops/skipped.test.ts",
    code: 'import { expect, test } from "vitest";\ntest.skip("later", () => expect(1).toBe(1));',
    rule: "vitest(no-disabled-tests)",
  },
  { file: "src/ops/long-file.ts", code: `${"\n".repeat(401)}export const a = 1;`, rule: "eslint(max-lines)" },
  {
    file: "src/ops/long-function.ts",
    code: `${use}export function long(): void {\n${lines(71)}\n}`,
    rule: "eslint(max-lines-per-function)",
  },
  { file: "src/ops/env.ts", code: 'export const home = process.env["HOME"];', rule: "node(no-process-env)" },
  { file: "demo/env.ts", code: 'export const home = process.env["HOME"];', rule: "node(no-process-env)" },
  { file: "src/ops/BadName.ts", code: "export const a = 1;", rule: "unicorn(filename-case)" },
  {
    file: "src/ops/ring-a.ts",
    code: 'import { b } from "./ring-b.ts";\nexport const a = () => b;',
    rule: "import(no-cycle)",
  },
  {
    file: "src/ops/ring-b.ts",
    code: 'import { a } from "./ring-a.ts";\nexport const b = () => a;',
    rule: "import(no-cycle)",
  },
  ...["Date.now()", 'fetch("http://127.0.0.1")', "setTimeout(() => {}, 1)", "performance.now()", "globalThis"].flatMap(
    (reach, index) =>
      ["domain", "records", "acts", "reads", "cards", "commands"].map((layer) => ({
        file: `src/${layer}/reach-${index}.ts`,
        code: `export const reach = (): unknown => ${reach};`,
        rule: "eslint(no-restricted-globals)",
      })),
  ),
];

const Report = z.object({
  diagnostics: z.array(z.object({ filename: z.string(), code: z.string().default(""), message: z.string() })),
});
const fixture = createFixture();
const reported = new Map<string, string[]>();

beforeAll(() => {
  for (const plant of plants) fixture.write(plant.file, `${plant.code}\n`);
  fixture.write("src/config/environment.ts", 'export const home = process.env["HOME"];\n');
  fixture.write("src/ops/disable.ts", "// oxlint-disable-next-line no-console\nexport const a = 1;\n");
  fixture.write(
    "src/ops/clean.ts",
    "export const add = (a: number, b: number, c: number, d: number) => a + b + c + d;\n",
  );
  fixture.write("src/bot/console/page/view.js", "export const width = () => innerWidth;\n");
  const { output } = fixture.run("oxlint", "--format", "json", "src", "test", "demo");
  for (const { filename, code } of Report.parse(JSON.parse(output)).diagnostics) {
    reported.set(filename, [...(reported.get(filename) ?? []), code]);
  }
});
afterAll(() => fixture.remove());

test.each(plants)("$rule is named in $file", ({ file, rule }) => {
  expect(reported.get(file) ?? []).toContain(rule);
});

test("a comment that switches off a rule for nothing is reported", () => {
  expect(reported.has("src/ops/disable.ts")).toBe(true);
});

test("what is allowed is not reported", () => {
  const clean = ["src/config/environment.ts", "src/bot/console/page/view.js", "src/ops/clean.ts"];
  expect(clean.filter((file) => reported.has(file))).toEqual([]);
});
