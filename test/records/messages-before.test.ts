import { expect, it } from "vitest";
import { clearTrouble, raiseTrouble } from "../../src/acts/messages/tell-trouble.ts";
import type { Card } from "../../src/domain/messages/card.ts";
import type { Store } from "../../src/domain/store.ts";
import { alertsAt, requestAt } from "../../src/reads/shown-at.ts";
import { readInvocation } from "../../src/records/invocation.ts";
import { messageAt, readMessage } from "../../src/records/message.ts";
import { createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { openPostOffice } from "../fakes/post-office.ts";
import { scratchStore } from "../fakes/scratch-store.ts";

// What the release before has left in a store, word for word: its documents and notices are still read, delivered and edited.

const place = { surface: "slack", channel: "C1" } as const;
const card: Card = { tone: "neutral", title: "Daily P&L", blocks: [{ kind: "file", file: "lines.txt" }] };
const file = { name: "lines.txt", mediaType: "text/plain", base64: "QUFB" };
const index = (text: string) => ({ ref: text, at: "0000000001000000" });

async function owe(store: Store, id: string, body: object, queue = "notices/slack"): Promise<void> {
  await store.commit({ id: `owe-${id}`, notices: [{ queue, id, due: await store.now(), body }] });
}

it("a copy of a request's card is edited where it stands, and its message is the request's", async () => {
  const bench = await createBench();
  const { request } = await bench.ask("ana");
  const id = `request:${request.id}:0123456789abcdef`;
  const at = { surface: "console", channel: "old", id: "m7" };
  await bench.store.commit({
    id: "before",
    put: [{ key: `message/${id}`, value: at, index: index("console:old:m7") }],
  });
  expect(await requestAt(bench.store, at)).toBe(request.id);
  const office = openPostOffice(bench.store, "console", policy());
  await office.settled();
  const body = { kind: "request", request: request.id, place: { surface: "console", channel: "old" } };
  await owe(bench.store, id, body, "notices/console");
  await office.settled();
  expect(office.handed.at(-1)).toMatchObject({
    how: "edited",
    id: "m7",
    message: { nonce: id, lane: "notice", about: { id: request.id, state: "PENDING" } },
  });
  expect(await messageAt(bench.store, at)).toEqual({
    ref: at,
    subject: { kind: "request", request: request.id },
    notice: id,
  });
});

it("an answer that was owed arrives with its files, for whom it was meant, ahead of notices", async () => {
  const store = scratchStore();
  const office = openPostOffice(store, "slack", policy());
  const audience = { surface: "slack", id: "U1", tenant: "T1" };
  await owe(store, "answer:slack:T1:U1:E1", { kind: "answer", place, card, files: [file], audience });
  await office.settled();
  const [{ message } = { message: undefined }] = office.handed;
  expect(message).toMatchObject({ card, lane: "reply", audience, nonce: "answer:slack:T1:U1:E1" });
  expect(message?.files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([
    ["lines.txt", "AAA"],
  ]);
  expect(await readMessage(store, "answer:slack:T1:U1:E1")).toMatchObject({
    subject: { kind: "answer", invocation: "slack:T1:U1:E1" },
  });
});

it("what is lost of an answer that was owed is said", async () => {
  const store = scratchStore();
  const office = openPostOffice(store, "slack", policy());
  await owe(store, "answer:i", { kind: "answer", place, card, files: [] });
  await office.settled();
  expect(office.handed[0]?.message.card.blocks).toEqual([
    { kind: "text", text: "lines.txt: its file was lost on the way. Ask again for it." },
  ]);
});

it("a trouble that was told is told as over in the message that told it", async () => {
  const store = scratchStore();
  const office = openPostOffice(store, "slack", policy());
  const since = 1_700_000_000_000;
  // The id that the release before made of slack/token, since, slack and C1.
  const id = "trouble:c033d2e9202f7a977523d64833035a33";
  const said: Card = { tone: "bad", title: "Wardroom has trouble with Slack", blocks: [] };
  await owe(store, id, { kind: "answer", place, card: said });
  await office.settled();
  expect(office.handed[0]?.message).toMatchObject({ card: said, lane: "notice", nonce: id });
  expect(await readMessage(store, id)).toMatchObject({ subject: undefined });
  const value = { since, what: "It was revoked.", remedy: "Set another.", surface: "slack", places: [place] };
  await store.commit({ id: "before", put: [{ key: "trouble/slack/token", value }] });
  const same = { id: "slack/token", what: value.what, remedy: value.remedy, surface: "slack", surfaceName: "Slack" };
  expect(await raiseTrouble(store, same, [place])).toBe(false);
  expect(await clearTrouble(store, "slack/token")).toBe(true);
  await office.settled();
  expect(office.handed[1]).toMatchObject({
    how: "edited",
    id: "m1",
    message: { card: { tone: "good", summary: "It was: It was revoked." } },
  });
});

it("an invocation and its answer are read, and so are the alerts that its message shows", async () => {
  const store = scratchStore();
  const key = "slack:T1:U1:E1";
  const before = {
    format: 1,
    key,
    account: { surface: "slack", id: "U1", tenant: "T1" },
    place,
    ask: { kind: "text", text: "alerts" },
    acceptedAt: 1_000_000,
  };
  const answer = { card, private: false, nonce: `answer:${key}`, alerts: ["a1", "b2"] };
  const copy = { card, private: false, nonce: `request:${"ab".repeat(16)}:0123456789abcdef` };
  const value = { surface: "slack", channel: "C1", id: "1.1" };
  await store.commit({
    id: "before",
    put: [
      { key: `invocation/${key}`, value: { ...before, answer }, index: { at: "0000000001000000" } },
      { key: "invocation/open", value: before, index: { at: "0000000001000000", open: "0000000001000000" } },
      { key: "invocation/copy", value: { ...before, answer: copy }, index: { at: "0000000001000000" } },
      { key: `message/answer:${key}`, value, index: index("slack:C1:1.1") },
    ],
  });
  const { ask, ...rest } = before;
  const { nonce: _, ...given } = answer;
  const subject = { kind: "answer", invocation: key };
  expect((await readInvocation(store, key))?.record).toEqual({
    ...rest,
    format: 2,
    content: ask,
    answer: { ...given, subject },
  });
  expect((await readInvocation(store, "open"))?.record.answer).toBeUndefined();
  expect((await readInvocation(store, "copy"))?.record.answer?.subject).toEqual({
    kind: "request",
    request: "ab".repeat(16),
  });
  expect(await alertsAt(store, { surface: "slack", channel: "C1", id: "1.1" })).toEqual(["a1", "b2"]);
});

it("a question from a terminal that nobody answered is known as one to which nothing can be owed", async () => {
  const store = scratchStore();
  const key = "terminal::ana:E9";
  const value = {
    format: 1,
    key,
    account: { surface: "terminal", id: "ana" },
    place: { surface: "terminal", channel: "terminal" },
    ask: { kind: "text", text: "status" },
    acceptedAt: 1_000_000,
  };
  await store.commit({ id: "before", put: [{ key: `invocation/${key}`, value, index: { at: "1", open: "1" } }] });
  expect((await readInvocation(store, key))?.record.place).toMatchObject({ surface: "terminal", passing: true });
});
