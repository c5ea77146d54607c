import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod";
import { addNote } from "../../src/acts/incidents/respond.ts";
import type { Store } from "../../src/domain/store.ts";
import { timelineEnd } from "../../src/reads/incidents.ts";
import { linkedAccounts } from "../../src/reads/linked-accounts.ts";
import { metricHistory } from "../../src/reads/metric-history.ts";
import { policyReader } from "../../src/reads/policy-in-force.ts";
import { terminalAccountOf } from "../../src/reads/terminal-account.ts";
import { readAcks } from "../../src/records/ack.ts";
import { readCounter } from "../../src/records/counter.ts";
import { openIncidents, readIncident } from "../../src/records/incident.ts";
import { readEntry } from "../../src/records/journal.ts";
import { readLeases } from "../../src/records/lease.ts";
import { claimKey, codeKey, parseClaim, parseOffer, readOffer } from "../../src/records/link.ts";
import { scratchStore } from "../fakes/scratch-store.ts";

// Documents and entries of the journal as the release before wrote them. They are kept as they are.

const Kept = z.object({
  token: z.string(),
  documents: z.array(
    z.object({ key: z.string(), value: z.json(), index: z.record(z.string(), z.string()).exactOptional() }),
  ),
  journal: z.array(z.object({ kind: z.string() }).catchall(z.json())),
});

const kept = Kept.parse(JSON.parse(readFileSync(new URL("release-before.json", import.meta.url), "utf8")));
const wrote = 1_795_262_400_000;

/** The id in the key of the only document of a kind. */
function idOf(kind: string): string {
  const found = kept.documents.filter(({ key }) => key.startsWith(`${kind}/`));
  expect(found).toHaveLength(1);
  return found[0]?.key.slice(kind.length + 1) ?? "";
}

async function openKept(): Promise<Store> {
  const store = scratchStore({ now: wrote + 60_000 });
  await store.commit({ id: "kept", put: kept.documents });
  return store;
}

it("the policy in force is read with the accounts that were linked", async () => {
  const store = await openKept();
  const policy = await policyReader(store)();
  expect(policy).toMatchObject({ revision: "r1", roles: expect.arrayContaining([{ id: "viewer", may: ["read"] }]) });
  expect(policy.people.find(({ id }) => id === "ana")?.accounts["slack"]).toEqual(["U-ana", "U8"]);
  expect(await linkedAccounts(store)).toEqual([
    { surface: "slack", id: "U8", person: "ana", confirmedBy: "chen", at: wrote },
  ]);
});

it("a code is found by its account and as it is typed, and a claim by its id", async () => {
  const store = await openKept();
  const account = { surface: "slack", id: "U7" };
  const read = await readOffer(store, account);
  const [document] = await store.read([codeKey(read?.offer.code ?? "")]);
  expect(read?.offer).toEqual({ account, code: idOf("link-code"), until: wrote + 600_000 });
  expect(document && parseOffer(document)).toEqual(read?.offer);
  const [claim] = await store.read([claimKey(idOf("link-claim"))]);
  expect(parseClaim(claim?.value)).toMatchObject({ person: "ana", claimedFrom: "slack:U-ana", account: { id: "U6" } });
});

it("a terminal's token, a lease and a counter are known", async () => {
  const store = await openKept();
  expect(await terminalAccountOf(store, kept.token, "terminal")).toBe("ana");
  expect(await terminalAccountOf(store, "wrt_another", "terminal")).toBeUndefined();
  expect(await readLeases(store, ["socket/1", "socket/2"])).toMatchObject([{ until: wrote + 10_000 }, undefined]);
  expect(await readCounter(store, "incident")).toMatchObject({ last: 2 });
});

it("acknowledgements and incidents are read", async () => {
  const store = await openKept();
  const code = idOf("ack");
  expect([...(await readAcks(store, [code])).values()]).toEqual([
    {
      code,
      system: "trader",
      summary: "Stopped",
      by: { person: "boris", name: "Boris", account: "slack:U-boris" },
      at: wrote,
    },
  ]);
  expect((await openIncidents(store)).found).toMatchObject([
    { number: 1, title: "It hangs", severity: "P1", state: "open" },
  ]);
  const texts = async () => (await timelineEnd(store, 1, 9)).entries.map(({ text }) => text);
  expect(await texts()).toEqual(["Opened as P1", "Seen"]);
  await addNote(store, 1, "Seen again", { person: "boris", name: "Boris", account: "slack:U-boris", invocation: "1" });
  expect(await texts()).toEqual(["Opened as P1", "Seen", "Seen again"]);
  expect((await readIncident(store, 2))?.incident).toMatchObject({ state: "closed", closedAt: wrote });
});

it("samples are read", async () => {
  expect(await metricHistory(await openKept(), "trader", "lag", wrote)).toEqual([
    { at: wrote, value: 7 },
    { at: wrote + 15_000, value: 8.5 },
  ]);
});

it("an entry of the journal says who did it, whatever its kind called them", () => {
  const ana = { person: "ana", account: "slack:U-ana" };
  const chen = { person: "chen", account: "slack:U-chen" };
  const byKind = Object.fromEntries(
    kept.journal.map((stored) => {
      const { kind, who, person, account } = readEntry(stored);
      return [kind, { who, ...(person !== undefined && { person }), ...(account !== undefined && { account }) }];
    }),
  );
  const nobody = { who: { person: null, account: null } };
  expect(byKind).toEqual({
    "policy.adopted": nobody,
    "trouble.raised": nobody,
    "trouble.over": nobody,
    "notice.undeliverable": nobody,
    "terminal.enrolled": { ...nobody, account: "terminal:ana" },
    "link.claimed": { who: ana, person: "ana", account: "slack:U9" },
    "link.confirmed": { who: chen, person: "ana", account: "slack:U9" },
    "link.removed": { who: chen, account: "slack:U9" },
    "alert.acknowledged": { who: { ...ana, name: "Ana" } },
    "alert.unacknowledged": { who: { person: "boris", name: "Boris", account: "slack:U-boris" } },
    "incident.opened": { who: ana },
    "incident.noted": { who: ana },
    "incident.closed": { who: { person: "boris", account: "slack:U-boris" } },
    invocation: { who: ana },
    "request.opened": { who: { person: "ana", account: "console:ana" } },
    "request.refused": { who: { person: "ana", account: "console:ana" } },
    "request.approved": { who: { person: "boris", account: "console:boris" } },
    "request.withdrawn": { who: { person: "boris", account: "console:boris" } },
  });
});
