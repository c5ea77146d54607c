import { describe, expect, it } from "vitest";
import { claimRun } from "../../../src/acts/approvals/claim-run.ts";
import type { Person } from "../../../src/domain/people/person.ts";
import { people, person, policy } from "../../domain/approvals/request-fixtures.ts";
import { type Bench, createBench } from "./request-bench.ts";

/** A person whose rights hold in one channel alone. */
function only(id: string, role: string, channel: string): Person {
  return { ...person(id, role), grants: [{ role, systems: "*", channels: [channel] }] };
}

function instead(...changed: readonly Person[]): Person[] {
  return people.map((each) => changed.find(({ id }) => id === each.id) ?? each);
}

const everything = ["read", "ask", "approve", "stop", "audit"] as const;
const between = { surface: "console", channel: "D1", direct: true } as const;
const claim = (bench: Bench, id: string) =>
  claimRun(bench.store, { id, owner: "w", check: { drift: [] }, directory: bench.directory });

describe("a grant for one channel", () => {
  it("does not carry what was asked between two to its run", async () => {
    const bench = await createBench(
      policy({ people: instead(only("ana", "operator", "ops")), direct: { allow: [...everything] } }),
    );
    const asked = await bench.ask("ana", {}, between);
    await bench.decide("approve", "boris", asked);
    expect(await claim(bench, asked.request.id)).toMatchObject({ claimed: false, next: "over" });
    expect((await bench.now(asked)).request).toMatchObject({
      state: "INVALIDATED",
      why: expect.stringContaining("may no longer ask for this"),
    });
  });

  it("carries what was asked in that channel", async () => {
    const bench = await createBench(policy({ people: instead(only("ana", "operator", "ops")) }));
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked);
    expect(await claim(bench, asked.request.id)).toMatchObject({ claimed: true });
  });

  it.each(["approve", "deny"] as const)("does not %s in another channel, nor between two", async (verb) => {
    const bench = await createBench(
      policy({ people: instead(only("boris", "approver", "trading")), direct: { allow: [...everything] } }),
    );
    const asked = await bench.ask("ana");
    await expect(bench.decide(verb, "boris", asked)).rejects.toThrow("boris may not decide on alphapulse");
    await expect(bench.decide(verb, "boris", asked, { place: between })).rejects.toThrow("boris may not decide");
    expect((await bench.now(asked)).request).toMatchObject({ state: "PENDING", decisions: [] });
    await bench.decide(verb, "boris", asked, { channel: "trading" });
    expect((await bench.now(asked)).request.state).not.toBe("PENDING");
  });
});
