import { expect, test } from "vitest";
import { coverageFaults, coverageOf, coveragePage } from "../../scripts/coverage-page.ts";
import { readTree, type Tree } from "../../scripts/source.ts";

const tree = readTree();

function changed(path: string, text: string): Tree {
  return new Map([...tree, [path, text]]);
}

test("the page on what the manuals ask for is what its sources say", async () => {
  expect(tree.get("docs/coverage.md"), "run npm run coverage").toBe(coveragePage(await coverageOf(tree)));
});

test.each([
  ["a command that no system has", 'asks: ["obliterate prsm"]', 'ZZ: "obliterate prsm" is no command'],
  ["a row that stands twice", "", "A1 stands twice"],
])("%s is named", async (_what, asks, fault) => {
  const id = asks === "" ? "A1" : "PR99";
  const rows = `${tree.get("docs/coverage.yaml") ?? ""}  - title: More\n    rows:\n      - { id: ${id}, wants: more${asks && `, ${asks}`} }\n`;
  expect(coverageFaults(await coverageOf(changed("docs/coverage.yaml", rows)))).toEqual([fault.replace("ZZ", id)]);
});

test("a test that names no row is named, and one that names a row proves it only where something is asked", async () => {
  const [open, close] = ["(", ")"];
  const planted = `it("does all of it ${open}PR77${close}", () => {});
it("looks ${open}ML11${close}", () => {});
`;
  const coverage = await coverageOf(changed("test/planted.test.ts", planted));
  expect(coverageFaults(coverage)).toEqual(["test/planted.test.ts names PR77, which is no row"]);
  const known = coverage.proofs.filter(({ rows }) => !rows.includes("PR77"));
  const page = coveragePage({ ...coverage, proofs: known });
  expect(page).toMatch(/^\| ML11 \|.*\| not there yet \| `test\/planted.test.ts` \|$/m);
});
