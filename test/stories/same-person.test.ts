import { expect, it, vi } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import { kubectlWith } from "../demo/kubectl.ts";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";

const patience = { timeout: 60_000, interval: 100 };

/** Whatever destroys takes two who approve, beside whoever asks; Boris and Chen are such. */
function twoApprovers(config: Config): Config {
  const { policy } = config;
  return {
    ...config,
    policy: {
      ...policy,
      people: policy.people.map((person) =>
        person.id === "chen"
          ? { ...person, grants: [...person.grants, { role: "approver", systems: ["prsm"] }] }
          : person,
      ),
      tiers: policy.tiers.map((tier) =>
        tier.id === "critical" ? { ...tier, alternatives: [[{ role: "approver", count: 2 }]] } : tier,
      ),
    },
  };
}

/** What both are to be, as anybody may read it. */
async function state(house: House): Promise<string> {
  const kubectl = kubectlWith(house.demo.env["PRSM_KUBECONFIG"] ?? "");
  const columns = "custom-columns=N:.metadata.name,G:.metadata.generation,R:.spec.replicas";
  return kubectl("get", "deployments", "-n", "prsm-production", "-o", columns);
}

/** Waits until the card of a request stands in the channel of both platforms. */
async function shown(talks: readonly Talk[], code: string): Promise<void> {
  for (const talk of talks)
    await vi.waitFor(() => expect(talk.channel().some(({ text }) => text.includes(code))).toBe(true), patience);
}

it("whoever asks for a rollback or a scale to none agrees to it from no account, and one approver's two accounts are one yes", async () => {
  const house = await openHouse({ change: twoApprovers });
  const [slack, discord] = [slackTalk(house), discordTalk(house)];
  const before = await state(house);
  expect(before).toMatch(/prsm-api +\d+ +3/);
  for (const [asking, name] of [
    ["rollback prsm api,worker", ""],
    ["scale prsm api 0", " name:prsm-api"],
  ]) {
    const asked = await slack.asks("ana", `${asking} reason:"the new release is slow"`);
    const code = /Request ([0-9A-F]{6})/.exec(asked.text)?.[1] ?? "";
    await shown([slack, discord], code);
    const yes = `confirm approve ${code}${name}`;
    for (const talk of [slack, discord]) {
      const refused = await talk.asks("ana", yes);
      expect(refused).toMatchObject({ private: true, text: expect.stringContaining("it takes somebody else") });
    }
    expect((await slack.asks("boris", yes)).text).toContain("It takes another yes");
    const again = await discord.asks("boris", yes);
    expect(again.text).toContain("You have approved this already");
    expect(await state(house)).toBe(before);
    await slack.asks("boris", `confirm deny ${code} reason:"it was only tried"`);
  }
});
