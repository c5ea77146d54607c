import { expect, it } from "vitest";
import { UnreadableRecord, unreadableWords } from "../../src/domain/unreadable.ts";
import { putAck, readAck, readAcks } from "../../src/records/ack.ts";
import { readLeases } from "../../src/records/lease.ts";
import { codeKey, parseOffer } from "../../src/records/link.ts";
import { scratchStore } from "../fakes/scratch-store.ts";

const odd = { format: 99, said: "a secret" };

it("an acknowledgement that cannot be read leaves its alert without one, and every other as it is", async () => {
  const store = scratchStore();
  const ack = {
    code: "aa",
    system: "beta",
    summary: "It is down",
    by: { person: "ana", name: "Ana", account: "a" },
    at: 1,
  };
  await store.commit({ id: "acks", put: [putAck(ack), { key: "ack/bb", value: odd }] });
  expect([...(await readAcks(store, ["aa", "bb", "cc"])).keys()]).toEqual(["aa"]);
  await expect(readAck(store, "bb")).rejects.toThrow("the record ack/bb cannot be read: format");
});

it("a lease that cannot be read is free, at the revision that it stands at", async () => {
  const store = scratchStore();
  await store.commit({ id: "damage", put: [{ key: "lease/gateway", value: odd }] });
  expect(await readLeases(store, ["gateway"])).toEqual([{ owner: "", until: 0, revision: "damage" }]);
});

it("what cannot be read is named without what it holds, and a code by its kind alone", () => {
  const read = () => parseOffer({ key: codeKey("ABCD1234"), revision: "r", value: odd });
  expect(read).toThrow("the record link-code cannot be read: account");
  expect(read).not.toThrow("a secret");
  expect(read).not.toThrow("ABCD1234");
});

it("of many that cannot be read the first are named and the rest is counted", () => {
  const all = Array.from({ length: 7 }, (_, each) => new UnreadableRecord(`run/${each}`, new SyntaxError("x")));
  expect(unreadableWords(all)).toBe("7 records cannot be read: run/0, run/1, run/2, run/3, run/4 and 2 more");
  expect(unreadableWords(all.slice(0, 1))).toBe("1 record cannot be read: run/0");
});
