import { expect, it } from "vitest";
import { digestCard } from "../../src/cards/digest.ts";
import { AlertsInFile, routingOf } from "../../src/domain/alerts/routing.ts";
import { type Digest, DigestsInFile, digestsOf } from "../../src/domain/digests/digest.ts";
import type { Store } from "../../src/domain/store.ts";
import { makeDigest } from "../../src/reads/digests/make-digest.ts";
import { type DigestRecord, putDigest } from "../../src/records/digest.ts";
import { fakeSystemPorts, policy } from "../commands/fixtures.ts";
import { scratchStore } from "../fakes/scratch-store.ts";
import { systemWith } from "../integrations/systems.ts";

const day = 86_400_000;
const to = Date.parse("2026-11-30T07:00:00Z");
const system = systemWith({});

function digestWith(...sections: readonly object[]): Digest {
  const own = [{ id: "morning", at: "07:00", channels: ["ops"], sections }];
  const [digest] = digestsOf(DigestsInFile.parse({ own }), [system]);
  if (!digest) throw new Error("there is no digest");
  return digest;
}

function recordAt(at: number): DigestRecord {
  const parts = { title: "Morning", zone: "UTC", state: "due" as const, sections: [], comparedWith: [] };
  return { name: "morning", slot: `${at}`, dueAt: at, from: at - day, to: at, ...parts };
}

async function made(store: Store, digest: Digest, record: DigestRecord, mode: string): Promise<DigestRecord> {
  const fakes = fakeSystemPorts();
  const health = {
    ...fakes.health,
    check: async () => ({
      components: [],
      facts: [
        { id: "mode", title: "Trading mode", reading: { ok: true as const, value: mode, at: record.to, latencyMs: 1 } },
      ],
    }),
  };
  const alerts = { listed: async () => [], judged: async () => [] };
  const routing = routingOf(AlertsInFile.parse({}), []);
  const ports = { store, policy, routing, alerts, systems: { ...fakes, health } };
  const { picture: _, ...found } = await makeDigest(ports, { digest, record, systems: [system] });
  return { ...record, ...found, state: "made", madeAt: record.to };
}

it("a system that says another thing of itself than at the digest before is news, whatever is expected of it", async () => {
  const store = scratchStore({ now: to });
  const digest = digestWith({ section: "facts", title: "Trader", system: "trader", facts: ["mode"] });
  const before = await made(store, digest, recordAt(to - day), "paper");
  await store.commit({ id: "before", put: [putDigest(before)] });
  const same = digestCard(await made(store, digest, recordAt(to), "paper"));
  expect(JSON.stringify(same)).toContain("Trader: Trading mode: paper");
  expect(JSON.stringify(same)).not.toContain("was");
  const changed = digestCard(await made(store, digest, recordAt(to), "live"));
  expect(changed.summary).toBe("1 thing needs somebody.");
  expect(JSON.stringify(changed.blocks[0])).toContain("Trader: Trading mode: live (was paper)");
});

it("of the time before Wardroom's own record begins nothing is told as none", async () => {
  const store = scratchStore({ now: to });
  await store.commit({
    id: "first",
    journal: [{ kind: "digest.asked", at: to, who: { person: null, account: null }, digest: "x", slot: "y" }],
  });
  const card = digestCard(await made(store, digestWith({ section: "changes" }), recordAt(to), "live"));
  expect(JSON.stringify(card.blocks)).toContain("Changes and requests since 07:00: none");
  expect(card.footer).toContain("what was before is not known");
});
