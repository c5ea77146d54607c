import { expect, it, vi } from "vitest";
import { acceptInvocation } from "../../src/acts/messages/accept-invocation.ts";
import { sortable } from "../../src/domain/store.ts";
import { invocationKey, readInvocation } from "../../src/records/invocation.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const account = { surface: "console", id: "ana" } as const;
const restart = 'run alphapulse restart-service service:data-feed reason:"it hangs since noon"';
const patience = { timeout: 60_000 };

/** A process accepts what somebody types, and dies before it answers. Another is started so much later. */
async function left(room: Room, text: string, laterMs: number): Promise<void> {
  await acceptInvocation(room.bot().store, {
    key: invocationKey(account, "typed-at-noon"),
    account,
    place: { surface: "console", channel: "ops" },
    content: { kind: "text", text },
    question: false,
  });
  room.clock.aheadMs += laterMs;
  await room.restart();
  await vi.waitFor(() => expect(room.chat.messages.length).toBeGreaterThan(0), patience);
}

const answers = (room: Room) =>
  room.chat.messages.map(({ content }) => `${content.card.title} ${content.card.summary}`);

it("a change whose process died is not carried out hours later: it is told as not done, and is on record", async () => {
  const room = await openRoom();
  await left(room, restart, 6 * 3_600_000);
  expect(answers(room)).toEqual([expect.stringContaining("It was not done")]);
  expect(await room.bot().store.list("request", "openedAt")).toEqual([]);
  expect(room.demo.alphapulse.effects()).toEqual([]);
  const entries = (await room.bot().store.journal({ limit: 50 })).flatMap((link) => link.entries);
  expect(entries.filter(({ kind }) => kind === "invocation")).toMatchObject([{ command: "run", outcome: "refused" }]);
});

it("a change whose process died is carried out within a minute", async () => {
  const room = await openRoom();
  await left(room, restart, 20_000);
  await vi.waitFor(() => expect(room.demo.alphapulse.effects()).toHaveLength(1), patience);
});

it("what a process had done before it died is told as done, however late, and done no second time", async () => {
  const room = await openRoom();
  const asked = cardOf(await room.says("ana", 'flatten alphapulse reason:"the exchange is halting"'));
  const { store } = room.bot();
  const [document] = await store.list("invocation", "at");
  const { key = "" } = document ?? {};
  const { answer: _, ...open } = Object(document?.value);
  // Indexed by when it was accepted: what is older than is kept would be tidied away.
  const at = sortable(open.acceptedAt);
  await store.commit({ id: "unanswered", put: [{ key, value: open, index: { at, open: at } }] });
  room.clock.aheadMs += 120_000;
  await room.bot().pipeline.resume(key.slice("invocation/".length));
  const answered = await readInvocation(store, key.slice("invocation/".length));
  expect(answered?.record.answer?.card.footer).toContain(codeOf(asked));
  expect(await store.list("request", "openedAt")).toHaveLength(1);
});

it("a question is answered however late", async () => {
  const room = await openRoom();
  await left(room, "portfolio alphapulse", 6 * 3_600_000);
  expect(answers(room).join(" ")).toContain("AlphaPulse");
});
