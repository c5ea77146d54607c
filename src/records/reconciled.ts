import { z } from "zod";
import type { AlertPeer, Reconciled } from "../domain/alerts/reconcile.ts";
import { backendFaults } from "../domain/failure.ts";
import { type Document, type Put, rangeBelow, type Store } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { sha256 } from "./ids.ts";
import { eachLegible, legible } from "./legible.ts";

const kind = "alert-reconciled";
const StoredReconciled = z.object({
  format: z.literal(1),
  sender: z.string(),
  system: z.string(),
  peers: z.array(z.object({ startedAt: z.string(), since: z.number() }).nullable()),
  missing: z.record(z.string(), z.object({ looks: z.number(), since: z.number() })),
  // What was known before addresses were told apart is of none.
  addresses: z.string().default(""),
  proven: z.literal(true).exactOptional(),
  foreign: z.object({ since: z.number() }).exactOptional(),
  unread: z.object({ since: z.number(), fault: z.enum(backendFaults), detail: z.string() }).exactOptional(),
});

export function reconciledKey(sender: string): string {
  return `${kind}/${sender}`;
}

export function parseReconciled(document: Document): Reconciled {
  const { format: _, ...reconciled } = legible(document, (value) => StoredReconciled.parse(value));
  return reconciled;
}

/** Found by the system whose alerts its sender posts. */
export function putReconciled(reconciled: Reconciled): Put {
  const { sender, system } = reconciled;
  return {
    key: reconciledKey(sender),
    value: {
      format: 1,
      ...reconciled,
      peers: reconciled.peers.map((peer) => peer && { ...peer }),
      missing: { ...reconciled.missing },
    },
    index: { system: `${system}/${sender}` },
  };
}

/** What looks at the senders of a system came to, or at all senders. */
export async function reconciledOf(store: Pick<Store, "list">, system?: string): Promise<Listed<Reconciled>> {
  const range = system === undefined ? {} : rangeBelow(system);
  return eachLegible(await store.list(kind, "system", range), parseReconciled);
}

/** Whose credential it is asked with makes an address no other. */
export function addressesOf(peers: readonly AlertPeer[]): string {
  return sha256(JSON.stringify(peers.map((peer) => (typeof peer === "string" ? peer : peer.base))));
}
