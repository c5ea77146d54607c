import { expect, it } from "vitest";
import { tidyAcks } from "../../../src/acts/alerts/tidy-acks.ts";
import { acceptInvocation } from "../../../src/acts/messages/accept-invocation.ts";
import { recordPlaceholder } from "../../../src/acts/messages/record-sent.ts";
import { clearTrouble, raiseTrouble } from "../../../src/acts/messages/tell-trouble.ts";
import {
  tidyButtons,
  tidyFiles,
  tidyInvocations,
  tidyMessages,
  tidyTroubles,
} from "../../../src/acts/messages/tidy.ts";
import { adoptPolicy } from "../../../src/acts/people/adopt-policy.ts";
import { claimLink } from "../../../src/acts/people/claim-link.ts";
import { offerLink } from "../../../src/acts/people/offer-link.ts";
import { tidyLinks } from "../../../src/acts/people/tidy-links.ts";
import { removeOld } from "../../../src/acts/remove-old.ts";
import { type Put, type Store, sortable } from "../../../src/domain/store.ts";
import { putButton } from "../../../src/records/button.ts";
import { putFiles } from "../../../src/records/kept-files.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";

const hour = 3_600_000;
const day = 24 * hour;
const place = { surface: "slack", channel: "C1" };
const commit = (store: Store, put: readonly Put[]) => store.commit({ id: crypto.randomUUID(), put });

const file = { name: "a", mediaType: "b", bytes: new Uint8Array(1) };
const kinds = {
  "an invocation": {
    tidy: tidyInvocations,
    ageMs: 1.5 * day,
    put: (at: number): Put[] => [{ key: "invocation/i", value: {}, index: { at: sortable(at) } }],
  },
  "a button": {
    tidy: tidyButtons,
    ageMs: 30 * day,
    put: (at: number) => [putButton("b", { command: "help", args: {} }, at)],
  },
  files: { tidy: tidyFiles, ageMs: 2 * day, put: (at: number) => putFiles("i", [file], at) },
  "an acknowledgement": {
    tidy: tidyAcks,
    ageMs: 30 * day,
    put: (at: number): Put[] => [{ key: "ack/a", value: {}, index: { at: sortable(at) } }],
  },
};

it.each(Object.entries(kinds))(
  "%s: gone when its time is over, and not before",
  async (_what, { tidy, ageMs, put }) => {
    const clock = { now: 100 * day };
    const store = scratchStore(clock);
    const kept = put(clock.now);
    await commit(store, kept);
    clock.now += ageMs;
    expect(await tidy(store)).toBe(0);
    clock.now += 1;
    expect(await tidy(store)).toBe(1);
    expect(await store.read(kept.map(({ key }) => key))).toEqual([undefined]);
  },
);

it("where a message stands is forgotten a month after it was last sent, also one of the release before", async () => {
  const clock = { now: 100 * day };
  const store = scratchStore(clock);
  const account = { surface: "slack", id: "U1" };
  const content = { kind: "text", text: "status" } as const;
  const { record } = await acceptInvocation(store, { key: "i", account, place, content, question: true });
  await recordPlaceholder(store, record, { ...place, id: "1.1" });
  const value = { ...place, id: "1.2" };
  await commit(store, [{ key: "message/answer:old", value, index: { ref: "slack:C1:1.2", at: sortable(clock.now) } }]);
  clock.now += 29 * day;
  await recordPlaceholder(store, record, { ...place, id: "1.1" });
  clock.now += day + 1;
  expect(await tidyMessages(store)).toBe(1);
  clock.now += 29 * day;
  expect(await tidyMessages(store)).toBe(1);
});

it("a trouble goes when it has long been over, and never while it lasts", async () => {
  const clock = { now: 100 * day };
  const store = scratchStore(clock);
  const trouble = { id: "t", surface: "slack", surfaceName: "Slack", what: "Off.", remedy: "On." };
  await raiseTrouble(store, trouble, [place]);
  clock.now += 90 * day;
  expect(await tidyTroubles(store)).toBe(0);
  await clearTrouble(store, "t");
  clock.now += 30 * day + 1;
  expect(await tidyTroubles(store)).toBe(1);
});

it("codes and claims of accounts go when their time is over, and none that can still be used", async () => {
  const clock = { now: 100 * day };
  const store = scratchStore(clock);
  await adoptPolicy(store, policy(), { how: "first" });
  const code = await offerLink(store, { surface: "slack", id: "U9" });
  const who = { person: "ana", name: "Ana", account: "slack:U1" };
  await claimLink(store, { code, place }, { ...who, invocation: "i" });
  await offerLink(store, { surface: "slack", id: "U8" });
  const left = async () =>
    Promise.all(
      ["link-offer", "link-code", "link-claim"].map(async (kind) => (await store.list(kind, "until")).length),
    );
  expect([await tidyLinks(store), await left()]).toEqual([0, [1, 1, 1]]);
  clock.now += 10 * 60_000 + 1;
  expect([await tidyLinks(store), await left()]).toEqual([2, [0, 0, 1]]);
  clock.now += hour;
  expect([await tidyLinks(store), await left()]).toEqual([1, [0, 0, 0]]);
});

it("what somebody has written anew meanwhile stays", async () => {
  const store = scratchStore({ now: 100 * day });
  const old = (at: number): Put => ({ key: "button/b", value: { at }, index: { at: sortable(at) } });
  await commit(store, [old(1)]);
  const list = store.list.bind(store);
  store.list = async (...asked) => {
    const found = await list(...asked);
    if (found.length > 0) await commit(store, [old(99 * day)]);
    return found;
  };
  expect(await removeOld(store, "button", "at", 50 * day)).toBe(0);
  expect(await store.read(["button/b"])).toMatchObject([{ value: { at: 99 * day } }]);
});
