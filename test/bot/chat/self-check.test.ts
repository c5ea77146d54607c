import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SelfCheck } from "../../../src/bot/chat/self-check.ts";
import { createMeasurements } from "../../../src/ops/metrics.ts";
import { FakeChat } from "../../fakes/chat.ts";
import { quiet } from "../../stories/room.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function bench() {
  const chat = new FakeChat("slack");
  const measurements = createMeasurements();
  const check = new SelfCheck({ courier: chat, channel: "C1", log: quiet, meter: measurements.meter });
  /** The platform tells what the message is now. */
  const tell = () => check.saw(chat.messages[0]?.ref.id ?? "", chat.messages[0]?.content);
  return { chat, check, tell, text: () => measurements.text() };
}

it("keeps one message, edits it every minute, and hears as long as the platform tells of it", async () => {
  const { chat, check, tell } = bench();
  check.start();
  for (let minute = 0; minute < 10; minute += 1) {
    await vi.advanceTimersByTimeAsync(60_000);
    tell();
    expect([check.deaf(), check.late()]).toEqual([undefined, undefined]);
  }
  expect(chat.messages).toHaveLength(1);
  expect(chat.messages[0]?.edits).toBeGreaterThan(9);
  check.stop();
});

it("is deaf when nothing is told of it, or only of other messages, and hears again", async () => {
  const { check, tell } = bench();
  check.start();
  await vi.advanceTimersByTimeAsync(149_000);
  expect(check.deaf()).toBeUndefined();
  check.saw("another message", {});
  await vi.advanceTimersByTimeAsync(2_000);
  const words = "nothing was told of the bot's own message for 2.5 minutes";
  expect(check.deaf()).toBe(words);
  // What is told again and again while it lasts is one trouble.
  await vi.advanceTimersByTimeAsync(20_000);
  expect(check.deaf()).toBe(words);
  tell();
  expect(check.deaf()).toBeUndefined();
  check.stop();
});

it("measures how long its edits take to be seen, shows it, and is late once two in a row were", async () => {
  const { chat, check, tell, text } = bench();
  check.start();
  await vi.advanceTimersByTimeAsync(400);
  tell();
  expect(await text()).toContain('wardroom_canary_seconds_sum{surface="slack"} 0.4');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(chat.messages[0]?.content.card.summary).toContain("The one before was seen after 0.40 s.");
  await vi.advanceTimersByTimeAsync(16_000);
  tell();
  expect(check.late()).toBeUndefined();
  await vi.advanceTimersByTimeAsync(60_000);
  tell();
  expect(check.late()).toBe("the last edits of the bot's own message took more than 15 s");
  await vi.advanceTimersByTimeAsync(44_000);
  tell();
  expect(check.late()).toBeUndefined();
  check.stop();
});

it("an edit that is never seen is late, also where other things are told; among others only after long", async () => {
  const { check } = bench();
  check.start();
  await vi.advanceTimersByTimeAsync(151_000);
  check.heard();
  expect([check.deaf(), check.late({ shared: true })]).toEqual([undefined, undefined]);
  expect(check.late()).toBe("an edit of the bot's own message was last seen more than 2.5 minutes ago");
  await vi.advanceTimersByTimeAsync(15 * 60_000);
  expect(check.late({ shared: true })).toContain("more than 15 minutes ago");
  check.stop();
});

it("of edits that wait for the platform there is one at a time", async () => {
  const { chat, check } = bench();
  const { promise, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  const edit = chat.edit.bind(chat);
  chat.edit = async (...args) => {
    waiting += 1;
    await promise;
    return edit(...args);
  };
  check.start();
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(waiting).toBe(1);
  resolve();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(waiting).toBe(2);
  check.stop();
});

it("among others that take a part of what is told, is deaf only after long, and whatever it is told counts", async () => {
  const { check } = bench();
  check.start();
  await vi.advanceTimersByTimeAsync(14 * 60_000);
  expect([check.deaf({ shared: true }), check.deaf()]).toEqual([undefined, expect.stringContaining("for 2.5 minutes")]);
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(check.deaf({ shared: true })).toContain("for 15 minutes");
  check.heard();
  expect(check.deaf({ shared: true })).toBeUndefined();
  check.stop();
});

it("a platform that takes no message is late and not deaf, and is as before once it takes them again", async () => {
  const { chat, check, tell } = bench();
  chat.failing = new Error("down");
  check.start();
  await vi.advanceTimersByTimeAsync(200_000);
  expect(check.deaf()).toBeUndefined();
  expect(check.late()).toBe("the bot's own message could not be posted for 2.5 minutes");
  chat.failing = undefined;
  await vi.advanceTimersByTimeAsync(60_000);
  tell();
  expect(chat.messages).toHaveLength(1);
  expect([check.deaf(), check.late()]).toEqual([undefined, undefined]);
  check.stop();
});

it("edits that are refused are no deafness, however long; those that are taken and not told of are", async () => {
  const { chat, check, tell } = bench();
  check.start();
  await vi.advanceTimersByTimeAsync(0);
  tell();
  const edit = chat.edit.bind(chat);
  chat.edit = () => Promise.reject(new Error("503"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(check.late()).toBeUndefined();
  await vi.advanceTimersByTimeAsync(30 * 60_000);
  expect([check.deaf(), check.deaf({ shared: true })]).toEqual([undefined, undefined]);
  const words = "the bot's own message could not be edited for 2.5 minutes";
  expect([check.late(), check.late({ shared: true })]).toEqual([words, words]);
  chat.edit = edit;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(check.deaf()).toBeUndefined();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(check.deaf()).toContain("nothing was told");
  check.stop();
});
