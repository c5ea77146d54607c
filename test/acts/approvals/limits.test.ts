import { describe, expect, it } from "vitest";
import { openRequests } from "../../../src/records/request.ts";
import { flattenPlan, people, person, policy } from "../../domain/approvals/request-fixtures.ts";
import { createBench } from "./request-bench.ts";

const minute = 60_000;

describe("asking others too often (B56)", () => {
  it("twelve at once leave five waiting, and seven are told why", async () => {
    const bench = await createBench();
    const asked = await Promise.allSettled(
      Array.from({ length: 12 }, (_, number) => bench.ask("ana", { operation: `flatten-${number}` })),
    );
    expect((await openRequests(bench.store)).found).toHaveLength(5);
    const refused = asked.flatMap((each) => (each.status === "rejected" ? [String(each.reason)] : []));
    expect(refused).toEqual(Array.from({ length: 7 }, () => expect.stringContaining("You have 5 requests waiting")));
  });

  it("three times no to one action lets it rest for half an hour, and says until when and who else may ask", async () => {
    const bench = await createBench(policy({ people: [...people, person("emil", "operator", ["guard"])] }));
    for (let round = 0; round < 3; round += 1)
      await bench.decide("deny", "boris", await bench.ask("ana", { arguments: { round } }));
    await expect(bench.ask("ana")).rejects.toMatchObject({
      message: "flatten on alphapulse was denied 3 times when you asked, so it rests.",
      remedy: expect.stringMatching(/^You may ask again at 00:46:40.*Others who may ask for it: chen\.$/),
    });
    // Another may ask for it, and she for another.
    await bench.decide("cancel", "chen", await bench.ask("chen"));
    await bench.decide("cancel", "ana", await bench.ask("ana", { operation: "restore" }));
    bench.clock.now += 30 * minute;
    expect((await bench.ask("ana")).request.state).toBe("PENDING");
  });

  it("asking and taking back in a loop is held after ten in ten minutes", async () => {
    const bench = await createBench();
    for (let round = 0; round < 10; round += 1) await bench.decide("cancel", "ana", await bench.ask("ana"));
    await expect(bench.ask("ana", { operation: "restore", direction: "neutral" })).rejects.toMatchObject({
      message: "You have asked for 10 things in 10 minutes that others have to decide.",
      remedy: expect.stringMatching(
        /^You may ask again at .* What reduces what can be lost, .* may be asked for now\./,
      ),
    });
    // In trouble what reduces what can be lost is asked for again and again.
    for (let round = 10; round < 30; round += 1) await bench.decide("cancel", "ana", await bench.ask("ana"));
    await expect(bench.ask("ana")).rejects.toThrow("You have asked for 30 things in 10 minutes");
    bench.clock.now += 10 * minute;
    expect((await bench.ask("ana")).request.state).toBe("PENDING");
  });

  it("what undoes what has not ended is asked for as often as what reduces what can be lost", async () => {
    const bench = await createBench();
    const neutral = { direction: "neutral" } as const;
    const inverse = { operation: "undeploy", arguments: { revision: 4 } };
    await bench.ask("chen", { ...neutral, operation: "deploy", plan: { ...flattenPlan, inverse } });
    for (let round = 0; round < 10; round += 1)
      await bench.decide("cancel", "ana", await bench.ask("ana", { ...neutral, operation: "restore" }));
    await expect(bench.ask("ana", { ...neutral, operation: "undeploy", arguments: { revision: 5 } })).rejects.toThrow(
      "You have asked for 10 things",
    );
    const undo = await bench.ask("ana", { ...neutral, operation: "undeploy", arguments: { revision: 4 } });
    expect(undo.request.state).toBe("PENDING");
  });

  it("what nobody has to decide is neither counted nor held, and what is urgent even less", async () => {
    const bench = await createBench();
    for (let number = 0; number < 5; number += 1) await bench.ask("chen", { operation: `flatten-${number}` });
    const change = { risk: "change", direction: "neutral" } as const;
    for (let number = 0; number < 12; number += 1)
      await bench.ask("chen", { ...change, operation: `restart-${number}` });
    const stop = { operation: "stop", risk: "change", direction: "reduces", permission: "stop", urgent: true } as const;
    for (let number = 0; number < 12; number += 1) {
      const { request } = await bench.ask("chen", stop);
      expect(request.state).toBe("APPROVED");
    }
  });

  it("the same asking again is not one more", async () => {
    const bench = await createBench();
    for (let round = 0; round < 15; round += 1) await bench.ask("ana");
    expect((await openRequests(bench.store)).found).toHaveLength(1);
  });
});
