import { expect, it } from "vitest";
import { clearTrouble, raiseTrouble } from "../../../src/acts/messages/tell-trouble.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { openPostOffice } from "../../fakes/post-office.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";

const places = [{ surface: "console", channel: "operators" }];
const trouble = {
  id: "slack/token",
  surface: "slack",
  surfaceName: "Slack",
  what: "The token was revoked.",
  remedy: "Set another.",
};

it("a trouble that the release before put on record, without the name of its surface, is over like any other", async () => {
  const store = scratchStore();
  const office = openPostOffice(store, "console", policy());
  const value = { since: 1, what: "The token was revoked.", remedy: "Set another.", surface: "slack", places };
  await store.commit({ id: "before", put: [{ key: "trouble/slack/token", value }] });
  expect(await clearTrouble(store, "slack/token")).toBe(true);
  await office.settled();
  expect(office.handed).toMatchObject([
    { channel: "operators", message: { card: { title: "Wardroom's trouble with slack is over" } } },
  ]);
});

it("a message tells the trouble that it was sent for, also when the same has come back before it was brought up to date", async () => {
  const clock = { now: 1_000_000 };
  const store = scratchStore(clock);
  const office = openPostOffice(store, "console", policy());
  let open = (): void => {};
  await raiseTrouble(store, trouble, places);
  await office.settled();
  const held = new Promise<void>((resolve) => {
    open = resolve;
  });
  office.before = () => held;
  clock.now += 1_000;
  await clearTrouble(store, trouble.id);
  clock.now += 1_000;
  expect(await raiseTrouble(store, { ...trouble, what: "It was revoked again." }, places)).toBe(true);
  open();
  await office.settled();
  const shown = new Map(office.handed.map(({ id, message: { card } }) => [id, `${card.tone}: ${card.summary ?? ""}`]));
  expect([...shown.values()].toSorted()).toEqual([
    "bad: It was revoked again.",
    "good: It was: The token was revoked.",
  ]);
});

it("in other words it is the same message", async () => {
  const store = scratchStore();
  const office = openPostOffice(store, "console", policy());
  await raiseTrouble(store, trouble, places);
  await office.settled();
  await raiseTrouble(store, { ...trouble, remedy: "Ask Chen." }, places);
  await office.settled();
  expect(office.handed.map(({ how, id }) => [how, id])).toEqual([
    ["posted", "m1"],
    ["edited", "m1"],
  ]);
});
