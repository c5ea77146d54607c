import { expect, it } from "vitest";
import { type Occurrence, occurrenceStep, type ToldAlert } from "../../../src/domain/alerts/told-alert.ts";

const disk: ToldAlert = { fingerprint: "disk", event: "firing", labels: { alertname: "disk" }, annotations: {} };
const over: ToldAlert = { ...disk, event: "resolved" };
const sender = "probe";

function after(before: Occurrence | undefined, told: ToldAlert, now: number): Occurrence | undefined {
  return occurrenceStep(before, told, { sender, now }).after ?? before;
}

it("what is taken in later than it was told takes back nothing that was told since", () => {
  const first = after(undefined, disk, 2_000);
  const ended = after(first, over, 3_000);
  // As from quarantine: it was told before.
  expect(after(ended, disk, 1_000)).toMatchObject({ state: "resolved", startsAt: 2_000, at: 3_000 });
  const second = after(ended, disk, 5_000);
  expect(second).toMatchObject({ state: "firing", startsAt: 5_000 });
  expect(after(second, over, 4_000)).toEqual(second);
  expect(after(second, { ...disk, event: "acknowledged" }, 4_000)).toEqual(second);
});
