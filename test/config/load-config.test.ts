import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { revisionOf } from "../../src/config/revision.ts";
import { backends } from "../fakes/backends.ts";
import { edited, goodConfig, inFolder, load, people, system, variables, wardroom } from "./config-folder.ts";

describe("loadConfig", () => {
  it("gives the domain's types, durations in ms and defaults filled in", async () => {
    const config = await goodConfig();
    expect(config.history).toEqual({ everyMs: 15_000, keepMs: 86_400_000 });
    expect(config.policy.direct).toEqual({ allow: [] });
    expect(config.policy.channels).toEqual([
      {
        id: "ops",
        surface: "console",
        channel: "ops",
        systems: "*",
        allow: ["read", "ask", "approve", "stop"],
        requests: false,
        operator: false,
      },
    ]);
    expect(config.policy.tiers[1]).toEqual({
      id: "critical",
      alternatives: [[{ role: "approver", count: 1 }], [{ role: "lead", count: 1 }]],
      decideBy: 900_000,
      window: 300_000,
    });
    expect(
      config.systems.map(({ id, health }) => ({ id, http: health[0]?.source.spec, timeout: health[0]?.timeout })),
    ).toEqual([{ id: "radar", http: { http: "http://127.0.0.1:9000/health" }, timeout: 2_000 }]);
  });

  it("takes history and direct messages from the file", async () => {
    const text = `${wardroom}history: { every: 5s, keep: 2h }\ndirect: { allow: [read] }\n`;
    const config = await goodConfig({ "wardroom.yaml": text });
    expect(config.history).toEqual({ everyMs: 5_000, keepMs: 7_200_000 });
    expect(config.policy.direct.allow).toEqual(["read"]);
  });

  it("shows requests only where a message stays", async () => {
    const channel = (id: string, surface: string): string =>
      `  - { id: ${id}, surface: ${surface}, channel: "${id}", systems: "*", allow: [read], requests: true }\n`;
    const text = edited(wardroom, "policy:\n", `${channel("chat", "slack")}${channel("shell", "terminal")}policy:\n`);
    const { channels } = (await goodConfig({ "wardroom.yaml": text })).policy;
    expect(channels.filter(({ requests }) => requests).map(({ id }) => id)).toEqual(["chat"]);
  });

  it("reads systems from every folder it is given instead of its own", async () => {
    await inFolder({ "more/sonar.yml": edited(system, "id: radar", "id: sonar") }, async (folder) => {
      const systemFolders = [`${folder}/systems`, `${folder}/more`];
      const result = await loadConfig(
        { folder, systemFolders, backends, surfaces: knownSurfaces },
        { variables, unset: "refuse" },
      );
      expect("config" in result ? result.config.systems.map((each) => each.id) : result.problems).toEqual([
        "radar",
        "sonar",
      ]);
    });
  });

  it("refuses two files that claim one system", async () => {
    const result = await load({ "systems/second.yaml": system });
    expect(
      "problems" in result ? result.problems.map(({ file, line, message }) => ({ file, line, message })) : [],
    ).toEqual([
      {
        file: "systems/second.yaml",
        line: 1,
        message: "a system called `radar` already stands at systems/radar.yaml:1",
      },
    ]);
  });
});

describe("the policy's revision", () => {
  it("is SHA-256 in hex and the same whatever the layout of the files", async () => {
    const { policy } = await goodConfig();
    const flow = edited(
      people,
      "    name: Ana\n    accounts: { console: [ana, ana-phone] }\n",
      "    accounts:\n      console: [ana, 'ana-phone'] # two\n    name: Ana\n",
    );
    const again = await goodConfig({ "people.yaml": flow });
    expect(policy.revision).toMatch(/^[0-9a-f]{64}$/);
    expect(again.policy.revision).toBe(policy.revision);
  });

  it.each([
    { what: "a person's name", file: "people.yaml", text: edited(people, "name: Ana", "name: Anna") },
    { what: "an account", file: "people.yaml", text: edited(people, ", ana-phone", "") },
    { what: "a grant", file: "people.yaml", text: edited(people, "role: operator", "role: lead") },
    {
      what: "a role",
      file: "wardroom.yaml",
      text: edited(wardroom, "id: viewer, may: [read]", "id: viewer, may: [read, query]"),
    },
    {
      what: "a channel",
      file: "wardroom.yaml",
      text: edited(wardroom, "[read, ask, approve, stop]\npolicy", "[read, ask, approve]\npolicy"),
    },
    {
      what: "a tier",
      file: "wardroom.yaml",
      text: edited(wardroom, "[{ role: lead }]] }", "[{ role: lead }]], window: 6m }"),
    },
    {
      what: "a rule",
      file: "wardroom.yaml",
      text: edited(wardroom, "risk: change, tier: notice", "risk: change, tier: critical"),
    },
    {
      what: "a role that a platform's group gives",
      file: "wardroom.yaml",
      text: edited(
        wardroom,
        "policy:\n",
        'groups:\n  - { surface: slack, group: S0APPROVERS, role: approver, systems: "*" }\npolicy:\n',
      ),
    },
    { what: "direct messages", file: "wardroom.yaml", text: `${wardroom}direct: { allow: [read] }\n` },
  ])("changes with $what", async ({ file, text }) => {
    const { policy } = await goodConfig();
    const changed = await goodConfig({ [file]: text });
    expect(changed.policy.revision).not.toBe(policy.revision);
  });

  it("covers whatever a policy holds, also what it has yet to hold", async () => {
    const { revision, ...policy } = (await goodConfig()).policy;
    expect(revisionOf(policy)).toBe(revision);
    const parts = Object.keys(policy);
    expect(parts).toContain("groups");
    for (const part of parts)
      expect.soft(revisionOf({ ...policy, [part]: [{ id: "planted" }] }), part).not.toBe(revision);
    expect(revisionOf(Object.assign({ ...policy }, { planted: true }))).not.toBe(revision);
  });

  it("does not change with systems or history", async () => {
    const { policy } = await goodConfig();
    const changed = await goodConfig({
      "systems/radar.yaml": edited(system, "title: Radar", "title: Sonar"),
      "wardroom.yaml": `${wardroom}history: { every: 5s }\n`,
    });
    expect(changed.policy.revision).toBe(policy.revision);
  });

  it("differs for any two names", async () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z ]{0,20}[a-z]$/);
    await fc.assert(
      fc.asyncProperty(name, name, async (one, two) => {
        const revision = async (text: string): Promise<string> =>
          (await goodConfig({ "people.yaml": edited(people, "name: Ana", `name: "${text}"`) })).policy.revision;
        expect((await revision(one)) === (await revision(two))).toBe(one === two);
      }),
      { numRuns: 20 },
    );
  });
});
