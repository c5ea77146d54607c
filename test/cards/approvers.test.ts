import { describe, expect, it } from "vitest";
import { requestCard } from "../../src/cards/request.ts";
import { requestsCard } from "../../src/cards/requests.ts";
import type { Card } from "../../src/domain/messages/card.ts";
import type { Policy } from "../../src/domain/people/policy.ts";
import { withTheirApprovers } from "../../src/reads/requests.ts";
import { shownRequest } from "../../src/reads/shown-request.ts";
import { openRequests, type ReadRequest } from "../../src/records/request.ts";
import { type Bench, createBench } from "../acts/approvals/request-bench.ts";
import { people, person, policy } from "../domain/approvals/request-fixtures.ts";

const ops = { surface: "console", channel: "ops" };

function fieldOf({ blocks }: Card): string | undefined {
  const fields = blocks.flatMap((block) => (block.kind === "fields" ? block.fields : []));
  return fields.find(({ name }) => name === "Can say yes")?.value;
}

async function named(bench: Bench, asked: Pick<ReadRequest, "request">): Promise<string | undefined> {
  return fieldOf(requestCard(await shownRequest(bench.store, await bench.now(asked))));
}

/** The last cell of the row of the only request that is open. */
async function inList(bench: Bench, rules: Policy): Promise<unknown> {
  const viewer = { person: undefined, place: ops, policy: rules };
  const { blocks } = requestsCard(withTheirApprovers(await openRequests(bench.store), viewer), bench.clock.now);
  return blocks.flatMap((block) => (block.kind === "table" ? block.rows : [])).map((row) => row.at(-1))[0];
}

/** Both is asked for, so that one yes leaves the other to be given. */
const both = (changes: Partial<Policy> = {}): Policy => {
  const rules = policy(changes);
  const alternatives = [
    [
      { role: "approver", count: 1 },
      { role: "lead", count: 1 },
    ],
  ];
  return {
    ...rules,
    tiers: rules.tiers.map((tier) => (tier.alternatives.length > 0 ? { ...tier, alternatives } : tier)),
  };
};

describe("who can say yes", () => {
  it("is named on the card of what waits, without whoever asked or said it, and no longer once nobody has to", async () => {
    const rules = both();
    const bench = await createBench(rules);
    const asked = await bench.ask("ana");
    expect(await named(bench, asked)).toBe("boris, chen");
    expect(await inList(bench, rules)).toBe("boris, chen");
    await bench.decide("approve", "boris", asked);
    expect(await named(bench, asked)).toBe("chen");
    await bench.decide("withdraw", "boris", asked);
    expect(await named(bench, asked)).toBe("boris, chen");
    for (const each of ["boris", "chen"]) await bench.decide("approve", each, asked);
    expect(await named(bench, asked)).toBeUndefined();
    expect(await inList(bench, rules)).toBe("");
  });

  it("is a few names and how many more", async () => {
    const rules = policy({ people: [...people, ...["eve", "finn", "gus", "hal"].map((id) => person(id, "approver"))] });
    const bench = await createBench(rules);
    expect(await named(bench, await bench.ask("ana"))).toBe("boris, chen, eve, finn and 2 more");
    expect(await inList(bench, rules)).toBe("boris, chen and 4 more");
  });

  it("is told where it is nobody, or not enough, with where that is explained", async () => {
    const [ana, boris, chen, ...rest] = people;
    if (!ana || !boris || !chen) throw new Error("the fixture lacks people");
    const lonely = await createBench(both({ people: [ana, boris, ...rest] }));
    const asked = await lonely.ask("ana");
    expect(await named(lonely, asked)).toBe(`boris, who are NOT ENOUGH: confirm who ${asked.request.code}`);
    const alone = await createBench(policy({ people: [ana, ...rest] }));
    const waiting = await alone.ask("ana");
    expect(await named(alone, waiting)).toBe(`NOBODY can as things stand: confirm who ${waiting.request.code}`);
  });

  it("may be others, where a group of a platform gives the role", async () => {
    const [ana, ...rest] = people.filter(({ grants }) => !grants.some(({ role }) => role === "lead"));
    if (!ana) throw new Error("the fixture lacks people");
    const group = { surface: "slack", group: "S1", role: "lead", systems: "*" } as const;
    const bench = await createBench(both({ people: [ana, ...rest], groups: [group] }));
    expect(await named(bench, await bench.ask("ana"))).toBe("boris, and members of a group");
    const elsewhere = { ...group, systems: ["prsm"] };
    const other = await createBench(both({ people: [ana, ...rest], groups: [elsewhere] }));
    expect(await named(other, await other.ask("ana"))).toMatch(/^boris, who are NOT ENOUGH/);
  });

  it("is not told by other rules than those that the request was asked under", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    await bench.adopt({ ...policy(), revision: "r2" });
    expect(await named(bench, asked)).toBeUndefined();
  });
});
