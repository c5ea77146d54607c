import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HearingWatch } from "../../../src/bot/chat/hearing-watch.ts";
import { createMeasurements } from "../../../src/ops/metrics.ts";
import { FakeChat } from "../../fakes/chat.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watch that looks once a second at a platform, which is deaf for `why`. */
function watched() {
  const state: { why: string | undefined; late: string | undefined; explained: boolean } = {
    why: undefined,
    late: undefined,
    explained: false,
  };
  const told = new Set<string>();
  const watch = new HearingWatch({
    surface: {
      courier: new FakeChat("slack"),
      directory: { standing: async () => ({ ok: true, groups: [] }) },
      start() {},
      stop: async () => {},
      deaf: () => state.why,
      late: () => state.late,
    },
    name: "Slack",
    troubles: {
      raise: ({ id }) => void told.add(id),
      clear: (id) => void told.delete(id),
      explains: () => state.explained,
    },
    meter: createMeasurements().meter,
  });
  const seconds = (count: number): void => {
    for (let second = 0; second < count; second += 1) {
      vi.advanceTimersByTime(1_000);
      watch.look();
    }
  };
  return { state, told: () => [...told], watch, seconds };
}

it("tells of a loss that lasts, and of its end; a hiccup is nothing to restart a process for", () => {
  const { state, told, watch, seconds } = watched();
  seconds(1);
  state.why = "no socket is open";
  seconds(15);
  expect([told(), watch.deaf()]).toEqual([[], undefined]);
  seconds(1);
  expect([told(), watch.deaf()]).toEqual([["deaf/slack"], "no socket is open"]);
  state.why = undefined;
  seconds(1);
  expect([told(), watch.deaf()]).toEqual([[], undefined]);
});

it("tells nothing of what a trouble explains already, and gives what is over a moment to be heard again", () => {
  const { state, told, seconds } = watched();
  Object.assign(state, { why: "Slack has not said yet who the bot is", explained: true });
  seconds(600);
  expect(told()).toEqual([]);
  state.explained = false;
  seconds(15);
  expect(told()).toEqual([]);
  seconds(1);
  expect(told()).toEqual(["deaf/slack"]);
});

it("is deaf from the start until it has heard once", () => {
  const { state, watch } = watched();
  state.why = "no socket is open";
  watch.look();
  expect(watch.deaf()).toBe("no socket is open");
});

it("tells of what is said and arrives late, and of its end; where nobody is heard, that alone", () => {
  const { state, told, watch, seconds } = watched();
  seconds(1);
  state.late = "the last edits took more than 15 s";
  seconds(1);
  expect([told(), watch.deaf()]).toEqual([["late/slack"], undefined]);
  state.late = undefined;
  seconds(1);
  expect(told()).toEqual([]);
  Object.assign(state, { why: "no socket is open", late: "an edit was last seen long ago" });
  seconds(60);
  expect(told()).toEqual(["deaf/slack"]);
});
