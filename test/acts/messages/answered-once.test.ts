import { expect, it } from "vitest";
import { acceptInvocation } from "../../../src/acts/messages/accept-invocation.ts";
import { answerInvocation } from "../../../src/acts/messages/answer-invocation.ts";
import { recordPlaceholder, recordSent } from "../../../src/acts/messages/record-sent.ts";
import { requestAt } from "../../../src/reads/shown-at.ts";
import { answeredEntry } from "../../fakes/journal-entry.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";
import { place } from "../stage.ts";

// A delivery whose process died before it was answered is run again: what it did is done once, and told as done.

it("a request's card in its placeholder's place is known as the request's", async () => {
  const store = scratchStore();
  const [id, ref] = ["ab".repeat(16), { ...place, id: "1.1" }];
  const { record, revision } = await acceptInvocation(store, {
    key: "slack:T1:U1:E1",
    account: { surface: "slack", id: "U1" },
    place,
    content: { kind: "text", text: "flatten alphapulse" },
    question: false,
  });
  await recordPlaceholder(store, record, ref);
  const now = await store.now();
  const answered = await answerInvocation(store, record, {
    answer: {
      card: { tone: "warning", title: "Flatten", blocks: [] },
      files: [],
      private: false,
      subject: { kind: "request", request: id },
    },
    journal: answeredEntry(now),
    now,
    sendsItself: true,
    question: false,
    revision,
  });
  if (answered?.owed) await recordSent(store, answered.owed, { ref, subject: answered.subject });
  expect(await requestAt(store, ref)).toBe(id);
});

it("who was too slow to answer, so that another process did, answers nothing more", async () => {
  const store = scratchStore();
  const { record, revision } = await acceptInvocation(store, {
    key: "slack:T1:U1:E2",
    account: { surface: "slack", id: "U1" },
    place,
    content: { kind: "text", text: "status" },
    question: true,
  });
  const now = await store.now();
  const answer = async (title: string) =>
    answerInvocation(store, record, {
      answer: { card: { tone: "good", title, blocks: [] }, files: [], private: true },
      journal: answeredEntry(now),
      now,
      sendsItself: true,
      question: true,
      revision,
    });
  expect(await answer("by the other")).toMatchObject({ card: { title: "by the other" } });
  const { seq } = await store.head();
  expect(await answer("too late")).toBeUndefined();
  expect((await store.head()).seq).toBe(seq);
});
