import { afterEach, beforeEach, expect, test } from "vitest";
import { createFixture, type Fixture } from "./fixture.ts";

const clean = "export const one = 1;\n";
let fixture: Fixture;
beforeEach(() => {
  fixture = createFixture();
  fixture.write("src/main.ts", clean);
});
afterEach(() => fixture.remove());

test.each([
  ["a type error", 'export const one: number = "1";\n', "TS2322"],
  ["an index that may be missing", "export const first = (list: number[]): number => list[0];\n", "TS2322"],
  ["an enum, which Node cannot run", "export enum Tone {\n  Good,\n}\n", "TS1294"],
  ["an unused local", "export const one = (): void => {\n  const two = 2;\n};\n", "TS6133"],
  ["a case that falls through", fallsThrough(), "TS7029"],
])("the types gate names %s", (_what, code, name) => {
  fixture.write("src/main.ts", code);
  const { status, output } = fixture.run("tsc", "-p", ".");
  expect(output).toContain(name);
  expect(status).not.toBe(0);
});

test("the types gate reads plain JavaScript too, and passes what is clean", () => {
  expect(fixture.run("tsc", "-p", ".")).toEqual({ status: 0, output: "" });
  fixture.write("bin/start.js", "export const one = Math.flor(1);\n");
  expect(fixture.run("tsc", "-p", ".").output).toContain("TS2551");
});

test("the format gate names what is not formatted and what is imported out of order", () => {
  expect(fixture.run("biome", "ci", ".").status).toBe(0);
  fixture.write("src/spaced.ts", "export const   one=1\n");
  fixture.write(
    "src/order.ts",
    'import { b } from "./b.ts";\nimport { a } from "./a.ts";\n\nexport const c = a + b;\n',
  );
  const { status, output } = fixture.run("biome", "ci", ".");
  expect(status).not.toBe(0);
  expect(output).toContain("src/spaced.ts");
  expect(output).toContain("src/order.ts");
});

test("the unused gate names a file, an export and a dependency that nothing uses", () => {
  fixture.write("package.json", packageWith({ fastify: "5.12.8", pino: "10.4.0" }));
  fixture.write("src/main.ts", 'import { pino } from "pino";\nimport { used } from "./parts.ts";\n\nused(pino);\n');
  fixture.write("src/parts.ts", "export const used = (value: unknown) => value;\nexport const idle = 1;\n");
  fixture.write("src/orphan.ts", clean);
  const { status, output } = fixture.run("knip", "--no-config-hints");
  expect(status).not.toBe(0);
  expect(output).toContain("src/orphan.ts");
  expect(output).toMatch(/idle\s+src\/parts\.ts/);
  expect(output).toMatch(/fastify\s+package\.json/);
  expect(output).not.toMatch(/^used\s/m);
  expect(output).not.toMatch(/^pino\s/m);
});

function packageWith(dependencies: Readonly<Record<string, string>>): string {
  return JSON.stringify({ name: "fixture", private: true, type: "module", dependencies });
}

function fallsThrough(): string {
  return `export function words(tone: "good" | "bad"): string {
  let said = "";
  switch (tone) {
    case "good":
      said = "good";
    case "bad":
      said += "bad";
  }
  return said;
}
`;
}
