import { expect, it } from "vitest";
import { acceptInvocation } from "../../../src/acts/messages/accept-invocation.ts";
import { answerInvocation, replacedAnswer } from "../../../src/acts/messages/answer-invocation.ts";
import { recordSent } from "../../../src/acts/messages/record-sent.ts";
import type { Card } from "../../../src/domain/messages/card.ts";
import type { Place } from "../../../src/domain/messages/place.ts";
import type { Store } from "../../../src/domain/store.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { answeredEntry } from "../../fakes/journal-entry.ts";
import { openPostOffice } from "../../fakes/post-office.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";

const key = "slack:T1:U1:E1";
const slack: Place = { surface: "slack", channel: "C1" };
const action = { label: "Confirm", command: "link confirm", args: { claim: "c" } };
const card: Card = { tone: "warning", title: "Is it you?", blocks: [], actions: [action] };
const file = { name: "lines.txt", mediaType: "text/plain", bytes: new Uint8Array([65]) };

async function answered(store: Store, { place = slack, files = [file], sendsItself = true } = {}) {
  const account = { surface: place.surface, id: "U1" };
  const content = { kind: "text", text: "link claim" } as const;
  const { record, revision } = await acceptInvocation(store, { key, account, place, content, question: false });
  const now = await store.now();
  return answerInvocation(store, record, {
    answer: { card, files, private: false },
    journal: answeredEntry(now),
    now,
    sendsItself,
    question: false,
    revision,
  });
}

it("files are kept until the answer was sent, and no longer", async () => {
  const store = scratchStore();
  const committed = await answered(store);
  expect(await store.list("files", "at")).toHaveLength(1);
  if (!committed?.owed) throw new Error("nothing is owed");
  const { owed, subject, keptFiles } = committed;
  await recordSent(store, owed, { ref: { ...slack, id: "1.1" }, subject, keptFiles });
  expect(await store.list("files", "at")).toEqual([]);
  expect(await store.owed("notices/slack")).toMatchObject({ count: 0 });
});

it("whoever delivers it instead removes its files too", async () => {
  const store = scratchStore();
  await answered(store, { sendsItself: false });
  const office = openPostOffice(store, "slack", policy());
  await office.settled();
  expect(office.handed[0]?.message).toMatchObject({ lane: "reply", files: [{ name: "lines.txt" }] });
  expect(await store.list("files", "at")).toEqual([]);
});

it("where nothing stays that is said, nothing is kept and nothing is owed", async () => {
  const store = scratchStore();
  const place: Place = { surface: "terminal", channel: "terminal", passing: true };
  expect((await answered(store, { place }))?.owed).toBeUndefined();
  expect(await store.list("files", "at")).toEqual([]);
  expect(await replacedAnswer(store, key, { card, now: await store.now() })).toEqual({});
});

it("an answer that is replaced stands in its message, and its own buttons are gone from it", async () => {
  const store = scratchStore();
  await answered(store, { files: [], sendsItself: false });
  const office = openPostOffice(store, "slack", policy());
  await office.settled();
  const over: Card = { tone: "good", title: "It is you", blocks: [] };
  await store.commit({ id: "over", ...(await replacedAnswer(store, key, { card: over, now: await store.now() })) });
  await office.settled();
  expect(
    office.handed.map(({ how, id, message }) => [how, id, message.card.title, message.card.actions?.length]),
  ).toEqual([
    ["posted", "m1", "Is it you?", 1],
    ["edited", "m1", "It is you", undefined],
  ]);
});

it("what was never answered, or is no longer kept, is not replaced", async () => {
  const store = scratchStore();
  expect(await replacedAnswer(store, key, { card, now: await store.now() })).toEqual({});
});
