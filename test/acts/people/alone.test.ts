import { expect, it } from "vitest";
import { governPolicy } from "../../../src/acts/people/govern-policy.ts";
import { removeLink } from "../../../src/acts/people/remove-link.ts";
import { changesFile } from "../../../src/cards/change-lines.ts";
import { policyChanges } from "../../../src/domain/people/policy-changes.ts";
import { policyReader } from "../../../src/reads/policy-in-force.ts";
import { policyKey, putPolicy } from "../../../src/records/policy.ts";
import { people, person, policy } from "../../domain/approvals/request-fixtures.ts";
import { createBench } from "../approvals/request-bench.ts";
import { ownSystems as systems } from "./own-systems.ts";

it("whoever removes the link by which the second approver is known puts no file in force alone", async () => {
  const bench = await createBench();
  const linkedOnly = policy({ people: people.map((each) => (each.id === "chen" ? { ...each, accounts: {} } : each)) });
  const [document] = await bench.store.read([policyKey]);
  const link = { surface: "console", id: "chen", person: "chen", confirmedBy: "boris", at: 0 };
  await bench.store.commit({
    id: "linked",
    expect: { [policyKey]: document?.revision ?? null },
    put: [putPolicy(linkedOnly, [link])],
  });
  const next = policy({ revision: "r2", people: [...linkedOnly.people, person("eve", "lead")] });
  const govern = () => governPolicy({ store: bench.store, systems, again: false, supersedes: "any" }, next);
  expect((await govern()).now).toBe("waits");
  const remover = { invocation: "x", person: "boris", name: "boris", account: "console:boris" };
  expect(await removeLink(bench.store, { surface: "console", id: "chen" }, remover)).toBe(true);
  expect((await govern()).now).toBe("waits");
  expect((await policyReader(bench.store)()).revision).toBe("r1");
});

it("a line that a name forges is none in the file of changes", () => {
  const zed = { ...person("zed", "viewer"), name: "Zed\npeople: dana: timezone: was not said, is UTC" };
  const changes = policyChanges(policy(), policy({ people: [...people, zed] }));
  const text = new TextDecoder().decode(changesFile("x", changes).bytes);
  expect(text.trim().split("\n")).toHaveLength(changes.length);
});
