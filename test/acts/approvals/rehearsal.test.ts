import { describe, expect, it } from "vitest";
import { foresee, plan } from "../../../src/acts/approvals/plan.ts";
import type { PlannedStep } from "../../../src/domain/approvals/plan.ts";
import { Operation } from "../../../src/domain/systems/operation.ts";
import { planner } from "../../fakes/backends.ts";
import { systemWith } from "../../integrations/systems.ts";
import { ownSystems } from "../people/own-systems.ts";

const step = { id: "tell", title: "Tell them", kind: "note", backend: "note", spec: "It is done." };

function wanted(parts: object) {
  const operation = Operation.parse({ summary: "Tell", risk: "destructive", steps: [step], ...parts });
  return { system: systemWith({}), name: "tell", operation, arguments: {} };
}

/** Targets that take nothing, and what they were asked. */
function unwilling() {
  const asked: PlannedStep[] = [];
  const rehearsals = {
    async refusalOf(steps: readonly PlannedStep[]) {
      asked.push(...steps);
      const [first] = steps;
      return first && { step: first, why: "its Role lacks patch" };
    },
  };
  return { asked, ports: { ...ownSystems, planner, rehearsals } };
}

describe("what a target would not take", () => {
  it("is not planned, so that nobody is asked to approve it", async () => {
    const { asked, ports } = unwilling();
    await expect(plan(ports, wanted({}))).rejects.toThrow(/would not take this: Tell them: its Role lacks patch\.$/);
    expect(asked.map(({ id }) => id)).toEqual(["tell"]);
    expect(await foresee(ports, wanted({}))).toMatchObject({ comes: "refusal", why: /would not take this/ });
  });

  it("is not asked first of what is urgent", async () => {
    const { asked, ports } = unwilling();
    const urgent = { risk: "change", direction: "reduces", urgent: true };
    expect((await plan(ports, wanted(urgent))).plan.steps).toHaveLength(1);
    expect(asked).toEqual([]);
  });
});
