import { expect, it } from "vitest";
import { storeButtons } from "../../../src/acts/messages/store-buttons.ts";
import type { Card } from "../../../src/domain/messages/card.ts";
import { readButton } from "../../../src/records/button.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";

const subject = { kind: "trouble", trouble: "slack/token", since: 1 } as const;
const action = { label: "Silence", command: "silence", args: { alert: "a1" }, ask: ["for"] };
const cardOf = (summary: string, actions: Card["actions"] = [action]): Card => ({
  tone: "bad",
  title: "It hangs",
  summary,
  blocks: [],
  ...(actions && { actions }),
});
const idsOf = ({ actions = [] }: Card) => actions.map(({ id }) => id ?? "");

it("a card that is brought up to date a thousand times leaves one document a button, and it works", async () => {
  const store = scratchStore();
  const seen = new Set<string>();
  for (let edit = 0; edit < 1_000; edit += 1)
    for (const id of idsOf(await storeButtons(store, cardOf(`Edit ${edit}`), subject))) seen.add(id);
  expect(seen.size).toBe(1);
  expect(await store.list("button", "at")).toHaveLength(1);
  const [id = ""] = seen;
  expect(await readButton(store, id)).toMatchObject({ command: "silence", args: { alert: "a1" }, ask: ["for"] });
});

it("another action, another subject, and the same action twice in one card have ids of their own", async () => {
  const store = scratchStore();
  const twice = idsOf(await storeButtons(store, cardOf("", [action, action, { ...action, label: "Ack" }]), subject));
  const other = idsOf(await storeButtons(store, cardOf(""), { ...subject, since: 2 }));
  const more = idsOf(await storeButtons(store, cardOf("", [{ ...action, args: { alert: "a2" } }]), subject));
  expect(new Set([...twice, ...other, ...more]).size).toBe(5);
});

it("a button that was given its id before keeps it", async () => {
  const store = scratchStore();
  const card = cardOf("", [{ ...action, id: "ab".repeat(16) }]);
  expect(await storeButtons(store, card, subject)).toEqual(card);
  expect(await store.list("button", "at")).toEqual([]);
});

it("a button that was forgotten meanwhile works again once its card is made again", async () => {
  const store = scratchStore();
  const [id = ""] = idsOf(await storeButtons(store, cardOf(""), subject));
  await store.commit({ id: "forget", remove: [`button/${id}`] });
  await storeButtons(store, cardOf(""), subject);
  expect(await readButton(store, id)).toMatchObject({ command: "silence" });
});
