import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Pacer } from "../../../src/bot/chat/pacing.ts";
import { discordInChannel } from "../../../src/bot/discord/rate-limits.ts";
import { Buckets } from "../../fakes/discord/buckets.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("a channel takes all that is posted to it at once after a quiet time, without one refusal, and a reply need not wait for the notices", async () => {
  const pacer = new Pacer(() => Date.now());
  const buckets = new Buckets();
  const answers: (object | undefined)[] = [];
  const began = Date.now();
  const post = (lane: "notice" | "reply", at: number[] = []) =>
    pacer.run({
      lane,
      buckets: { channel: discordInChannel },
      work: async () => {
        answers.push(buckets.take("POST", "/channels/900000000000000003/messages", Date.now()).refused);
        at.push(Date.now() - began);
      },
    });
  const notices = Array.from({ length: 30 }, () => post("notice"));
  const replied: number[] = [];
  const reply = post("reply", replied);
  await vi.advanceTimersByTimeAsync(60_000);
  await Promise.all([...notices, reply]);
  expect(answers.filter((refused) => refused !== undefined)).toEqual([]);
  expect(answers).toHaveLength(31);
  expect(replied).toEqual([0]);
});
