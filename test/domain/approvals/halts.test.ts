import { expect, it } from "vitest";
import { halts } from "../../../src/domain/approvals/halts.ts";
import type { Sealed } from "../../../src/domain/approvals/request.ts";
import { flattenPlan } from "./request-fixtures.ts";

const inPart = { ...flattenPlan, targets: ["service/feed"] };

it.each<[string, boolean, Pick<Sealed, "permission" | "direction" | "risk">, Sealed["plan"]?]>([
  ["an emergency stop", true, { permission: "stop", direction: "reduces", risk: "change" }],
  ["the stop of one service", true, { permission: "stop", direction: "reduces", risk: "change" }, inPart],
  ["a close-out", true, { permission: "ask", direction: "reduces", risk: "destructive" }],
  ["a restore", true, { permission: "ask", direction: "neutral", risk: "destructive" }],
  ["what destroys in one part", true, { permission: "ask", direction: "neutral", risk: "destructive" }, inPart],
  ["a pause of the whole system", true, { permission: "ask", direction: "neutral", risk: "change" }],
  ["a restart of one service", false, { permission: "ask", direction: "neutral", risk: "change" }, inPart],
  ["a reset", false, { permission: "ask", direction: "increases", risk: "destructive" }],
  ["a restart that may revive", false, { permission: "ask", direction: "increases", risk: "change" }],
])("after %s what may revive the system is decided anew: %s", (_what, anew, of, plan = flattenPlan) => {
  expect(halts({ ...of, plan })).toBe(anew);
});
