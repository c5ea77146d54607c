import { expect, it } from "vitest";
import { askingOutlook, unplannedOutlook } from "../../../src/domain/approvals/outlook.ts";
import { policy } from "./request-fixtures.ts";

const asked = { system: "alphapulse", operation: "flatten", direction: "reduces" } as const;

it("says who would have to agree, and who could, never the one who asks", () => {
  expect(askingOutlook({ ...asked, risk: "destructive", requester: "chen" }, policy())).toEqual({
    asks: "people",
    tier: "critical",
    need: "1 approver or 1 lead",
    able: ["boris"],
    enough: true,
  });
});

it("says that nobody could, before it is asked for", () => {
  const alone = policy({ people: policy().people.filter(({ id }) => id === "ana" || id === "chen") });
  expect(askingOutlook({ ...asked, risk: "destructive", requester: "chen" }, alone)).toMatchObject({
    able: [],
    enough: false,
  });
});

it("says that nobody has to, or that no rule lets it be asked for", () => {
  expect(askingOutlook({ ...asked, risk: "change", requester: "ana" }, policy())).toEqual({ asks: "nobody" });
  expect(askingOutlook({ ...asked, risk: "change", requester: "ana" }, policy({ rules: [] }))).toMatchObject({
    asks: "refused",
    why: "No rule says who must approve flatten on alphapulse, so it cannot be asked for.",
  });
});

it("says that it may take nobody where only its arguments tell how grave it is", () => {
  const unplanned = { system: "alphapulse", operation: "flatten", requester: "ana" };
  const grave = { risk: "destructive", direction: "reduces" } as const;
  expect(unplannedOutlook(unplanned, { ...grave, destructiveWhen: "n == 0" }, policy())).toMatchObject({
    asks: "people",
    orNobody: true,
  });
  expect(unplannedOutlook(unplanned, grave, policy())).not.toHaveProperty("orNobody");
});
