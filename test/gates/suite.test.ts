import { afterAll, beforeAll, expect, test } from "vitest";
import { runSuite } from "../../scripts/suite.ts";
import { total } from "../../scripts/total.ts";
import { createFixture } from "./fixture.ts";

const imports = 'import { expect, test } from "vitest";\n';
const passes = `${imports}test("passes", () => expect(1).toBe(1));\n`;
const fixture = createFixture();

beforeAll(() => {
  fixture.write("vitest.config.ts", 'export default { test: { include: ["test/**/*.test.ts"] } };\n');
  fixture.write("test/well/a.test.ts", passes);
  fixture.write("test/wrong/a.test.ts", `${passes}test("fails", () => expect(1).toBe(2));\n`);
  fixture.write("test/broken/a.test.ts", `${passes}throw new Error("does not load");\n`);
  fixture.write(
    "test/thrown/a.test.ts",
    `${passes}setTimeout(() => { throw new Error("nobody catches"); }, 0);
test("is under way when it happens", () => new Promise((resolve) => { setTimeout(resolve, 50); }));\n`,
  );
});
afterAll(() => fixture.remove());

test.each([
  { filter: "test/well", passed: 1, failed: 0, code: 0 },
  { filter: "test/wrong", passed: 1, failed: 1, code: 1 },
  { filter: "test/broken", passed: 0, failed: 1, code: 1 },
  { filter: "test/thrown", passed: 2, failed: 1, code: 1 },
  { filter: "test/nothing-is-here", passed: 0, failed: 1, code: 1 },
])("$filter counts $passed passed and $failed failed", ({ filter, passed, failed, code }) => {
  const outcome = runSuite([filter], { project: fixture.folder, output: "ignore" });
  expect(outcome).toMatchObject({ passed, failed });
  const closing = total([outcome]);
  expect(closing.code).toBe(code);
  expect(closing.lines.at(-1)).toBe(`${passed} passed, ${failed} failed`);
});

test("nothing at all is not a success", () => {
  expect(total([]).code).toBe(1);
});
