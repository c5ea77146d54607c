import { expect, it } from "vitest";
import type { JournalLink } from "../../src/domain/store.ts";
import { bodyOf, genesis, linkHash } from "../../src/store/chain.ts";
import { intactLinks } from "../../src/store/intact.ts";

function chain(length: number): JournalLink[] {
  const links: JournalLink[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const previous = links.at(-1)?.hash ?? genesis.hash;
    const entries = [{ kind: "said", what: seq }];
    const link = { seq, at: seq * 1_000, bodyHash: bodyOf(entries).hash };
    links.push({ ...link, previous, entries, hash: linkHash(previous, link) });
  }
  return links;
}

const whole = chain(5);
const changed = (changes: Partial<JournalLink>) =>
  whole.map((link) => (link.seq === 3 ? { ...link, ...changes } : link));

it("links that hold together are all there, from wherever they are read", () => {
  expect(intactLinks(whole)).toEqual(whole);
  expect(intactLinks(whole.slice(2))).toEqual(whole.slice(2));
  expect(intactLinks([])).toEqual([]);
});

it.each<[string, JournalLink[], number]>([
  ["a body was changed", changed({ entries: [{ kind: "said", what: "otherwise" }] }), 2],
  ["a time was changed", changed({ at: 1 }), 2],
  [
    "a link was replaced by one that fits itself",
    changed({
      ...chain(3).at(-1),
      previous: genesis.hash,
      hash: linkHash(genesis.hash, whole[2] ?? { seq: 0, at: 0, bodyHash: "" }),
    }),
    2,
  ],
  ["a link is missing", whole.filter(({ seq }) => seq !== 3), 2],
])("what comes after it proves nothing where %s", (_what, links, left) => {
  expect(intactLinks(links).map(({ seq }) => seq)).toEqual(whole.slice(0, left).map(({ seq }) => seq));
});
