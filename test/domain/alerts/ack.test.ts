import { expect, it } from "vitest";
import { type Ack, isStillGiven } from "../../../src/domain/alerts/ack.ts";

const hour = 3_600_000;
const at = 1_795_262_400_000;
const ack: Ack = {
  code: "1f0c9a2e",
  system: "trader",
  summary: "Stopped",
  by: { person: "ana", name: "Ana", account: "slack:U1" },
  at,
};

it.each([
  [true, "began before it was given", at - hour, at + hour],
  [true, "began when it was given", at, at + 100 * hour],
  [true, "stopped and began again at once, which is the same trouble", at + 120_000, at + hour],
  [false, "was over and began again", at + 120_001, at + hour],
  [true, "tells no time, and the acknowledgement is young", undefined, at + 12 * hour - 1],
  [false, "tells no time, and the acknowledgement is old", undefined, at + 12 * hour],
])("an acknowledgement holds is %s for an alert that %s", (holds, _what, since, now) => {
  expect(isStillGiven(ack, since === undefined ? {} : { since }, now)).toBe(holds);
});
