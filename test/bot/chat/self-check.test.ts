import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SelfCheck } from "../../../src/bot/chat/self-check.ts";
import { FakeChat } from "../../fakes/chat.ts";
import { quiet } from "../../stories/room.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function bench() {
  const chat = new FakeChat("slack");
  return { chat, check: new SelfCheck({ courier: chat, channel: "C1", log: quiet }) };
}

it("keeps one message, edits it every minute, and hears as long as the platform tells of it", async () => {
  const { chat, check } = bench();
  check.start();
  for (let minute = 0; minute < 10; minute += 1) {
    await vi.advanceTimersByTimeAsync(60_000);
    check.saw(chat.messages[0]?.ref.id ?? "");
    expect(check.deaf()).toBeUndefined();
  }
  expect(chat.messages).toHaveLength(1);
  expect(chat.messages[0]?.edits).toBeGreaterThan(9);
  check.stop();
});

it("is deaf when nothing is told of it, or only of other messages, and hears again", async () => {
  const { chat, check } = bench();
  check.start();
  await vi.advanceTimersByTimeAsync(149_000);
  expect(check.deaf()).toBeUndefined();
  check.saw("another message");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(check.deaf()).toContain("nothing was told of the bot's own message for 151 s");
  check.saw(chat.messages[0]?.ref.id ?? "");
  expect(check.deaf()).toBeUndefined();
  check.stop();
});

it("among others that take a part of what is told, is deaf only after long, and whatever it is told counts", async () => {
  const { check } = bench();
  check.start();
  await vi.advanceTimersByTimeAsync(14 * 60_000);
  expect([check.deaf({ shared: true }), check.deaf()]).toEqual([undefined, expect.stringContaining("for 840 s")]);
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(check.deaf({ shared: true })).toContain("for 960 s");
  check.heard();
  expect(check.deaf({ shared: true })).toBeUndefined();
  check.stop();
});

it("goes on when the platform fails for a while", async () => {
  const { chat, check } = bench();
  chat.failing = new Error("down");
  check.start();
  await vi.advanceTimersByTimeAsync(200_000);
  expect(check.deaf()).toBeDefined();
  chat.failing = undefined;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(chat.messages).toHaveLength(1);
  check.stop();
});
